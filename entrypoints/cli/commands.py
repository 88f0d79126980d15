"""taskdeck commands: act on workers and tasks."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from .failures import ExitCode
from .options import brain, brain_options
from .output import moment, named, print_json, print_table

if TYPE_CHECKING:
    from .client import BrainClient

LOOK_SECONDS = 0.2


@click.group()
def commands() -> None:
    """Orders to workers, and what became of them."""


@commands.command()
@click.argument("action")
@click.option("--engine", help="Needed where workers have several.")
@click.option("--task", "task_id", help="Id of the task it is about.")
@click.option("--agent", "agent_id", help="Only this agent's workers.")
@click.option("--worker", "worker_id", help="Only this worker.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Value: JSON or text.")
@click.option("--params-json", help="All parameters as one JSON object.")
@click.option("--idempotency-key", help="Issue it once, however often this runs.")
@click.option("--timeout", "timeout_seconds", type=click.IntRange(1, 3600), default=60)
@click.option("--wait", is_flag=True, help="Wait for the end; exit 1 unless it succeeded.")
@brain_options
def issue(
    url: str | None,
    key: str | None,
    project: str,
    params: tuple[str, ...],
    params_json: str | None,
    *,
    as_json: bool,
    wait: bool,
    **order: Any,
) -> None:
    """Order an action.

    \b
    Examples:
      taskdeck commands issue retry_task --engine celery --task ID --wait
      taskdeck commands issue purge_queue --engine celery --param queue=mail
      taskdeck commands issue submit_task --param name=shop.pay --param 'args=[1, 2]'
    """
    body = {name: value for name, value in order.items() if value is not None}
    body["parameters"] = {**_object(params_json), **dict(_parameter(text) for text in params)}
    with brain(url, key) as client:
        command = client.post("projects", project, "commands", body=body)
        for line in command.get("advice", ()):
            click.echo(line, err=True)
        if wait:
            command = _until_final(client, project, command["id"], quiet=as_json)
    _print_command(command, as_json=as_json)
    if wait and command["status"] != "succeeded":
        sys.exit(ExitCode.FAILED)


@commands.command()
@click.argument("command_id")
@brain_options
def show(command_id: str, url: str | None, key: str | None, project: str, *, as_json: bool) -> None:
    """A command with its result."""
    with brain(url, key) as client:
        _print_command(client.get("projects", project, "commands", command_id), as_json=as_json)


@commands.command()
@click.argument("command_id")
@brain_options
def cancel(
    command_id: str, url: str | None, key: str | None, project: str, *, as_json: bool
) -> None:
    """Withdraw a command that was not sent yet."""
    with brain(url, key) as client:
        command = client.post("projects", project, "commands", command_id, "cancel", body={})
    _print_command(command, as_json=as_json)


@commands.command("list")
@click.option("--status", multiple=True, help="issued, claimed, succeeded, failed …; repeatable.")
@click.option("--task", "task_id", help="Commands on this task.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@brain_options
def list_(
    url: str | None, key: str | None, project: str, limit: int, *, as_json: bool, **filters: Any
) -> None:
    """Commands, newest first."""
    with brain(url, key) as client:
        found = list(
            client.pages("projects", project, "commands", items="commands", most=limit, **filters)
        )
    if as_json:
        print_json({"commands": found})
        return
    print_table(
        ("status", "action", "id", "engine", "task or queue", "issued (UTC)", "by", "error or note"),
        (
            (
                c["status"], c["action"], c["id"], c["engine"], c["task_id"] or c["queue"],
                moment(c["issued_at"]), named(c["issued_by"], c["issued_by_name"]),
                c["error"] or c["note"],
            )
            for c in found
        ),
        empty="No commands yet. See: taskdeck commands issue --help",
    )  # fmt: skip


def _until_final(client: BrainClient, project: str, command_id: str, *, quiet: bool) -> Any:
    status = None
    while True:
        command = client.get("projects", project, "commands", command_id)
        if command["status"] != status and not quiet:
            status = command["status"]
            click.echo(status, err=True)
        if command["final"]:
            return command
        time.sleep(LOOK_SECONDS)


def _print_command(command: Any, *, as_json: bool) -> None:
    if as_json:
        print_json(command)
        return
    shown = ("id", "action", "engine", "task_id", "queue", "status", "result", "error", "note")
    rows = [(name, command[name]) for name in shown if command[name] is not None]
    rows.append(("issued_by", named(command["issued_by"], command["issued_by_name"])))
    print_table(("field", "value"), rows, empty="", lines=True)


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--param")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _object(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        value = json.loads(text)
    except ValueError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint="--params-json") from None
    if not isinstance(value, dict):
        raise click.BadParameter("not a JSON object", param_hint="--params-json")
    return value
