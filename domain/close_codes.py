"""WebSocket close codes of the agent protocol (agent-protocol.md §2.4)."""

from __future__ import annotations

NORMAL = 1000
GOING_AWAY = 1001
REPLACED = 4002
REVOKED = 4003
MALFORMED = 4400
UNKNOWN_TOKEN = 4401
BAD_SIGNATURE = 4403
IDLE = 4408
UNSUPPORTED_VERSION = 4426
TOO_MANY = 4429
