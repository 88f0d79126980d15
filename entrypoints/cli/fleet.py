"""taskdeck workers, taskdeck queues."""

from __future__ import annotations

import click

from .options import brain, brain_options
from .output import moment, print_json, print_table


@click.command()
@click.argument("text", required=False)
@click.option("--presence", type=click.Choice(("online", "gone")), help="Default: both.")
@click.option("--deployment", help="As --json and the dashboard name it.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1))
@brain_options
def workers(
    url: str | None,
    key: str | None,
    project: str,
    text: str | None,
    presence: str | None,
    deployment: str | None,
    limit: int,
    *,
    as_json: bool,
) -> None:
    """Who is connected, and what they run now; with TEXT, whose id, node or host@pid has it in it."""
    with brain(url, key) as client:
        wanted = {"presence": presence, "deployment": deployment, "text": text}
        pages = client.pages("projects", project, "workers", items="workers", most=limit, **wanted)
        found = list(pages)
    if as_json:
        print_json(found)
        return
    print_table(
        ("state", "worker", "node", "host", "pid", "engines", "runs", "buffered", "lost", "since"),
        (
            (
                "online" if w["online"] else f"offline ({w['disconnect_reason']})",
                w["worker_id"] or "(no id)",
                (w["health"] or {}).get("node"),
                w.get("host"),
                w.get("pid"),
                ", ".join(w.get("engines", ())),
                ", ".join(task["name"] or task["task_id"] for task in w["running"]),
                (w["health"] or {}).get("buffer_depth"),
                (w["health"] or {}).get("lost_events"),
                moment(w["connected_at"]),
            )
            for w in found
        ),
        empty="No workers yet. Start one with the lines of: taskdeck agents create NAME",
    )


@click.command()
@click.argument("text", required=False)
@click.option("--minutes", default=60, show_default=True, type=click.IntRange(1, 1440))
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1))
@brain_options
def queues(
    url: str | None,
    key: str | None,
    project: str,
    text: str | None,
    minutes: int,
    limit: int,
    *,
    as_json: bool,
) -> None:
    """Depth, age and traffic, the deepest first; with TEXT, queues whose name has it in it."""
    with brain(url, key) as client:
        wanted = {"text": text, "minutes": minutes}
        pages = client.pages("projects", project, "queues", items="queues", most=limit, **wanted)
        found = list(pages)
    if as_json:
        print_json({"queues": found})
        return
    print_table(
        ("engine", "queue", "depth", "measured s ago", "oldest s", "in/min", "out/min"),
        (
            (
                q["engine"], q["queue"], q["depth"], q["depth_age_seconds"],
                q["oldest_waiting_seconds"], q["received_per_minute"], q["ended_per_minute"],
            )
            for q in found
        ),
        empty="No queues yet: agents report them with their first heartbeat or task.",
    )  # fmt: skip
