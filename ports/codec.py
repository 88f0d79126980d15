"""Quick JSON. The domain knows its shape, because sessions verify signatures with it."""

from __future__ import annotations

from ..domain.canonical import FastCodec as Codec

__all__ = ["Codec"]
