"""Executions as engines live through them, and everything that agents tell of each (§6.3-6.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from taskdeck.domain.events import Event, EventKind
from taskdeck.domain.ids import EventId, ProjectId
from taskdeck.domain.instants import MILLISECOND, SECOND, Instant
from taskdeck.domain.projections.tasks import TaskKey

START = 1_790_000_040 * SECOND
PROJECT = ProjectId("p")
Said = tuple[str, Instant, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt, as it happened. Durations in microseconds."""

    pause: int
    """Since the end of the run before."""
    wait: int
    duration: int
    lags: tuple[int, ...]
    """By how much each agent's copy of Celery's event stream is late."""
    held_up: int
    """By how much more that is if the worker keeps its agent from reading the stream."""
    error: str


@dataclass(frozen=True, slots=True)
class Execution:
    key: TaskKey
    attempts: int
    events: tuple[Event, ...]
    """As the processes told them, in the order of their clocks."""


runs = st.builds(
    Run,
    pause=st.integers(5 * SECOND + 1, 400 * SECOND),
    wait=st.integers(0, 2 * SECOND),
    duration=st.integers(0, 50 * MILLISECOND) | st.integers(0, 90 * SECOND),
    lags=st.lists(st.integers(0, SECOND), min_size=1, max_size=3).map(tuple),
    held_up=st.just(0) | st.integers(0, 300 * SECOND),
    error=st.sampled_from(["ValueError", "KeyError", "shop.errors.Declined"]),
)


@st.composite
def executions(draw: st.DrawFn, number: int = 0) -> Execution:
    flavour = draw(st.sampled_from(sorted(_TELL)))
    history = draw(st.lists(runs, min_size=1, max_size=4))
    again = draw(st.sampled_from(["retried", "failed"]))
    last = draw(st.sampled_from(["succeeded", "failed", "retried", "started"]))
    key = TaskKey(PROJECT, flavour.split("-")[0], f"task-{number}")
    said = sorted(_tell(flavour, history, again, last), key=lambda each: each[1])
    return Execution(key, len(history), tuple(_event(key, *each) for each in said))


@st.composite
def many_executions(draw: st.DrawFn) -> list[Execution]:
    return [draw(executions(number)) for number in range(draw(st.integers(1, 6)))]


def depth_reports() -> st.SearchStrategy[list[Event]]:
    one = st.builds(
        lambda queue, depth, second: _event(
            TaskKey(PROJECT, "celery", ""),
            "queue.depth_report",
            START + second * SECOND,
            {"queue": queue, "depth": depth},
        ),
        st.sampled_from(["celery", "default"]),
        st.integers(0, 50),
        st.integers(0, 200),
    )
    return st.lists(one, max_size=6)


def _tell(flavour: str, history: list[Run], again: str, last: str) -> Iterator[Said]:
    end = START
    for place, run in enumerate(history):
        started = end + run.pause + run.wait
        outcome = again if place < len(history) - 1 else last
        # A retry of Celery is received as soon as it is sent, and held until its time has come.
        at_once = place > 0 and again == "retried" and flavour.startswith("celery")
        received = end + 10 * MILLISECOND if at_once else end + run.pause
        end = started + run.duration
        yield from _TELL[flavour](run, place, received, started, end, outcome)


def _celery_solo(
    run: Run, place: int, received: Instant, started: Instant, end: Instant, outcome: str
) -> Iterator[Said]:
    known = {"task_name": "app.add", "queue": None, "worker": None}
    yield "received", received, {**known, "queue": "celery", "args": [place], "parent_task_id": "t"}
    yield "started", started, known
    if outcome != "started":
        yield outcome, end, {**known, "result": {"n": place}, "exception": run.error}
    yield from _copies(run, started + run.held_up, end + run.held_up, outcome)


def _celery_prefork(
    run: Run, place: int, received: Instant, started: Instant, end: Instant, outcome: str
) -> Iterator[Said]:
    yield "received", received, {"task_name": "app.add", "queue": "celery", "args": [place]}
    yield from _copies(run, started, end, outcome)


def _copies(run: Run, started: Instant, end: Instant, outcome: str) -> Iterator[Said]:
    for node, lag in enumerate(run.lags):
        seen = {"task_name": "<unknown:task>", "queue": None, "worker": "w1@h", "args": None}
        yield "started", started + lag, seen
        if outcome != "started":
            yield (
                outcome,
                end + lag,
                {**seen, "result": repr(node), "runtime_ms": run.duration // 1000, **_told(run)},
            )


def _told(run: Run) -> dict[str, Any]:
    return {"exception": run.error, "exception_message": f"{run.error}('no')", "traceback": "T"}


def _rq(
    run: Run, place: int, received: Instant, started: Instant, end: Instant, outcome: str
) -> Iterator[Said]:
    known = {"task_name": "app.add", "queue": "default", "worker": f"rqw{place}"}
    yield "started", started, known
    if outcome != "started":
        outcome = "failed" if outcome == "retried" else outcome
        yield outcome, end, {**known, "exception": f"{run.error}: {place}"}


def _dramatiq(
    run: Run, place: int, received: Instant, started: Instant, end: Instant, outcome: str
) -> Iterator[Said]:
    # Told again for each delivery, with the time at which the message was made.
    for queue in ("default.DQ", "default")[0 if place else 1 :]:
        yield "received", START, {"task_name": "add", "queue": queue, "worker": "h@1"}
    yield "started", started, {"task_name": "add", "queue": "default", "worker": "h@1"}
    if outcome != "started":
        yield outcome, end, {"task_name": "add", "exception": f"ValueError: {place}"}


def _taskiq(
    run: Run, place: int, received: Instant, started: Instant, end: Instant, outcome: str
) -> Iterator[Said]:
    yield "received", received, {"task_name": "add", "args": [place]}
    yield "started", started, {"task_name": "add"}
    if outcome == "retried":
        yield "retried", end, {"task_name": "add"}
        yield "failed", end + 600, {"task_name": "add", "exception": "ValueError: bad"}
    elif outcome != "started":
        yield outcome, end, {"task_name": "add"}


def _arq(
    run: Run, place: int, received: Instant, started: Instant, end: Instant, outcome: str
) -> Iterator[Said]:
    yield "started", started, {"task_name": "add"}
    if outcome != "started":
        yield outcome, end, {"task_name": "add"}


_TELL = {
    "celery-solo": _celery_solo,
    "celery-prefork": _celery_prefork,
    "rq": _rq,
    "dramatiq": _dramatiq,
    "taskiq": _taskiq,
    "arq": _arq,
}


def _event(key: TaskKey, kind: str, at: Instant, data: dict[str, Any]) -> Event:
    kind = kind if "." in kind else f"task.{kind}"
    return Event(
        key.project_id, EventId(b""), EventKind(kind), key.engine, key.task_id, at, at, data, b""
    )
