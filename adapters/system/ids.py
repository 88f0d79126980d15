"""Names and secrets from the operating system's randomness."""

from __future__ import annotations

import secrets
import uuid


class SystemIds:
    """Satisfies `IdSource`."""

    def uuid(self) -> str:
        return str(uuid.uuid4())

    def secret(self) -> str:
        return secrets.token_urlsafe(32)
