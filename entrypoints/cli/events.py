"""taskdeck events: what agents report."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from ...domain.printable import printable
from .options import brain, brain_options
from .output import moment, print_line

if TYPE_CHECKING:
    from .client import BrainClient

FOLLOW_SECONDS = 0.5
PAGE = 500


@click.group()
def events() -> None:
    """The log of what agents report."""


@events.command()
@click.option("-n", "--lines", default=20, show_default=True, type=click.IntRange(1, PAGE))
@click.option("-f", "--follow", is_flag=True, help="Go on with what comes; ends with Ctrl-C.")
@click.option("--kind", help="Like task.failed.")
@click.option("--engine")
@click.option("--task", "task_id")
@brain_options
def tail(
    url: str | None,
    key: str | None,
    project: str,
    lines: int,
    *,
    follow: bool,
    as_json: bool,
    **filters: Any,
) -> None:
    """The newest events, oldest of them first; with --json one JSON document a line.

    Example: taskdeck events tail -f --kind task.failed
    """
    with brain(url, key) as client:
        page = _newest(client, project, lines, filters)
        _print(page, as_json=as_json)
        seen = {event["id"] for event in page}
        while follow:
            time.sleep(FOLLOW_SECONDS)
            page = _newest(client, project, PAGE, filters)
            _print([event for event in page if event["id"] not in seen], as_json=as_json)
            seen = {event["id"] for event in page} | (seen if len(page) < PAGE else set())


def _newest(
    client: BrainClient, project: str, limit: int, filters: dict[str, Any]
) -> list[dict[str, Any]]:
    page = client.get("projects", project, "events", limit=limit, newest_first="true", **filters)
    return list(reversed(page["events"]))


def _print(page: list[dict[str, Any]], *, as_json: bool) -> None:
    for event in page:
        if as_json:
            print_line(event)
            continue
        data = event["data"]
        what = data.get("task_name") or data.get("queue") or ""
        click.echo(
            printable(
                f"{moment(event['occurred_at'])}  {event['kind']:<18} {event['engine']:<10} "
                f"{event['task_id']:<36} {what}"
            )
        )
