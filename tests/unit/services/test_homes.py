"""Two applications in one project: an order about a task goes to the one that the task is of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from taskdeck.domain.errors import Conflict

from ...builders import event
from .brain import CANCEL, Brain
from .bulk_fleet import RETRY, one_turn, started, tasks_ordered
from .worker import Worker


async def other_application(brain: Brain, worker_id: str) -> Worker:
    """A worker of an agent of its own, with the same engine."""
    return await brain.connect(
        worker_id, minted=await brain.agents.mint(brain.project, worker_id, "cli")
    )


async def heard(brain: Brain, task_id: str, worker: str | None, kind: str = "task.started") -> None:
    reported = event(
        kind, task_id, engine="celery", project_id=brain.project.id,
        at=brain.clock.now(), worker=worker,
    )  # fmt: skip
    await brain.report(reported)
    await brain.log.drain()


async def test_the_worker_that_a_task_ran_on_tells_its_application(brain: Brain) -> None:
    shop = await brain.connect("shop-1")
    mail = await other_application(brain, "mail-1")
    await heard(brain, "t1", "mail-1")

    issued = await brain.order(CANCEL)

    assert issued.command.agent_id == mail.opened.live.agent_id
    assert issued.advice == ()
    assert (tasks_ordered(shop), tasks_ordered(mail)) == ([], ["t1"])


async def test_an_application_that_is_away_is_waited_for(brain: Brain) -> None:
    shop = await brain.connect("shop-1")
    mail = await other_application(brain, "mail-1")
    await heard(brain, "t1", "mail-1")
    await mail.leave()
    await brain.log.drain()

    issued = await brain.order(CANCEL)

    assert issued.advice == (
        f"It waits: no worker of agent {mail.opened.live.agent_id} is connected.",
    )
    assert tasks_ordered(shop) == []


async def test_a_revoked_agent_is_not_waited_for(brain: Brain) -> None:
    """The application has new credentials, and its pods have new names."""
    old = await brain.agents.mint(brain.project, "mail", "cli")
    pod = await brain.connect("pod-1", minted=old)
    await heard(brain, "t1", "pod-1")
    await pod.leave()
    await brain.agents.revoke(brain.project, old.agent.id, "cli")
    await brain.log.drain()
    anew = await other_application(brain, "pod-2")

    assert (await brain.order(CANCEL)).command.agent_id is None
    assert tasks_ordered(anew) == ["t1"]


async def test_a_name_that_two_agents_bear_tells_nothing(brain: Brain) -> None:
    shop = await brain.connect("same")
    await heard(brain, "t1", "same")
    await shop.leave()
    await other_application(brain, "same")
    await other_application(brain, "mail-1")
    await brain.log.drain()

    issued = await brain.order(CANCEL)

    assert issued.command.agent_id is None
    assert issued.advice[0].startswith("Several agents fit")


@pytest.mark.parametrize("worker", [None, "nobody-knows"])
async def test_where_nothing_tells_the_operator_is_warned(brain: Brain, worker: str | None) -> None:
    shop = await brain.connect("shop-1")
    await heard(brain, "t1", worker)
    assert (await brain.order(CANCEL)).advice == ()

    mail = await other_application(brain, "mail-1")
    await heard(brain, "t2", worker)
    issued = await brain.order(replace(CANCEL, task_id="t2"))

    assert issued.command.agent_id is None
    (advice,) = issued.advice
    assert advice.startswith("Several agents fit")
    assert all(each.opened.live.agent_id in advice for each in (shop, mail))


async def test_who_names_a_worker_is_obeyed(brain: Brain) -> None:
    shop = await brain.connect("shop-1")
    await other_application(brain, "mail-1")
    await heard(brain, "t1", "mail-1")

    await brain.order(replace(CANCEL, worker_id="shop-1"))

    assert tasks_ordered(shop) == ["t1"]


async def test_of_many_tasks_each_goes_home(brain: Brain) -> None:
    shop = await brain.connect("shop-1")
    mail = await other_application(brain, "mail-1")
    for number in range(4):
        worker = ("shop-1", "mail-1")[number % 2]
        await heard(brain, f"t{number}", worker, "task.failed")

    await started(brain, RETRY)
    for _ in range(3):
        await one_turn(brain, shop, mail)

    assert (tasks_ordered(shop), tasks_ordered(mail)) == (["t0", "t2"], ["t1", "t3"])


async def test_the_same_order_again_is_the_same_command(brain: Brain) -> None:
    """Also after the brain has learned where the task is at home."""
    await brain.connect("shop-1")
    await heard(brain, "t1", "shop-1")
    keyed = replace(CANCEL, idempotency_key="once")

    first = (await brain.order(keyed)).command

    assert first.agent_id is not None
    assert (await brain.order(keyed)).command.id == first.id
    with pytest.raises(Conflict, match="another order"):
        await brain.order(replace(keyed, agent_id="somebody else"))
