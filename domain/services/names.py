"""Names for people beside the ids that the journal has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...ports.directory import Directory
from ..access import name_of


class Names:
    """The names of today: what was renamed since has one name everywhere."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def meant(self, actor: str) -> str:
        """The actor of `user:<username>`; anything else is what it is."""
        kind, _, name = actor.partition(":")
        user = await self._directory.user_by_name(name.lower()) if kind == "user" and name else None
        return actor if user is None else user.stream

    async def of(self, whos: Iterable[str]) -> Mapping[str, str]:
        """Of actors without their addresses, or streams; what is no account is its own name.

        One look for all of them.
        """
        wanted = set(whos)
        accounts = await self._directory.accounts({each for each in wanted if ":" in each})
        found = {record.stream: name_of(record) for record in accounts}
        return {who: found.get(who, who) for who in wanted}
