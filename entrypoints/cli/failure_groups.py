"""taskdeck failures: which defects are behind failed tasks."""

from __future__ import annotations

import click

from .options import brain, brain_options
from .output import moment, print_json, print_table
from .times import PAST, past_time


@click.command()
@click.option(
    "--since", metavar="TIME", callback=past_time, default="24h", show_default=True, help=PAST
)
@click.option("--until", metavar="TIME", callback=past_time, help="The same.")
@click.option("--engine")
@click.option("--name", help="Only failures of this task.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 200))
@brain_options
def failures(
    since: str,
    until: str | None,
    engine: str | None,
    name: str | None,
    limit: int,
    url: str | None,
    key: str | None,
    project: str,
    *,
    as_json: bool,
) -> None:
    """Failures by exception, message and place, the most frequent first.

    The tasks of a group: taskdeck tasks list fingerprint:FINGERPRINT
    """
    with brain(url, key) as client:
        found = client.get(
            "projects", project, "failures",
            since=since, until=until, engine=engine, name=name, limit=limit,
        )  # fmt: skip
    if as_json:
        print_json(found)
        return
    print_table(
        ("count", "retried", "failure", "at", "tasks", "first (UTC)", "last (UTC)", "fingerprint"),
        (
            (
                each["count"], each["retried"] or "", _said(each), each["place"],
                ", ".join(task["name"] or "?" for task in each["tasks"][:3]),
                moment(each["first_seen_at"]), moment(each["last_seen_at"]), each["fingerprint"],
            )
            for each in found["failures"]
        ),
        empty="Nothing failed in this time.",
    )  # fmt: skip
    if found["left_out"]:
        click.echo(f"{found['left_out']} more kinds of failures: see --limit.", err=True)


def _said(group: dict[str, str | None]) -> str:
    if group["rest"]:
        return "all other kinds"
    said = [part for part in (group["exception"], group["message"]) if part]
    return ": ".join(said) or "no exception was reported"
