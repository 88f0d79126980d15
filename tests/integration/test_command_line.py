"""Every command of the README, through its entry point, against a running brain."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple

import aiohttp
import pytest

from taskdeck.adapters.system.clock import SystemClock
from taskdeck.domain.instants import SECOND

from .. import warm_start
from ..agent_client import AgentClient, wire_event, wire_run
from ..brain_process import TASKDECK, BrainProcess, brain_process
from .waiting import eventually

pytestmark = pytest.mark.timeout(240)


class Said(NamedTuple):
    code: int
    out: str
    err: str


async def taskdeck(brain: BrainProcess, *arguments: str, **variables: str) -> Said:
    with TemporaryFile() as out, TemporaryFile() as err:
        environment = brain.environment | variables
        command = await warm_start.run(*arguments, environment=environment, stdout=out, stderr=err)
        code = await command.wait()
        out.seek(0)
        err.seek(0)
        return Said(code, out.read().decode(), err.read().decode())


async def answer_commands(agent: AgentClient) -> None:
    while True:
        await agent.answer(await agent.command(), result={"terminated": True})


@asynccontextmanager
async def busy_brain(home: Path) -> AsyncIterator[BrainProcess]:
    """A brain with two tasks and a worker that does as it is told."""
    async with brain_process(home) as brain, brain.connect(await brain.mint()) as agent:
        await agent.greet("w1")
        # Over by now, whatever the runs take.
        before = SystemClock().now() - 60 * SECOND
        failed = wire_event("task.failed", "t2", at=before, exception="ValueError")
        await agent.send_events(*wire_run("t1", at=before), failed)
        await agent.ack()
        answering = asyncio.create_task(answer_commands(agent))
        try:
            yield brain
        finally:
            answering.cancel()


FOR_ALL = [
    (["tasks", "list"], "shop.pay"),
    (["tasks", "list", "--state", "failed"], "t2"),
    (["tasks", "list", "--since", "2h", "--until", "0s"], "shop.pay"),
    (["tasks", "list", "state:failed", "name:other.*"], "No task matches."),
    (["tasks", "show", "celery", "t1"], "succeeded"),
    (["failures"], "ValueError"),
    (["failures", "--since", "2h", "--name", "shop.*"], ""),
    (["workers"], "w1"),
    (["queues"], ""),
    (["commands", "issue", "cancel_task", "--engine", "celery", "--task", "t1", "--wait"], "succeeded"),
    (["commands", "list"], "cancel_task"),
    (["events", "tail", "-n", "1"], "task.failed"),
    (["keys", "create", "--name", "ci", "--role", "viewer"], "tdk_"),
    (["keys", "list"], "ci"),
    (["agents", "create", "web"], "Z4J_HMAC_SECRET"),
    (["agents", "list"], "web"),
    (["projects", "list"], "default"),
    (["users", "list"], ""),
    (["audit", "list"], "agent.minted"),
    (["audit", "list", "--actor", "key", "--kind", "command"], "127.0.0.1"),
    (["audit", "list", "--since", "1h30m"], "agent.minted"),
    (["audit", "verify"], ""),
    (["config"], "Z4J_BRAIN_HOME"),
    (["check"], "answers at"),
    (["init"], "home"),
]  # fmt: skip


async def test_each_command_speaks_to_people_and_to_programs(tmp_path: Path) -> None:
    async with busy_brain(tmp_path / "home") as brain:
        for command, expected in FOR_ALL:
            table = await taskdeck(brain, *command)
            assert (table.code, expected in table.out + table.err) == (0, True), (command, table)
            assert "Traceback" not in table.err
            programs = await taskdeck(brain, *command, "--json")
            assert programs.code == 0, (command, programs)
            assert json.loads(programs.out), command


async def test_what_was_made_can_be_shown_and_taken_back(tmp_path: Path) -> None:
    async with busy_brain(tmp_path / "home") as brain:

        async def document(*command: str) -> Any:
            said = await taskdeck(brain, *command, "--json")
            assert said.code == 0, said
            return json.loads(said.out)

        order = ("commands", "issue", "cancel_task", "--engine", "celery", "--task", "t1", "--wait")
        command = await document(*order)
        assert (await document("commands", "show", command["id"]))["status"] == "succeeded"
        late = await taskdeck(brain, "commands", "cancel", command["id"])
        assert late.code == 6, late

        await document("keys", "create", "--name", "ci", "--role", "viewer")
        (key,) = [each for each in (await document("keys", "list"))["keys"] if each["name"] == "ci"]
        await document("keys", "revoke", key["id"])
        minted = await document("agents", "create", "web")
        await document("agents", "revoke", minted["agent"]["id"])


async def test_a_bulk_operation_is_previewed_started_and_followed(tmp_path: Path) -> None:
    async with busy_brain(tmp_path / "home") as brain:

        async def said(*command: str) -> str:
            told = await taskdeck(brain, "bulk", *command)
            assert told.code == 0, told
            return told.out

        assert "2 tasks" in await said("preview", "cancel_task", "state:succeeded,failed")
        begun = json.loads(await said("start", "reconcile_task", "state:failed", "--json"))
        watched = (await said("watch", begun["id"], "--json")).splitlines()
        assert json.loads(watched[-1])["status"] == "finished"
        shown = json.loads(await said("show", begun["id"], "--items", "5", "--json"))
        assert [item["status"] for item in shown["items"]] == ["succeeded"]
        assert "t2" in await said("show", begun["id"], "--items", "5")
        assert "finished" in await said("start", "reconcile_task", "id:t1", "--wait", "--rate", "5")
        assert "reconcile_task" in await said("list")
        for verb in ("pause", "resume", "cancel"):
            assert (await taskdeck(brain, "bulk", verb, begun["id"])).code == 6


async def test_what_matches_is_written_to_a_file(tmp_path: Path) -> None:
    async with busy_brain(tmp_path / "home") as brain:
        file = tmp_path / "failed.csv"
        done = await taskdeck(brain, "tasks", "export", "state:failed", "--output", str(file))
        assert (done.code, done.out) == (0, "")
        heading, row = file.read_text().splitlines()
        assert (heading[:14], row[:10]) == ("engine,task_id", "celery,t2,")
        for command in (("tasks", "export"), ("audit", "export", "--kind", "agent")):
            said = await taskdeck(brain, *command, "--format", "ndjson")
            assert all(isinstance(json.loads(line), dict) for line in said.out.splitlines())
            assert said.out


BAD = [
    (["tasks", "export", "stat:failed"], 2),
    (["tasks", "export", "--project", "nowhere"], 4),
    (["audit", "export", "--url", "http://127.0.0.1:1"], 3),
    (["failures", "--since", "yesterday"], 2),
    (["tasks", "list", "--limit", "none"], 2),
    (["tasks", "list", "--since", "yesterday"], 2),
    (["tasks", "list", "--project", "nowhere"], 4),
    (["tasks", "show", "celery", "nothing"], 4),
    (["tasks", "list", "--key", "wrong"], 5),
    (["tasks", "list", "--url", "http://127.0.0.1:1"], 3),
    (["tasks", "list", "--url", "somewhere"], 2),
    (["commands", "issue", "explode"], 2),
    (["commands", "issue", "retry_task", "--params-json", "{"], 2),
    (["commands", "show", "nothing"], 4),
    (["bulk", "start", "retry_task", "stat:failed"], 2),
    (["bulk", "start", "retry_task", "state:failed"], 6),
    (["bulk", "preview", "retry_task"], 2),
    (["bulk", "show", "nothing"], 4),
    (["keys", "create", "--name", "x", "--role", "god"], 2),
    (["keys", "revoke", "nothing"], 4),
    (["agents", "revoke", "nothing"], 4),
    (["replay"], 1),
    (["serve"], 1),
    (["nonsense"], 2),
]


async def test_mistakes_are_one_clear_line_and_an_exit_code(tmp_path: Path) -> None:
    async with brain_process(tmp_path / "home") as brain:
        for command, code in BAD:
            said = await taskdeck(brain, *command)
            assert said.code == code, (command, said)
            assert said.err.strip(), command
            assert "Traceback" not in said.err, command
        for command in (["serve", "--home", str(tmp_path / "other")], ["demo"]):
            said = await taskdeck(brain, *command, "--port", str(brain.port))
            assert said.code == 1, said
            assert f"Cannot listen on 127.0.0.1:{brain.port}: it is in use" in said.err
            assert "Traceback" not in said.err
        said = await taskdeck(brain, "config", Z4J_BIND_PORT="many")
        assert said.code != 0
        assert "Z4J_BIND_PORT is 'many'; allowed: a whole number" in said.err


async def views(brain: BrainProcess) -> dict[str, Any]:
    """What is shown of the views, but for what only live sockets tell."""
    queues = (await brain.call("GET", "queues"))["queues"]
    return {
        "tasks": await brain.all_of("tasks"),
        "detail": await brain.call("GET", "tasks/celery/t1"),
        "statistics": (await brain.call("GET", "stats"))["total"],
        "agents": [each["id"] for each in (await brain.call("GET", "agents"))["agents"]],
        "queues": [(each["engine"], each["queue"], each["minutes"]) for each in queues],
    }


async def test_a_replay_gives_the_same_views(tmp_path: Path) -> None:
    async with busy_brain(tmp_path / "home") as brain:
        before = await views(brain)
        assert await brain.stop() == 0
        replayed = await taskdeck(brain, "replay", "--json")
        assert json.loads(replayed.out)["rows"] > 4, replayed
        await brain.start()
        assert await views(brain) == before
        assert (await taskdeck(brain, "check")).code == 0


async def test_the_demo_is_alive_within_seconds_and_ends_cleanly(tmp_path: Path) -> None:
    brain = BrainProcess(tmp_path, {"TMPDIR": str(tmp_path)})
    demo = await asyncio.create_subprocess_exec(
        TASKDECK, "demo", "--port", "0", env=brain.environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert demo.stdout is not None
        said = (await demo.stdout.readuntil(b"Ctrl-C")).decode()
        found = re.search(r"TASKDECK_API_KEY=(\S+) Z4J_PUBLIC_URL=(\S+)", said)
        assert found is not None
        key, url = found.groups()

        async def alive() -> bool:
            headers = {"Authorization": f"Bearer {key}"}
            async with aiohttp.ClientSession(headers=headers) as http:
                async with http.get(f"{url}/api/v1/projects/default/tasks") as answer:
                    return len((await answer.json())["tasks"]) > 3

        await eventually(alive)
        listed = await taskdeck(brain, "tasks", "list", TASKDECK_API_KEY=key, Z4J_PUBLIC_URL=url)
        assert listed.code == 0
        demo.send_signal(signal.SIGINT)
        _, complaints = await asyncio.wait_for(demo.communicate(), 60)
        assert (demo.returncode, complaints) == (0, b"")
        assert not any(name.startswith("taskdeck-demo-") for name in os.listdir(tmp_path))  # noqa: PTH208
    finally:
        if demo.returncode is None:
            demo.kill()
            await demo.wait()


async def test_watching_ends_with_an_interrupt(tmp_path: Path) -> None:
    async with busy_brain(tmp_path / "home") as brain:
        for command in (["tasks", "watch", "--json"], ["events", "tail", "-f", "--json"]):
            watch = await asyncio.create_subprocess_exec(
                TASKDECK, *command, env=brain.environment,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            assert watch.stdout is not None
            assert json.loads(await watch.stdout.readline())["engine"] == "celery"
            watch.send_signal(signal.SIGINT)
            _, complaints = await watch.communicate()
            assert b"Traceback" not in complaints
