"""Accounts in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from ...domain.access import AccountRecord, AgentRecord, KeyRecord, Project, User, lookups_of
from ...domain.ids import AgentId, KeyId, ProjectId, UserId
from .state import MemoryState

RecordT = TypeVar("RecordT", bound=AccountRecord)


class MemoryDirectory:
    """Satisfies `Directory`."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def project(self, slug: str) -> Project | None:
        return self._found_by(slug, Project)

    async def projects(self) -> Sequence[Project]:
        return self._all(Project)

    async def agent_by_token(self, token_hash: bytes) -> AgentRecord | None:
        return self._found_by(token_hash.hex(), AgentRecord)

    async def agent(self, agent_id: AgentId) -> AgentRecord | None:
        return _first(each for each in self._all(AgentRecord) if each.id == agent_id)

    async def agents(self, project_id: ProjectId) -> Sequence[AgentRecord]:
        return [each for each in self._all(AgentRecord) if each.project_id == project_id]

    async def key_by_hash(self, key_hash: bytes) -> KeyRecord | None:
        return self._found_by(key_hash.hex(), KeyRecord)

    async def key(self, key_id: KeyId) -> KeyRecord | None:
        return _first(each for each in self._all(KeyRecord) if each.id == key_id)

    async def keys(self) -> Sequence[KeyRecord]:
        return self._all(KeyRecord)

    async def user(self, user_id: UserId) -> User | None:
        return _first(each for each in self._all(User) if each.id == user_id)

    async def user_by_name(self, username: str) -> User | None:
        return self._found_by(username, User)

    async def users(self) -> Sequence[User]:
        return self._all(User)

    async def accounts(self, streams: Collection[str]) -> Sequence[AccountRecord]:
        accounts = self._state.views.accounts
        return [accounts[stream] for stream in set(streams) if stream in accounts]

    def _found_by(self, lookup: str, kind: type[RecordT]) -> RecordT | None:
        return _first(each for each in self._all(kind) if lookup in lookups_of(each))

    def _all(self, kind: type[RecordT]) -> list[RecordT]:
        return [each for each in self._state.views.accounts.values() if isinstance(each, kind)]


def _first(records: Iterable[RecordT]) -> RecordT | None:
    return next(iter(records), None)
