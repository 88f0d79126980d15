"""taskdeck config: every setting."""

from __future__ import annotations

from dataclasses import asdict

import click

from .options import json_option, settings
from .output import print_json, print_table


@click.command()
@json_option
def config(*, as_json: bool) -> None:
    """Every setting with value, source and meaning; secrets are masked."""
    from ..settings import describe

    rows = describe(settings())
    if as_json:
        print_json({"settings": [asdict(row) for row in rows]})
    else:
        print_table(
            ("variable", "value", "source", "meaning"),
            ((row.name, row.value, row.source, row.meaning) for row in rows),
            empty="",
        )
