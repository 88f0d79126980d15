"""Two replicas on one PostgreSQL: `python -m benchmarks.replicas --database-url postgresql://…`.

Prints how long a command takes from the request at one replica to the agent's socket at the other, and
how many a second get there; then how soon a dashboard at one shows what the other stored.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import platform
import random
import sys
import time
from dataclasses import dataclass, field

import aiohttp

from taskdeck.domain.services.project_feed import GAP_SECONDS

from .agents import BenchAgent
from .brains import Target, brains

PAUSE_SECONDS = 0.01
"""Between commands that come one by one: what the answer to one sets in motion is over by then."""
ORDER = {"action": "cancel_task", "engine": "celery"}


@dataclass
class Arrivals:
    """When each command came to an agent's socket."""

    at: dict[str, float] = field(default_factory=dict)
    another: asyncio.Event = field(default_factory=asyncio.Event)

    async def of(self, command_id: str) -> float:
        while command_id not in self.at:
            self.another.clear()
            await self.another.wait()
        return self.at[command_id]

    async def listen(self, agent: BenchAgent) -> None:
        """Answer every command as soon as it comes, for ever."""
        while True:
            frame = json.loads(await agent.message())
            if frame["type"] == "command":
                self.at[frame["id"]] = time.perf_counter()
                self.another.set()
                agent.finish(frame)


async def commands(issuer: Target, holder: Target, count: int, at_once: int) -> None:
    """Each of `at_once` operators orders, waits until the command has arrived, and orders again."""
    agents = await holder.connect(4)
    arrivals, numbers = Arrivals(), itertools.count()
    from_request: list[float] = []
    from_answer: list[float] = []
    headers = {"Authorization": f"Bearer {issuer.api_key}"}
    url = f"http://127.0.0.1:{issuer.port}/api/v1/projects/default/commands"

    async def order(http: aiohttp.ClientSession) -> None:
        while (number := next(numbers)) < count:
            begun = time.perf_counter()
            body = {**ORDER, "task_id": f"t{number}"}
            async with http.post(url, json=body, headers=headers) as answer:
                answer.raise_for_status()
                command_id = (await answer.json())["id"]
            answered = time.perf_counter()
            arrived = await arrivals.of(command_id)
            from_request.append(arrived - begun)
            from_answer.append(max(0.0, arrived - answered))
            if at_once == 1:
                await asyncio.sleep(PAUSE_SECONDS)

    async with aiohttp.ClientSession() as http:
        listeners = [asyncio.create_task(arrivals.listen(agent)) for agent in agents]
        start = time.perf_counter()
        await asyncio.gather(*(order(http) for _ in range(at_once)))
        seconds = time.perf_counter() - start
        for listener in listeners:
            listener.cancel()
    rate = f"{count / seconds:,.0f} commands/s, " if at_once > 1 else ""
    print(
        f"{count} commands, {at_once:>2} at once: {rate}to the agent's socket "
        f"from the 202 {spread(from_answer)}, from the request {spread(from_request)}"
    )
    for agent in agents:
        agent.writer.close()


async def feed(writer: Target, reader: Target, count: int) -> None:
    """From an event's frame at one replica to a dashboard at the other, one by one."""
    (agent,) = await writer.connect(1)
    headers = {"Authorization": f"Bearer {reader.api_key}"}
    seconds, messages = [], 0
    async with aiohttp.ClientSession(headers=headers) as http:
        async with http.ws_connect(f"http://127.0.0.1:{reader.port}/ws/dashboard") as socket:
            await socket.send_json({"subscribe": {"project": "default"}})
            await socket.receive_str()
            for number in range(count):
                await asyncio.sleep(random.uniform(0.0, 2 * GAP_SECONDS))
                task_id, sent = f"feed-{time.time_ns()}-{number}", time.perf_counter()
                agent.report("task.started", task_id)
                while task_id not in await socket.receive_str():
                    messages += 1
                seconds.append(time.perf_counter() - sent)
                messages += 1
    print(
        f"{count} events, seen on a dashboard at the other replica after {spread(seconds)}; "
        f"{messages / count:.1f} messages an event"
    )
    agent.writer.close()


def spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"p50 {middle * 1e3:.1f} ms, p99 {late * 1e3:.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", required=True)
    parser.add_argument("--commands", type=int, default=2_000)
    parser.add_argument("--events", type=int, default=200, help="events that a dashboard awaits")
    arguments = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("repeat with: python -m benchmarks.replicas", *sys.argv[1:])
    with brains(2, arguments.database_url) as (first, second):
        for at_once in (1, 20):
            asyncio.run(commands(first, second, arguments.commands, at_once))
        asyncio.run(feed(first, second, arguments.events))


if __name__ == "__main__":
    main()
