"""Canonical JSON (agent-protocol.md §3.3) and the fast codec that mostly agrees with it.

`canonical_json` and `parse_exact` are the rule. A fast codec may differ for small floats and large
integers (vectors.md), so its output proves a signature but never disproves one.
"""

from __future__ import annotations

import json
from typing import Any, Protocol


class FastCodec(Protocol):
    """Quick JSON that agrees with the canonical form for almost all values.

    `loads` raises ValueError for what it cannot read. `dumps_sorted` raises TypeError for what it
    cannot write. `dumps` writes any JSON value, in any key order, falling back where it must.
    """

    def loads(self, wire: bytes) -> Any: ...

    def dumps_sorted(self, value: Any) -> bytes: ...

    def dumps(self, value: Any) -> bytes: ...


def canonical_json(value: Any) -> bytes:
    """The bytes that are signed. Raises ValueError for NaN, infinities and lone surrogates."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def parse_exact(wire: bytes) -> Any:
    """Parse without loss: integers of any size, floats apart from integers.

    Raises ValueError for anything that is not strict UTF-8 JSON, RecursionError for deep nesting.
    """
    return json.loads(wire.decode("utf-8"))
