"""taskdeck replay: rebuild the views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import json_option, opened_home, settings
from .output import print_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..container import Container


@click.command()
@json_option
def replay(*, as_json: bool) -> None:
    """Throw all views away and rebuild them from the logs. The brain must be stopped.

    Nothing of the logs is changed; if this is interrupted, run it again.
    """
    import asyncio

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress

    from ..home import locked

    columns = ("[bold]replaying", BarColumn(), MofNCompleteColumn())
    with (
        locked(settings().home),
        Progress(*columns, console=Console(stderr=True), disable=as_json) as bar,
    ):
        task = bar.add_task("rows", total=None)

        def sized(total: int) -> None:
            bar.update(task, total=total)

        def advanced(rows: int) -> None:
            bar.advance(task, rows)

        rows = asyncio.run(_replay(sized, advanced))
    if as_json:
        print_json({"rows": rows})
    else:
        click.echo(f"All views are rebuilt from {rows} rows.")


async def _replay(sized: Callable[[int], None], advanced: Callable[[int], None]) -> int:
    from ...domain.services.replay import replay as rebuild

    async with opened_home() as container:
        await _refuse_beside(container)
        events, journal = container.event_store(), container.journal()
        sized(await events.count() + await journal.count())
        return await rebuild(
            events=events, journal=journal, views=container.views(), progress=advanced
        )


async def _refuse_beside(container: Container) -> None:
    """Raises Conflict while a replica runs: what it folds meanwhile would be folded twice."""
    from ...domain.errors import Conflict

    alive = [each for each in await container.registry().replicas() if each.id != container.me().id]
    if alive:
        names = ", ".join(each.name for each in alive)
        raise Conflict(f"Stop all replicas first; these run: {names}.")
