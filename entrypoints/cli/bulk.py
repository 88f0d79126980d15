"""taskdeck bulk: one action on many tasks."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from .failures import ExitCode
from .options import brain, brain_options
from .output import moment, named, print_json, print_line, print_table
from .tasks import pointing_at

if TYPE_CHECKING:
    from .client import BrainClient

LOOK_SECONDS = 0.5
SHOWN = (
    "id", "action", "query", "status", "total", "done", "succeeded", "failed", "unknown", "skipped",
    "rate_per_second", "created_by", "created_at", "finished_at",
)  # fmt: skip
OPEN = ("running", "paused")


@click.group()
def bulk() -> None:
    """One action on every task that a query finds (docs/bulk.md)."""


@bulk.command()
@click.argument("action")
@click.argument("query", nargs=-1, required=True)
@brain_options
def preview(
    action: str,
    query: tuple[str, ...],
    url: str | None,
    key: str | None,
    project: str,
    *,
    as_json: bool,
) -> None:
    """Count and show what would be acted on; change nothing.

    Example: taskdeck bulk preview retry_task 'state:failed name:send_invoice since:10:00'
    """
    text = " ".join(query)
    with brain(url, key) as client, pointing_at(text):
        seen = client.post(
            "projects", project, "bulk", "preview", body={"action": action, "query": text}
        )
    if as_json:
        print_json(seen)
        return
    click.echo(f"{'' if seen['exact'] else 'at least '}{seen['count']} tasks")
    for line in seen["advice"]:
        click.echo(line, err=True)
    print_table(
        ("state", "name", "id", "engine", "last event (UTC)"),
        (
            (t["state"], t["name"] or "?", t["task_id"], t["engine"], moment(t["last_event_at"]))
            for t in seen["sample"]
        ),
        empty="",
    )


@bulk.command()
@click.argument("action")
@click.argument("query", nargs=-1, required=True)
@click.option("--rate", "rate_per_second", type=click.IntRange(1), help="Commands a second.")
@click.option("--at-most", type=click.IntRange(1), help="Start nothing if more tasks match.")
@click.option("--idempotency-key", help="Start it once, however often this runs.")
@click.option("--wait", is_flag=True, help="Follow it to its end; exit 1 unless all succeeded.")
@brain_options
def start(
    action: str,
    query: tuple[str, ...],
    url: str | None,
    key: str | None,
    project: str,
    *,
    as_json: bool,
    wait: bool,
    **wanted: Any,
) -> None:
    """Freeze the set of tasks that QUERY finds now, and act on each of them once.

    \b
    Examples:
      taskdeck bulk start retry_task 'state:failed name:send_invoice since:10:00' --rate 20
      taskdeck bulk start cancel_task 'state:received queue:mail' --at-most 500 --wait
    """
    text = " ".join(query)
    body = {name: value for name, value in wanted.items() if value is not None}
    body |= {"action": action, "query": text}
    with brain(url, key) as client, pointing_at(text):
        begun = client.post("projects", project, "bulk", body=body)
        if wait:
            begun = _followed(client, project, begun["id"], as_json=False, quiet=as_json)
    _print_bulk(begun, as_json=as_json)
    if wait and begun["succeeded"] < begun["total"]:
        sys.exit(ExitCode.FAILED)


@bulk.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@brain_options
def list_(url: str | None, key: str | None, project: str, limit: int, *, as_json: bool) -> None:
    """Bulk operations, newest first."""
    with brain(url, key) as client:
        found = list(client.pages("projects", project, "bulk", items="bulk", most=limit))
    if as_json:
        print_json({"bulk": found})
        return
    print_table(
        ("status", "action", "id", "query", "done", "of", "succeeded", "created (UTC)"),
        (
            (
                b["status"], b["action"], b["id"], b["query"], b["done"], b["total"],
                b["succeeded"], moment(b["created_at"]),
            )
            for b in found
        ),
        empty="No bulk operations yet. See: taskdeck bulk preview --help",
    )  # fmt: skip


@bulk.command()
@click.argument("bulk_id")
@click.option("--items", "most", type=click.IntRange(1, 100_000), help="Show so many items, too.")
@brain_options
def show(
    bulk_id: str, url: str | None, key: str | None, project: str, most: int | None, *, as_json: bool
) -> None:
    """How far an operation is, and what became of its items."""
    path = ("projects", project, "bulk", bulk_id)
    with brain(url, key) as client:
        found = client.get(*path)
        items = list(client.pages(*path, "items", items="items", most=most)) if most else []
    if as_json:
        print_json({**found, "items": items} if most else found)
        return
    _print_bulk(found, as_json=False)
    if most:
        print_table(
            ("number", "status", "engine", "name", "task", "command", "why"),
            (
                (
                    i["number"],
                    i["status"],
                    i["engine"],
                    i["name"],
                    i["task_id"],
                    i["command_id"],
                    i["error"],
                )
                for i in items
            ),
            empty="",
        )


@bulk.command()
@click.argument("bulk_id")
@brain_options
def watch(bulk_id: str, url: str | None, key: str | None, project: str, *, as_json: bool) -> None:
    """Follow an operation to its end; with --json each change as a line."""
    with brain(url, key) as client:
        ended = _followed(client, project, bulk_id, as_json=as_json, quiet=as_json)
    if not as_json:
        _print_bulk(ended, as_json=False)


@bulk.command()
@click.argument("bulk_id")
@brain_options
def pause(bulk_id: str, url: str | None, key: str | None, project: str, *, as_json: bool) -> None:
    """Issue nothing for now; what is under way goes on."""
    _decide("pause", bulk_id, url, key, project, as_json=as_json)


@bulk.command()
@click.argument("bulk_id")
@brain_options
def resume(bulk_id: str, url: str | None, key: str | None, project: str, *, as_json: bool) -> None:
    """Go on."""
    _decide("resume", bulk_id, url, key, project, as_json=as_json)


@bulk.command()
@click.argument("bulk_id")
@brain_options
def cancel(bulk_id: str, url: str | None, key: str | None, project: str, *, as_json: bool) -> None:
    """End it: issue nothing more, and withdraw the commands that were not sent yet."""
    _decide("cancel", bulk_id, url, key, project, as_json=as_json)


def _decide(
    verb: str, bulk_id: str, url: str | None, key: str | None, project: str, *, as_json: bool
) -> None:
    with brain(url, key) as client:
        found = client.post("projects", project, "bulk", bulk_id, verb, body={})
    _print_bulk(found, as_json=as_json)


def _followed(
    client: BrainClient, project: str, bulk_id: str, *, as_json: bool, quiet: bool
) -> Any:
    """The operation at its end, telling of each change on the way."""
    seen = None
    while True:
        found = client.get("projects", project, "bulk", bulk_id)
        if found != seen:
            seen = found
            if as_json:
                print_line(found)
            elif not quiet:
                click.echo(f"{found['status']}: {found['done']} of {found['total']}", err=True)
        if found["status"] not in OPEN:
            return found
        time.sleep(LOOK_SECONDS)


def _print_bulk(found: Any, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    found = {**found, "created_by": named(found["created_by"], found["created_by_name"])}
    rows = ((name, found[name]) for name in SHOWN if found[name] is not None)
    print_table(("field", "value"), rows, empty="")
