"""Which application a task belongs to: orders about it go to that one's workers and to no other.

Events do not bear the agent that sent them, and on a shared broker any agent's monitor repeats them
(agent-protocol.md §6.3). So the worker that a task ran on tells: its agent is known by its sessions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from ...ports.task_selection import TaskSelection
from ...ports.worker_views import WorkerViews
from ..ids import AgentId, ProjectId
from ..projections.tasks import TaskKey
from ..projections.workers import Worker


class Homes:
    def __init__(self, selection: TaskSelection, workers: WorkerViews) -> None:
        self._selection = selection
        self._workers = workers

    async def of(self, keys: Collection[TaskKey]) -> Mapping[TaskKey, AgentId]:
        """The agents of tasks of one project; those of which nobody can tell are left out."""
        if not keys:
            return {}
        named = await self._selection.workers(keys)
        agents = await self._agents({key.project_id for key in keys}, set(named.values()))
        return {key: agents[name] for key, name in named.items() if name in agents}

    async def _agents(
        self, projects: Iterable[ProjectId], names: Collection[str]
    ) -> Mapping[str, AgentId]:
        found: dict[str, list[Worker]] = defaultdict(list)
        for project_id in projects:
            for worker in await self._workers.named(project_id, names, since=0) if names else ():
                for name in worker.names:
                    found[name].append(worker)
        told = ((name, _only_agent(workers)) for name, workers in found.items())
        return {name: agent for name, agent in told if agent is not None}


def _only_agent(workers: Collection[Worker]) -> AgentId | None:
    """Of those that bear one name. Of several agents that one counts which is here alone."""
    agents = {worker.slot.agent_id for worker in workers}
    if len(agents) > 1:
        agents = {worker.slot.agent_id for worker in workers if worker.online}
    return agents.pop() if len(agents) == 1 else None
