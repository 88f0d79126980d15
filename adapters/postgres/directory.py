"""Accounts in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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
from .database import PostgresDatabase
from .statements import statements
from .texts import to_column

_SQL = statements("journal")
_CODEC = OrjsonCodec()


class PostgresDirectory:
    """Satisfies `Directory`. Reads where decisions are written, so that what is revoked is at once."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._connections = database.decisions

    async def project(self, slug: str) -> Project | None:
        record = await self._first("account_by_lookup", kind="project", lookup=to_column(slug))
        return record if isinstance(record, Project) else None

    async def projects(self) -> Sequence[Project]:
        return [each for each in await self._all("project") if isinstance(each, Project)]

    async def agent_by_token(self, token_hash: bytes) -> AgentRecord | None:
        record = await self._first("account_by_lookup", kind="agent", lookup=token_hash.hex())
        return record if isinstance(record, AgentRecord) else None

    async def agent(self, agent_id: AgentId) -> AgentRecord | None:
        record = await self._first("account_by_stream", stream=to_column(f"agent:{agent_id}"))
        return record if isinstance(record, AgentRecord) else None

    async def agents(self, project_id: ProjectId) -> Sequence[AgentRecord]:
        return [
            each
            for each in await self._all("agent")
            if isinstance(each, AgentRecord) and each.project_id == project_id
        ]

    async def key_by_hash(self, key_hash: bytes) -> KeyRecord | None:
        record = await self._first("account_by_lookup", kind="key", lookup=key_hash.hex())
        return record if isinstance(record, KeyRecord) else None

    async def key(self, key_id: KeyId) -> KeyRecord | None:
        record = await self._first("account_by_stream", stream=to_column(f"key:{key_id}"))
        return record if isinstance(record, KeyRecord) else None

    async def keys(self) -> Sequence[KeyRecord]:
        return [each for each in await self._all("key") if isinstance(each, KeyRecord)]

    async def user(self, user_id: UserId) -> User | None:
        record = await self._first("account_by_stream", stream=to_column(f"user:{user_id}"))
        return record if isinstance(record, User) else None

    async def user_by_name(self, username: str) -> User | None:
        record = await self._first("account_by_lookup", kind="user", lookup=to_column(username))
        return record if isinstance(record, User) else None

    async def users(self) -> Sequence[User]:
        return [each for each in await self._all("user") if isinstance(each, User)]

    async def accounts(self, streams: Collection[str]) -> Sequence[AccountRecord]:
        if not streams:
            return ()
        wanted = {"streams": [to_column(stream) for stream in streams]}
        rows = await self._connections.fetch(_SQL["accounts_by_stream"], wanted)
        return [account_from_data(_CODEC.loads(row[0])) for row in rows]

    async def _first(self, statement: str, **wanted: str) -> AccountRecord | None:
        rows = await self._connections.fetch(_SQL[statement], wanted)
        return account_from_data(_CODEC.loads(rows[0][0])) if rows else None

    async def _all(self, kind: str) -> list[AccountRecord]:
        rows = await self._connections.fetch(_SQL["accounts_of_kind"], {"kind": kind})
        return [account_from_data(_CODEC.loads(row[0])) for row in rows]
