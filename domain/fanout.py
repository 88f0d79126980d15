"""What a dashboard is told: that something changed, never what it is now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .ids import ProjectId


class Topic(StrEnum):
    TASKS = "tasks"
    EVENTS = "events"
    WORKERS = "workers"
    QUEUES = "queues"
    COMMANDS = "commands"
    AGENTS = "agents"


@dataclass(frozen=True, slots=True)
class Change:
    """Something of this kind changed in this project; read it again."""

    project_id: ProjectId
    topic: Topic
