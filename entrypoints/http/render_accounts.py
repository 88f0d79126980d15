"""Projects, users, agents, keys and the audit log as the API shows them: never a token or its hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...domain.access import AgentRecord, Caller, KeyRecord, Project, Role, User
from ...domain.ids import ProjectId
from ...domain.journal import Recorded
from ...domain.services.agents import MintedAgent
from .render import time

HIDDEN = frozenset({"token", "token_hash", "key_hash"})


def render_project(project: Project) -> dict[str, Any]:
    return {
        "id": project.id,
        "slug": project.slug,
        "name": project.name,
        "created_at": time(project.created_at),
    }


def render_membership(project: Project, caller: Caller) -> dict[str, Any]:
    """A project as one of the caller's."""
    return {"slug": project.slug, "name": project.name, "role": caller.role_in(project.id)}


def render_user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "instance_admin": user.instance_admin,
        "created_at": time(user.created_at),
        "disabled": user.disabled_at is not None,
    }


def render_member(user: User, role: Role) -> dict[str, Any]:
    """What the administrators of a project may see of a user."""
    return {
        "user": {"id": user.id, "username": user.username, "name": user.name},
        "role": role.value,
    }


def render_agent(agent: AgentRecord) -> dict[str, Any]:
    """With the end of the token that was replaced, while there is one."""
    replaced = [token.ends_at for token in agent.tokens if token.ends_at is not None]
    return {
        "id": agent.id,
        "project_id": agent.project_id,
        "name": agent.name,
        "created_at": time(agent.created_at),
        "revoked_at": time(agent.revoked_at),
        "old_token_ends_at": time(max(replaced, default=None)),
    }


def render_minted(minted: MintedAgent) -> dict[str, Any]:
    """With its secrets, this once."""
    return {
        "agent": render_agent(minted.agent),
        "token": minted.token,
        "hmac_secret": minted.hmac_secret,
        "advice": list(minted.advice),
    }


def render_key(record: KeyRecord, slugs: Mapping[ProjectId, str]) -> dict[str, Any]:
    """`slugs` are of projects, by id."""
    project_id = record.project_id
    return {
        "id": record.id,
        "name": record.name,
        "role": record.role.value,
        "prefix": record.prefix,
        "project": None if project_id is None else slugs[project_id],
        "created_at": time(record.created_at),
        "created_by": record.created_by,
        "expires_at": time(record.expires_at),
        "revoked_at": time(record.revoked_at),
    }


def named_in(entries: Iterable[Recorded]) -> set[str]:
    """Who decided, and on whom."""
    return {who for each in entries for who in (each.entry.who, each.stream)}


def render_entry(recorded: Recorded, names: Mapping[str, str]) -> dict[str, Any]:
    """`names` are of all that `named_in` says."""
    entry = recorded.entry
    return {
        "stream": recorded.stream,
        "stream_name": names[recorded.stream],
        "version": recorded.version,
        "kind": entry.kind,
        "at": time(entry.at),
        "actor": entry.who,
        "actor_name": names[entry.who],
        "address": entry.address,
        "data": {name: value for name, value in entry.data.items() if name not in HIDDEN},
        "hash": recorded.hash.hex(),
    }
