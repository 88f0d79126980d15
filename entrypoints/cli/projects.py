"""taskdeck projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .options import json_option, with_home
from .output import moment, print_json, print_table

if TYPE_CHECKING:
    from ..container import Container


@click.group()
def projects() -> None:
    """Projects keep the agents, tasks and people of one system apart from those of others."""


@projects.command()
@click.argument("slug")
@click.option("--name", help="For people; default: the slug.")
@json_option
def create(slug: str, name: str | None, *, as_json: bool) -> None:
    """Make a project. SLUG is what URLs and agents call it, and never changes.

    Example: taskdeck projects create shop --name "The shop"
    """
    from ..http.render_accounts import render_project

    async def work(container: Container) -> dict[str, Any]:
        return render_project(await container.projects().create(slug, name or slug, "cli"))

    created = with_home(work)
    if as_json:
        print_json(created)
    else:
        click.echo(f"Project {created['slug']} is made.")


@projects.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """All projects."""
    from ..http.render_accounts import render_project

    async def work(container: Container) -> list[dict[str, Any]]:
        return [render_project(each) for each in await container.projects().all()]

    found = with_home(work)
    if as_json:
        print_json({"projects": found})
        return
    print_table(
        ("slug", "name", "created"),
        ((each["slug"], each["name"], moment(each["created_at"])) for each in found),
        empty="No projects yet. Make one: taskdeck projects create SLUG",
    )
