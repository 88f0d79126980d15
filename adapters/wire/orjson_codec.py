"""The fast codec, made of orjson."""

from __future__ import annotations

from typing import Any

import orjson

from ...domain.canonical import canonical_json, parse_exact

_ZEROS = bytes(ord("0") if chr(byte) in "0123456789" else byte for byte in range(256))
_LONG_NUMBER = b"0" * 19
"""Looked for with all digits made zeros, which costs a fraction of the parsing. A regular expression
takes several times as long as the parsing: every time of ours, with 16 digits, nearly is one."""


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
        return parse_exact(raw) if _LONG_NUMBER in raw.translate(_ZEROS) else orjson.loads(raw)
