"""taskdeck agents: credentials of applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .options import json_option, project_option, settings, with_home
from .output import moment, print_json, print_table

if TYPE_CHECKING:
    from ..container import Container


@click.group()
def agents() -> None:
    """Credentials of applications; many processes may share one."""


@agents.command()
@click.argument("name")
@project_option
@json_option
def create(name: str, project: str, *, as_json: bool) -> None:
    """Make an agent and print what it needs; its secrets cannot be shown again.

    Example: taskdeck agents create shop >> .env
    """
    from ..http.render_accounts import render_minted

    async def work(container: Container) -> dict[str, Any]:
        of_project = await container.projects().one(project)
        return render_minted(await container.agents().mint(of_project, name, "cli"))

    minted = with_home(work)
    _show(minted, name, project, as_json=as_json)


@agents.command()
@click.argument("agent_id")
@click.option(
    "--overlap",
    type=click.IntRange(0, 30 * 24),
    default=24,
    show_default=True,
    help="Hours in which the token before is still good.",
)
@project_option
@json_option
def rotate(agent_id: str, overlap: int, project: str, *, as_json: bool) -> None:
    """Give an agent another token; its workers can take it over one by one.

    Example: taskdeck agents rotate 6f1c… --overlap 48 >> .env
    """
    from ...domain.ids import AgentId
    from ..http.render_accounts import render_minted

    async def work(container: Container) -> dict[str, Any]:
        of_project = await container.projects().one(project)
        rotated = await container.agents().rotate(
            of_project, AgentId(agent_id), "cli", overlap_seconds=3_600 * overlap
        )
        return render_minted(rotated)

    minted = with_home(work)
    _show(minted, minted["agent"]["name"], project, as_json=as_json)


def _show(minted: dict[str, Any], name: str, project: str, *, as_json: bool) -> None:
    """The secrets of an agent, this once, as an environment takes them."""
    if as_json:
        print_json(minted)
        return
    for line in minted["advice"]:
        click.echo(f"# {line}", err=True)
    click.echo(f"# agent {name}: put these into the environment of its workers", err=True)
    for variable, value in (
        ("Z4J_BRAIN_URL", settings().url),
        ("Z4J_TOKEN", minted["token"]),
        ("Z4J_PROJECT_ID", project),
        ("Z4J_HMAC_SECRET", minted["hmac_secret"]),
    ):
        click.echo(f"export {variable}={value}")


@agents.command("list")
@project_option
@json_option
def list_(project: str, *, as_json: bool) -> None:
    """All agents of a project, revoked ones too."""
    from ..http.render_accounts import render_agent

    async def work(container: Container) -> list[dict[str, object]]:
        of_project = await container.projects().one(project)
        return [render_agent(agent) for agent in await container.agents().all_of(of_project)]

    found = with_home(work)
    if as_json:
        print_json({"agents": found})
        return
    print_table(
        ("id", "name", "created", "revoked"),
        ((a["id"], a["name"], moment(a["created_at"]), moment(a["revoked_at"])) for a in found),  # type: ignore[arg-type]
        empty="No agents yet. Make one: taskdeck agents create NAME",
    )


@agents.command()
@click.argument("agent_id")
@project_option
@json_option
def revoke(agent_id: str, project: str, *, as_json: bool) -> None:
    """Revoke an agent's token; a running brain ends its sessions within two seconds."""
    from ...domain.ids import AgentId
    from ..http.render_accounts import render_agent

    async def work(container: Container) -> dict[str, object]:
        of_project = await container.projects().one(project)
        agents = container.agents()
        return render_agent(await agents.revoke(of_project, AgentId(agent_id), "cli"))

    revoked = with_home(work)
    if as_json:
        print_json(revoked)
    else:
        click.echo(f"Agent {revoked['name']} is revoked.")
