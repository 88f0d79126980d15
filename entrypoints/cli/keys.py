"""taskdeck keys: API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .options import json_option, with_home
from .output import moment, print_json, print_table
from .times import FUTURE, coming_time

if TYPE_CHECKING:
    from ..container import Container


@click.group()
def keys() -> None:
    """API keys, for people and programs that talk to the brain."""


@keys.command()
@click.option("--name", required=True, help="What the key is for.")
@click.option(
    "--role",
    type=click.Choice(["viewer", "operator", "admin"]),
    default="viewer",
    show_default=True,
    help="viewer reads, operator commands, admin mints agents.",
)
@click.option("--project", help="The only project it is for, by slug; default: every one.")
@click.option("--expires", metavar="TIME", callback=coming_time, help=f"When it ends. {FUTURE}")
@json_option
def create(
    name: str, role: str, project: str | None, expires: str | None, *, as_json: bool
) -> None:
    """Make a key and print it; it cannot be shown again.

    Example: taskdeck keys create --name ci --role operator --project shop --expires 90d --json
    """
    from ...domain.access import Role
    from ...domain.instants import parse_instant
    from ..http.render_accounts import render_key

    async def work(container: Container) -> dict[str, object]:
        of_project = None if project is None else await container.projects().one(project)
        created = await container.keys().create(
            name,
            Role(role),
            "cli",
            project=of_project,
            expires_at=None if expires is None else parse_instant(expires),
        )
        return {
            "key": created.key,
            "record": render_key(created.record, await container.projects().slugs()),
        }

    created = with_home(work)
    if as_json:
        print_json(created)
    else:
        click.echo(created["key"])


@keys.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """All keys by their beginnings, revoked ones too."""
    from ..http.render_accounts import render_key

    async def work(container: Container) -> list[dict[str, Any]]:
        slugs = await container.projects().slugs()
        return [render_key(key, slugs) for key in await container.keys().all()]

    found = with_home(work)
    if as_json:
        print_json({"keys": found})
        return
    print_table(
        ("id", "name", "role", "project", "key", "created", "expires", "revoked"),
        (
            (
                k["id"], k["name"], k["role"], k["project"] or "(all)", f"{k['prefix']}…",
                moment(k["created_at"]), moment(k["expires_at"]), moment(k["revoked_at"]),
            )
            for k in found
        ),
        empty="No keys yet. Make one: taskdeck keys create --name NAME",
    )  # fmt: skip


@keys.command()
@click.argument("key_id")
@json_option
def revoke(key_id: str, *, as_json: bool) -> None:
    """Revoke a key at once."""
    from ...domain.ids import KeyId
    from ..http.render_accounts import render_key

    async def work(container: Container) -> dict[str, object]:
        revoked = await container.keys().revoke(KeyId(key_id), "cli")
        return render_key(revoked, await container.projects().slugs())

    revoked = with_home(work)
    if as_json:
        print_json(revoked)
    else:
        click.echo(f"Key {revoked['name']} is revoked.")
