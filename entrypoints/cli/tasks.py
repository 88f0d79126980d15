"""taskdeck tasks: what ran."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from ...domain.errors import InvalidInput
from ...domain.printable import printable
from .options import brain, brain_options, export_options
from .output import moment, print_json, print_line, print_table
from .times import PAST, past_time

COLUMNS = ("state", "name", "id", "engine", "queue", "worker", "run ms", "last event (UTC)")
WATCH_SECONDS = 1.0
NO_MATCH = "No task matches."
NOTHING = "No tasks yet. Give an application an agent: taskdeck agents create NAME"


@click.group()
def tasks() -> None:
    """Tasks of all engines, newest first."""


@tasks.command("list")
@click.argument("query", nargs=-1)
@click.option("--state", multiple=True, help="received, started, succeeded, failed …; repeatable.")
@click.option("--name", help="Task name; may end in *.")
@click.option("--engine")
@click.option("--queue")
@click.option("--worker")
@click.option("--since", metavar="TIME", callback=past_time, help=PAST)
@click.option("--until", metavar="TIME", callback=past_time, help=PAST)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
@brain_options
def list_(
    query: tuple[str, ...],
    url: str | None,
    key: str | None,
    project: str,
    limit: int,
    *,
    as_json: bool,
    **filters: Any,
) -> None:
    """List tasks, newest first; QUERY as in docs/search.md.

    Example: taskdeck tasks list 'state:failed name:shop.* since:2h timeout'
    """
    filters["q"] = " ".join(query) or None
    with brain(url, key) as client, pointing_at(filters["q"]):
        found = list(
            client.pages("projects", project, "tasks", items="tasks", most=limit, **filters)
        )
    if as_json:
        print_json({"tasks": found})
    else:
        _print_tasks(found, empty=NO_MATCH if any(filters.values()) else NOTHING)


@tasks.command()
@click.argument("engine")
@click.argument("task_id")
@brain_options
def show(
    engine: str, task_id: str, url: str | None, key: str | None, project: str, *, as_json: bool
) -> None:
    """Everything that is known of a task.

    Example: taskdeck tasks show celery 6f1c2d3e-4a5b-4c6d-8e7f-0123456789ab
    """
    with brain(url, key) as client:
        task = client.get("projects", project, "tasks", engine, task_id)
    if as_json:
        print_json(task)
        return
    hidden = ("history", "timeline", "commands", "traceback")
    print_table(
        ("field", "value"),
        ((name, value) for name, value in task.items() if value is not None and name not in hidden),
        empty="",
        lines=True,
    )
    if task["traceback"]:
        click.echo(f"\n{printable(task['traceback'], lines=True)}")
    click.echo()
    print_table(
        ("at (UTC)", "event", "worker", ""),
        (
            (
                moment(e["occurred_at"]),
                e["kind"],
                e["data"].get("worker"),
                "repeated by Celery's monitor" if e["repeats"] else None,
            )
            for e in task["timeline"]
        ),
        empty="No events are kept of this task.",
    )


@tasks.command()
@click.argument("query", nargs=-1)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@brain_options
def watch(
    query: tuple[str, ...],
    url: str | None,
    key: str | None,
    project: str,
    limit: int,
    *,
    as_json: bool,
) -> None:
    """The newest tasks, again each second; with --json each change as a line. Ends with Ctrl-C."""
    seen: dict[tuple[str, str], Any] = {}
    q = " ".join(query) or None
    with brain(url, key) as client, pointing_at(q):
        while True:
            page = client.get("projects", project, "tasks", limit=limit, q=q)["tasks"]
            if as_json:
                for task in reversed(page):
                    place = (task["engine"], task["task_id"])
                    if seen.get(place) != task:
                        print_line(task)
                seen = {(task["engine"], task["task_id"]): task for task in page}
            else:
                click.clear()
                _print_tasks(page, empty=NOTHING if q is None else NO_MATCH)
            time.sleep(WATCH_SECONDS)


@tasks.command()
@click.argument("query", nargs=-1)
@export_options
def export(
    query: tuple[str, ...],
    url: str | None,
    key: str | None,
    project: str,
    format_: str,
    output: IO[bytes],
) -> None:
    """All tasks that match, newest first, as CSV or NDJSON; QUERY as in docs/search.md.

    Example: taskdeck tasks export 'state:failed since:2h' --output failed.csv
    """
    q = " ".join(query) or None
    with brain(url, key) as client, pointing_at(q):
        for piece in client.download("projects", project, "tasks", "export", q=q, format=format_):
            output.write(piece)


@contextmanager
def pointing_at(query: str | None) -> Iterator[None]:
    """Errors of a query show the place in it."""
    try:
        yield
    except InvalidInput as error:
        at, length = error.details.get("at"), error.details.get("length")
        if query is None or not isinstance(at, int) or not isinstance(length, int):
            raise
        marks = " " * at + "^" * max(1, length)
        raise InvalidInput(f"{error.message}\n  {query}\n  {marks}") from None


def _print_tasks(found: list[Any], *, empty: str) -> None:
    print_table(
        COLUMNS,
        (
            (
                t["state"], t["name"] or "?", t["task_id"], t["engine"], t["queue"], t["worker"],
                t["runtime_ms"], moment(t["last_event_at"]),
            )
            for t in found
        ),
        empty=empty,
    )  # fmt: skip
