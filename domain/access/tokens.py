"""Random tokens, as they are stored."""

from __future__ import annotations

import hmac


def hash_token(secret: bytes, token: str) -> bytes:
    """The keyed hash under which a token is stored and found. The token itself is kept nowhere."""
    return hmac.digest(secret, b"taskdeck-token-v1:" + token.encode(), "sha256")
