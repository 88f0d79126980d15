"""taskdeck serve, taskdeck init."""

from __future__ import annotations

from dataclasses import replace

import click

from .options import json_option, settings
from .output import print_json


@click.command()
@click.option("--host", help="Address to listen on (Z4J_BIND_HOST).")
@click.option("--port", type=int, help="Port to listen on (Z4J_BIND_PORT); 0 for any free one.")
@click.option("--home", type=click.Path(), help="Folder of database and secret (Z4J_BRAIN_HOME).")
@click.option("--workers", type=int, help="Replicas that share the port (Z4J_WORKERS).")
@click.option("--log-level", help="debug, info, warning or error (Z4J_LOG_LEVEL).")
def serve(
    host: str | None,
    port: int | None,
    home: str | None,
    workers: int | None,
    log_level: str | None,
) -> None:
    """Run the brain until SIGTERM or Ctrl-C.

    The first start makes the database, a secret and a first API key, which it prints once.

    Example: taskdeck serve --port 7700
    """
    from ..server import main
    from ..settings import load_settings
    from ..supervisor import supervise

    configured = load_settings(
        bind_host=host, bind_port=port, home=home, workers=workers, log_level=log_level
    )
    if configured.workers > 1 and not configured.on_postgres:
        click.echo("SQLite has one brain: --workers is ignored. Use PostgreSQL for more.", err=True)
        configured = replace(configured, workers=1)
    run = main if configured.workers == 1 else supervise
    run(configured)


@click.command()
@json_option
def init(*, as_json: bool) -> None:
    """Prepare the home without running a brain: database, secret, command line's key.

    Example: Z4J_BRAIN_HOME=/var/lib/taskdeck taskdeck init
    """
    from .options import with_home

    configured = settings()

    async def work(_: object) -> None:
        return None

    with_home(work)
    facts = {"home": str(configured.home), "database": configured.database_name}
    if as_json:
        print_json(facts)
    else:
        click.echo(f"Ready: home {facts['home']}, database {facts['database']}")
