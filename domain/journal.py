"""The journal: what the brain and its operators decide, in streams with versions, chained by hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .ids import ProjectId
from .instants import Instant

GENESIS = b"\0" * 32
"""The hash before the first row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One decision. `data` holds JSON values only; it never holds a secret."""

    kind: str
    """Dotted, past tense: `command.issued`, `agent.minted`."""
    at: Instant
    actor: str
    """Who decided: `user:<id>`, `key:<id>`, `cli`, `brain`, `agent:<id>`; `…@<address>` says from
    where, as the brain or a trusted proxy saw it."""
    project_id: ProjectId
    data: Mapping[str, Any]

    @property
    def who(self) -> str:
        """The actor without the address."""
        return self.actor.partition("@")[0]

    @property
    def address(self) -> str | None:
        """From where the actor called; None for what nobody called for."""
        return self.actor.partition("@")[2] or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Entries for one stream. `expected_version` is the number of entries the writer has seen."""

    stream: str
    expected_version: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An entry at its place. `version` counts from 1 within the stream; `cursor` is opaque."""

    cursor: str
    stream: str
    version: int
    entry: Entry
    hash: bytes


def chain(previous: bytes, stream: str, version: int, entry: Entry) -> bytes:
    """The hash of a row: SHA-256 over the hash before it and everything it says."""
    body = json.dumps(
        [stream, version, entry.kind, entry.at, entry.actor, entry.project_id, entry.data],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return hashlib.sha256(previous + body.encode()).digest()
