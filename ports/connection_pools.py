"""How busy the connections to the database are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ..domain.vital_signs import PoolLoad


class ConnectionPools(Protocol):
    def loads(self) -> Mapping[str, PoolLoad]:
        """By purpose; nothing where connections are not pooled. Asks the database nothing."""
        ...
