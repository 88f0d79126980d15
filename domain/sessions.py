"""Sessions: one connection of one worker, as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from .ids import AgentId, ProjectId, SessionId, WorkerSlot
from .instants import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """What a process says of itself when it connects (agent-protocol.md §2.2)."""

    agent_version: str
    framework: str
    engines: tuple[str, ...]
    schedulers: tuple[str, ...]
    capabilities: Mapping[str, frozenset[str]]
    host_name: str
    worker_id: str
    """Empty for agents that send none."""
    worker_role: str | None
    worker_pid: int | None
    worker_started_at: Instant | None
    runtime_features: frozenset[str]

    def to_data(self) -> dict[str, Any]:
        """The hello as a JSON object, which `from_data` reads."""
        data = {field.name: getattr(self, field.name) for field in fields(self)}
        data["engines"] = list(self.engines)
        data["schedulers"] = list(self.schedulers)
        data["capabilities"] = {name: sorted(of) for name, of in self.capabilities.items()}
        data["runtime_features"] = sorted(self.runtime_features)
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Hello:
        """Read what `to_data` wrote; other keys are ignored."""
        values = {field.name: data[field.name] for field in fields(cls)}
        values["engines"] = tuple(data["engines"])
        values["schedulers"] = tuple(data["schedulers"])
        values["capabilities"] = {name: frozenset(of) for name, of in data["capabilities"].items()}
        values["runtime_features"] = frozenset(data["runtime_features"])
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSession:
    """One open session, as routing sees it. Capabilities belong to the connection (§10)."""

    session_id: SessionId
    project_id: ProjectId
    agent_id: AgentId
    hello: Hello
    opened_at: Instant

    @property
    def slot(self) -> WorkerSlot:
        return WorkerSlot(self.agent_id, self.hello.worker_id)
