"""Named SQL statements out of the .sql files beside the adapter."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import LiteralString


@cache
def statements(file: str) -> Mapping[str, LiteralString]:
    """Name -> SQL of `sql/<file>.sql`; a statement begins with `-- name: …`."""
    text = (resources.files(__name__.rpartition(".")[0]) / "sql" / f"{file}.sql").read_text()
    found: dict[str, LiteralString] = {}
    for part in text.split("-- name: ")[1:]:
        name, _, body = part.partition("\n")
        found[name.strip()] = body.strip()
    return found
