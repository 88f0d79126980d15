"""What one may do in a project."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Each role includes the ones before it."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    def allows(self, needed: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(needed)
