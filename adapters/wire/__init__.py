"""JSON on the wire: orjson, with the standard library where orjson is not exact (vectors.md)."""

from __future__ import annotations

from .journal_data import journal_data
from .orjson_codec import OrjsonCodec

__all__ = ["OrjsonCodec", "journal_data"]
