"""Accounts of every kind as one: folded from the journal, kept as JSON, found by what they show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

from ..journal import Recorded
from .agents import AgentRecord, agent_from_data, agent_to_data, fold_agent
from .keys import KeyRecord, fold_key, key_from_data, key_to_data
from .projects import Project, fold_project
from .users import User, fold_user, user_from_data, user_to_data

AccountRecord: TypeAlias = Project | AgentRecord | KeyRecord | User

ACCOUNT_KINDS = ("project", "agent", "key", "user")
"""The streams that are accounts, by what stands before the colon."""


def fold_account(record: AccountRecord | None, recorded: Recorded) -> AccountRecord:
    """The account after one more entry of its stream. Raises ValueError for a foreign entry."""
    kind = recorded.stream.partition(":")[0]
    after: AccountRecord | None = None
    if kind == "project" and (record is None or isinstance(record, Project)):
        after = fold_project(record, recorded)
    elif kind == "agent" and (record is None or isinstance(record, AgentRecord)):
        after = fold_agent(record, recorded)
    elif kind == "key" and (record is None or isinstance(record, KeyRecord)):
        after = fold_key(record, recorded)
    elif kind == "user" and (record is None or isinstance(record, User)):
        after = fold_user(record, recorded)
    if after is None:
        raise ValueError(f"{recorded.entry.kind} is not an entry of {recorded.stream}")
    return after


def account_to_data(record: AccountRecord) -> dict[str, Any]:
    """The record as a JSON object, which `account_from_data` reads."""
    match record:
        case Project():
            return {"record": "project", **asdict(record)}
        case AgentRecord():
            return {"record": "agent", **agent_to_data(record)}
        case KeyRecord():
            return {"record": "key", **key_to_data(record)}
        case User():
            return {"record": "user", **user_to_data(record)}


def account_from_data(data: Mapping[str, Any]) -> AccountRecord:
    values = {name: value for name, value in data.items() if name != "record"}
    match data["record"]:
        case "project":
            return Project(**values)
        case "agent":
            return agent_from_data(values)
        case "key":
            return key_from_data(values)
        case "user":
            return user_from_data(values)
        case other:
            raise ValueError(f"there is no account record {other!r}")


def name_of(record: AccountRecord) -> str:
    """For people. Of users and projects the one that nobody else can take."""
    match record:
        case Project():
            return record.slug
        case User():
            return record.username
        case AgentRecord() | KeyRecord():
            return record.name


def lookups_of(record: AccountRecord) -> tuple[str, ...]:
    """What the record is found by: a name, or hashes of tokens; nothing once revoked."""
    match record:
        case Project():
            return (record.slug,)
        case User():
            return (record.username,)
        case AgentRecord():
            return () if record.revoked_at else tuple(token.hash.hex() for token in record.tokens)
        case KeyRecord():
            return () if record.revoked_at else (record.key_hash.hex(),)
