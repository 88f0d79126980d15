"""The bundle as it lies on the disk, read into memory once and again when it was built anew."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"
STAMP = "bundle.json"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
"""Best first: what a browser may accept, and how the packed file ends."""
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its plain body, and packed bodies by content encoding."""

    content_type: str
    body: bytes
    packed: Mapping[str, bytes]

    def for_browser(self, accepted: str) -> tuple[bytes, str | None]:
        """The smallest body that the Accept-Encoding header allows, and its encoding."""
        known = {word.partition(";")[0].strip() for word in accepted.split(",")}
        for encoding, _ in ENCODINGS:
            if encoding in known and encoding in self.packed:
                return self.packed[encoding], encoding
        return self.body, None


class Assets:
    """Files of the bundle by name. Only names that were there can be asked for."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._folder = folder
        self._built_at: int | None = None
        self._files: dict[str, Asset] = {}

    def find(self, name: str) -> Asset | None:
        self._refresh()
        return self._files.get(name)

    def _refresh(self) -> None:
        """An install in place shows a new build without a restart."""
        try:
            built_at = (self._folder / STAMP).stat().st_mtime_ns
        except FileNotFoundError:
            self._built_at, self._files = None, {}
            return
        if built_at != self._built_at:
            self._files = dict(_read(self._folder))
            self._built_at = built_at


def _read(folder: Path) -> Mapping[str, Asset]:
    endings = tuple(ending for _, ending in ENCODINGS)
    plain = [file for file in folder.iterdir() if file.is_file() and file.suffix not in endings]
    return {file.name: _asset(file) for file in plain}


def _asset(file: Path) -> Asset:
    packed = {
        encoding: file.with_name(file.name + ending).read_bytes()
        for encoding, ending in ENCODINGS
        if file.with_name(file.name + ending).exists()
    }
    guessed = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    return Asset(guessed or "application/octet-stream", file.read_bytes(), packed)
