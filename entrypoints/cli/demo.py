"""taskdeck demo: something alive within seconds."""

from __future__ import annotations

import click


@click.command()
@click.option("--port", default=7700, show_default=True, type=int)
@click.option("--seconds", type=float, help="Stop by itself after so long.")
def demo(port: int, seconds: float | None) -> None:
    """Run a brain in a temporary home with a small simulated fleet, until Ctrl-C.

    The fleet is made of real signed connections: three shops' workers with failures, retries and a
    queue that grows. It prints what to look at; nothing of it stays.
    """
    from ..demo.show import main

    main(port=port, seconds=seconds)
