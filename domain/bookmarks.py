"""Lists under a name, each user's own."""

from __future__ import annotations

from dataclasses import dataclass

MAX_NAME = 60
MAX_SEARCH = 2_000
MOST = 100
"""Of one user in one project."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """`search` is the query of the dashboard's address: filters and columns. The brain keeps it as
    it is."""

    name: str
    search: str
