"""Which application a task belongs to: orders about it go to that one's workers.

Events do not bear the agent that sent them, and on a shared broker any agent's monitor repeats them
(agent-protocol.md §6.3). So the worker that a task ran on tells: its agent is known by its sessions.
Workers choose their names, so this keeps the applications of one project apart and protects none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Set

from ...ports.directory import Directory
from ...ports.task_selection import TaskSelection
from ...ports.worker_views import WorkerViews
from ..access import AgentRecord
from ..ids import AgentId
from ..projections.tasks import TaskKey


class Homes:
    def __init__(
        self, selection: TaskSelection, workers: WorkerViews, directory: Directory
    ) -> None:
        self._selection = selection
        self._workers = workers
        self._directory = directory

    async def of(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, AgentId]:
        """The agents of tasks of one project; those of which nobody can tell are left out.

        So are agents that were revoked, which never come back, and names that several agents bear.
        """
        named = await self._selection.workers(keys)
        if not named:
            return {}
        (project_id,) = {key.project_id for key in named}
        found = await self._workers.named(project_id, set(named.values()), since=0)
        bearers: dict[str, set[AgentId]] = defaultdict(set)
        for worker in found:
            for name in worker.names:
                bearers[name].add(worker.slot.agent_id)
        valid = await self._valid({agent for agents in bearers.values() for agent in agents})
        homes = {name: agents & valid for name, agents in bearers.items()}
        return {
            key: min(homes[name]) for key, name in named.items() if len(homes.get(name, ())) == 1
        }

    async def _valid(self, agents: Collection[AgentId]) -> Set[AgentId]:
        records = await self._directory.accounts({f"agent:{agent}" for agent in agents})
        return {
            record.id
            for record in records
            if isinstance(record, AgentRecord) and record.revoked_at is None
        }
