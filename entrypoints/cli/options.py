"""Options that many commands share, and what they lead to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from ..container import Container
    from ..settings import Settings
    from .client import BrainClient

T = TypeVar("T")
AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

KEY_VARIABLE = "TASKDECK_API_KEY"

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
project_option = click.option(
    "--project", default="default", show_default=True, help="The project's slug."
)


def place_options(function: AnyFunction) -> AnyFunction:
    """--url, --key and --project: which brain to ask, and for what of it."""
    for option in (
        project_option,
        click.option("--key", envvar=KEY_VARIABLE, help="API key; default: this home's own."),
        click.option("--url", help="The brain's URL; default: the one configured here."),
    ):
        function = option(function)
    return function


def brain_options(function: AnyFunction) -> AnyFunction:
    """--json and where to ask, for commands that talk to a running brain."""
    return place_options(json_option(function))


def settings() -> Settings:
    from ..settings import load_settings

    return load_settings()


def export_options(function: AnyFunction) -> AnyFunction:
    """--format, --output and where to ask, for commands that write a file."""
    function = place_options(function)
    for option in (
        click.option(
            "--output", type=click.File("wb", lazy=True), default="-", help="A file; default: here."
        ),
        click.option(
            "--format",
            "format_",
            type=click.Choice(["csv", "ndjson"]),
            default="csv",
            show_default=True,
        ),
    ):
        function = option(function)
    return function


@contextmanager
def brain(url: str | None, key: str | None) -> Iterator[BrainClient]:
    """A client of the running brain, with the key given or the one that the home keeps."""
    from ...domain.errors import Unauthenticated
    from ..home import CLI_KEY_FILE
    from .client import BrainClient

    configured = settings()
    if key is None:
        try:
            key = (configured.home / CLI_KEY_FILE).read_text().strip()
        except OSError:
            raise Unauthenticated(
                f"No API key: {configured.home} keeps none. Give one with --key or "
                f"{KEY_VARIABLE}, or run this where the brain runs."
            ) from None
    client = BrainClient(url or configured.url, key)
    try:
        yield client
    finally:
        client.close()


def with_home(work: Callable[[Container], Awaitable[T]]) -> T:
    """Run `work` on the database of this home, whether or not a brain runs."""
    return asyncio.run(_with_home(work))


async def _with_home(work: Callable[[Container], Awaitable[T]]) -> T:
    async with opened_home() as container:
        return await work(container)


@asynccontextmanager
async def opened_home() -> AsyncIterator[Container]:
    from ..container import Container
    from ..first_start import prepare
    from ..home import ensure_home

    configured = settings()
    ensure_home(configured.home)
    container = Container(settings=configured)
    await container.database().open()
    try:
        await prepare(container.projects(), container.keys(), configured.home)
        yield container
    finally:
        await container.database().close()
