"""Accounts in SQLite."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ...domain.access import (
    AccountRecord,
    AgentRecord,
    KeyRecord,
    Project,
    User,
    account_from_data,
)
from ...domain.ids import AgentId, KeyId, ProjectId, UserId
from ..wire import OrjsonCodec
from .database import SqliteDatabase
from .statements import statements

_SQL = statements("journal")
_CODEC = OrjsonCodec()


class SqliteDirectory:
    """Satisfies `Directory`."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def project(self, slug: str) -> Project | None:
        record = await self._first("account_by_lookup", "project", slug)
        return record if isinstance(record, Project) else None

    async def projects(self) -> Sequence[Project]:
        return [each for each in await self._all("project") if isinstance(each, Project)]

    async def agent_by_token(self, token_hash: bytes) -> AgentRecord | None:
        record = await self._first("account_by_lookup", "agent", token_hash.hex())
        return record if isinstance(record, AgentRecord) else None

    async def agent(self, agent_id: AgentId) -> AgentRecord | None:
        record = await self._first("account_by_stream", f"agent:{agent_id}")
        return record if isinstance(record, AgentRecord) else None

    async def agents(self, project_id: ProjectId) -> Sequence[AgentRecord]:
        return [
            each
            for each in await self._all("agent")
            if isinstance(each, AgentRecord) and each.project_id == project_id
        ]

    async def key_by_hash(self, key_hash: bytes) -> KeyRecord | None:
        record = await self._first("account_by_lookup", "key", key_hash.hex())
        return record if isinstance(record, KeyRecord) else None

    async def key(self, key_id: KeyId) -> KeyRecord | None:
        record = await self._first("account_by_stream", f"key:{key_id}")
        return record if isinstance(record, KeyRecord) else None

    async def keys(self) -> Sequence[KeyRecord]:
        return [each for each in await self._all("key") if isinstance(each, KeyRecord)]

    async def user(self, user_id: UserId) -> User | None:
        record = await self._first("account_by_stream", f"user:{user_id}")
        return record if isinstance(record, User) else None

    async def user_by_name(self, username: str) -> User | None:
        record = await self._first("account_by_lookup", "user", username)
        return record if isinstance(record, User) else None

    async def users(self) -> Sequence[User]:
        return [each for each in await self._all("user") if isinstance(each, User)]

    async def accounts(self, streams: Collection[str]) -> Sequence[AccountRecord]:
        if not streams:
            return ()
        wanted = _CODEC.dumps(list(streams)).decode()
        ((text,),) = await self._database.fetch(_SQL["accounts_by_stream"], (wanted,))
        return [account_from_data(document) for document in _CODEC.loads(text)]

    async def _first(self, statement: str, *parameters: Any) -> AccountRecord | None:
        rows = await self._database.fetch(_SQL[statement], parameters)
        return account_from_data(_CODEC.loads(rows[0][0])) if rows else None

    async def _all(self, kind: str) -> list[AccountRecord]:
        rows = await self._database.fetch(_SQL["accounts_of_kind"], (kind,))
        return [account_from_data(_CODEC.loads(row[0])) for row in rows]
