"""Whatever happens in whatever order, a command ends once (property test)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from taskdeck.domain import command_decisions as decisions
from taskdeck.domain.actions import find
from taskdeck.domain.command_folding import fold
from taskdeck.domain.commands import Command, CommandStatus
from taskdeck.domain.errors import Conflict
from taskdeck.domain.ids import ReplicaId, SessionId
from taskdeck.domain.instants import SECOND
from taskdeck.domain.journal import Entry
from taskdeck.domain.sessions import LiveSession

NOW = 1_790_000_000 * SECOND

Make = Callable[..., Any]

ORDERS: dict[str, dict[str, Any]] = {
    "submit_task": {"engine": "celery", "parameters": {"name": "app.add"}},
    "retry_task": {"engine": "celery", "task_id": "t-1"},
    "cancel_task": {"engine": "celery", "task_id": "t-1"},
    "reconcile_task": {"engine": "celery", "task_id": "t-1"},
    "purge_queue": {"engine": "celery", "parameters": {"queue": "mail"}},
}
WORKERS = ("", "w1", "w2")

session_numbers = st.integers(0, 4)
tokens = st.sampled_from([None, "t0", "t1", "t2", "t3", "t4"])
results = st.sampled_from([None, {"task_id": "n"}, {"indeterminate": True}])
moves = st.one_of(
    st.tuples(st.just("claim"), session_numbers),
    st.tuples(st.just("acknowledge"), tokens),
    st.tuples(st.just("finish"), tokens, st.booleans(), results),
    st.tuples(st.just("lose"), session_numbers),
    st.tuples(st.just("expire")),
    st.tuples(st.just("cancel")),
)
steps = st.lists(st.tuples(st.integers(0, 20), moves), max_size=25)


def decide(
    command: Command, move: tuple[Any, ...], at: int, sessions: list[LiveSession]
) -> Entry | None:
    match move:
        case ("claim", number):
            token, replica = f"t{number}", ReplicaId(f"r{number}")
            return decisions.claim(
                command, sessions[number], token=token, at=at, replica_id=replica, depth=1
            )
        case ("acknowledge", token):
            return decisions.acknowledge(command, token=token, at=at)
        case ("finish", token, succeeded, result):
            return decisions.finish(
                command, token=token, succeeded=succeeded, result=result, error=None, at=at
            )
        case ("lose", number):
            return decisions.lose_session(command, SessionId(f"s{number}"), at=at)
        case ("expire",):
            return decisions.expire(command, at=at)
        case ("cancel",):
            return decisions.cancel(command, by="key:k1", at=at)
        case _:
            raise AssertionError(move)


@given(action=st.sampled_from(sorted(ORDERS)), steps=steps, finally_ends=st.booleans())
def test_any_sequence_of_decisions_keeps_the_promises(
    session: Make, story: Make, action: str, steps: Any, finally_ends: bool
) -> None:
    sessions = [session(f"s{number}", worker=WORKERS[number % 3]) for number in range(5)]
    told = story(action, **ORDERS[action])
    states = [told.now]
    at = NOW
    for seconds, move in steps:
        at += seconds * SECOND
        try:
            entry = decide(told.now, move, at, sessions)
        except Conflict:
            continue
        if entry is not None:
            states.append(told.add(entry))
    if finally_ends:
        entry = decisions.expire(told.now, at=max(at, told.now.deadline))
        if entry is not None:
            states.append(told.add(entry))
        assert told.now.status.final

    _assert_one_end(states)
    _assert_deliveries(states)
    _assert_replay(told)


def _assert_one_end(states: list[Command]) -> None:
    for before, after in pairwise(states):
        if before.status.final:
            assert after.status is before.status
            assert after.finished_at == before.finished_at
            assert (after.result, after.error, after.note) == (
                before.result,
                before.error,
                before.note,
            )
    last = states[-1]
    assert last.status.final == (last.finished_at is not None)
    if last.status is CommandStatus.CANCELLED:
        assert last.attempts == 0


def _assert_deliveries(states: list[Command]) -> None:
    claims = [after.claim for before, after in pairwise(states) if after.attempts > before.attempts]
    assert len(claims) == states[-1].attempts
    if not find(states[-1].action).redeliverable:
        assert len(claims) <= 1
    assert len({(claim.agent_id, claim.worker_id) for claim in claims if claim}) <= 1


def _assert_replay(told: Any) -> None:
    replayed: Command | None = None
    for recorded in told.entries:
        replayed = fold(replayed, recorded)
    assert replayed == told.now
    assert Command.from_data(told.now.to_data()) == told.now
