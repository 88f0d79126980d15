"""The fast codec, made of orjson."""

from __future__ import annotations

import re
from typing import Any

import orjson

from ...domain.canonical import canonical_json, parse_exact

_LONG_NUMBER = re.compile(rb"[0-9]{19}")


class OrjsonCodec:
    """Satisfies `FastCodec`. Integers beyond 64 bits are read as floats: parse those exactly."""

    loads = staticmethod(orjson.loads)

    @staticmethod
    def dumps_sorted(value: Any) -> bytes:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)

    @staticmethod
    def dumps(value: Any) -> bytes:
        try:
            return orjson.dumps(value)
        except TypeError:
            # Integers beyond 64 bits, or nesting beyond orjson's limit.
            return canonical_json(value)

    @staticmethod
    def loads_exact(text: str | bytes) -> Any:
        """Parse what `dumps` wrote: quick, and exact for integers beyond 64 bits too."""
        raw = text.encode() if isinstance(text, str) else text
        return parse_exact(raw) if _LONG_NUMBER.search(raw) else orjson.loads(raw)
