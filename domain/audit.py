"""What of the journal an auditor asks for."""

from __future__ import annotations

from dataclasses import dataclass

from .instants import Instant
from .journal import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """None asks for everything. Names are of a kind or of its whole family, up to a dot or colon."""

    actor: str | None = None
    """`user:<id>` from anywhere, or all of `user`."""
    kind: str | None = None
    """`command.issued`, or all of `command`."""
    since: Instant | None = None
    until: Instant | None = None
    """Exclusive."""

    def matches(self, entry: Entry) -> bool:
        return (
            (self.actor is None or _is_of(entry.actor, self.actor, ":@"))
            and (self.kind is None or _is_of(entry.kind, self.kind, "."))
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
        )


EVERYTHING = AuditFilter()


def _is_of(name: str, family: str, separators: str) -> bool:
    return name == family or (name.startswith(family) and name[len(family)] in separators)
