"""The document of a row of the journal, read from its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...domain.errors import StoreRejected
from .orjson_codec import OrjsonCodec


def journal_data(seq: int, text: str) -> Mapping[str, Any]:
    """Raises StoreRejected for what is no JSON object: somebody else wrote that row."""
    try:
        data = OrjsonCodec.loads_exact(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise StoreRejected(f"Row {seq} of the journal is not what was written: it is not JSON.")
    return data
