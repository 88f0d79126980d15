"""taskdeck users: people, and their roles in projects."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import click

from .options import json_option, with_home
from .output import moment, print_json, print_table

if TYPE_CHECKING:
    from ...domain.access import User
    from ..container import Container

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group()
def users() -> None:
    """People who log in to the dashboard."""


@users.command()
@click.argument("username")
@click.option("--name", help="For people; default: the username.")
@click.option("--admin", is_flag=True, help="An administrator of the whole installation.")
@password_option
@json_option
def create(
    username: str, name: str | None, *, admin: bool, password_stdin: bool, as_json: bool
) -> None:
    """Make a user. The first one closes the set-up link that the brain prints.

    Example: taskdeck users create anna --admin
    """
    from ...domain.errors import InvalidInput
    from ...domain.services.users import NewUser

    new = NewUser(
        username=username, password=_password(password_stdin), name=name, instance_admin=admin
    )

    async def work(container: Container) -> User:
        users = container.users()
        if not admin and await users.setup_is_open():
            raise InvalidInput("The first user administers the installation: add --admin.")
        return await users.create(new, "cli")

    _act(work, "User {username} is made.", as_json=as_json)


@users.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """All users with their roles, disabled ones too."""
    from ..http.render_accounts import render_user

    async def work(container: Container) -> list[dict[str, Any]]:
        slugs = await container.projects().slugs()
        return [
            render_user(user)
            | {"roles": {slugs[place]: role for place, role in user.roles.items()}}
            for user in await container.users().all()
        ]

    found = with_home(work)
    if as_json:
        print_json({"users": found})
        return
    print_table(
        ("id", "username", "name", "roles", "created", "disabled"),
        (
            (
                user["id"], user["username"], user["name"], _roles(user),
                moment(user["created_at"]), "yes" if user["disabled"] else "",
            )
            for user in found
        ),
        empty="No users yet. Make one: taskdeck users create NAME --admin",
    )  # fmt: skip


@users.command()
@click.argument("username")
@json_option
def disable(username: str, *, as_json: bool) -> None:
    """End a user's sessions at once and let them log in no more."""

    async def work(container: Container) -> User:
        users = container.users()
        return await users.disable((await users.meant(username)).id, "cli")

    _act(work, "User {username} is disabled.", as_json=as_json)


@users.command()
@click.argument("username")
@json_option
def enable(username: str, *, as_json: bool) -> None:
    """Let a disabled user log in again."""

    async def work(container: Container) -> User:
        users = container.users()
        return await users.enable((await users.meant(username)).id, "cli")

    _act(work, "User {username} is enabled.", as_json=as_json)


@users.command("reset-password")
@click.argument("username")
@password_option
@json_option
def reset_password(username: str, *, password_stdin: bool, as_json: bool) -> None:
    """Give a user another password; it ends all their sessions."""
    password = _password(password_stdin)

    async def work(container: Container) -> User:
        users = container.users()
        return await users.set_password((await users.meant(username)).id, password, "cli")

    _act(work, "The password of {username} is changed.", as_json=as_json)


@users.command()
@click.argument("username")
@click.argument("project")
@click.argument("role", type=click.Choice(["viewer", "operator", "admin"]))
@json_option
def grant(username: str, project: str, role: str, *, as_json: bool) -> None:
    """Give a user a role in a project, instead of the one before.

    Example: taskdeck users grant anna shop operator
    """
    from ...domain.access import Role

    async def work(container: Container) -> User:
        users = container.users()
        of_project = await container.projects().one(project)
        return await users.grant(of_project, (await users.meant(username)).id, Role(role), "cli")

    _act(work, f"User {{username}} is {role} of {project}.", as_json=as_json)


@users.command()
@click.argument("username")
@click.argument("project")
@json_option
def revoke(username: str, project: str, *, as_json: bool) -> None:
    """Take a user's role in a project away."""

    async def work(container: Container) -> User:
        users = container.users()
        of_project = await container.projects().one(project)
        return await users.withdraw(of_project, (await users.meant(username)).id, "cli")

    _act(work, f"User {{username}} has no role in {project} any more.", as_json=as_json)


def _act(work: Callable[[Container], Awaitable[User]], said: str, *, as_json: bool) -> None:
    from ..http.render_accounts import render_user

    user = with_home(work)
    if as_json:
        print_json(render_user(user))
    else:
        click.echo(said.format(username=user.username))


def _password(from_stdin: bool) -> str:
    """One line of standard input, or what is typed twice."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _roles(user: dict[str, Any]) -> str:
    if user["instance_admin"]:
        return "instance admin"
    return ", ".join(f"{slug}: {role}" for slug, role in user["roles"].items())
