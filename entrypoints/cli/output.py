"""Tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from ...domain.printable import printable

WIDE = 200
"""Columns of a table that goes into a pipe."""


def print_json(document: Any) -> None:
    click.echo(_json(document, indent=2))


def print_line(document: Any) -> None:
    """One document of a stream (NDJSON)."""
    click.echo(_json(document))
    sys.stdout.flush()


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str, lines: bool = False
) -> None:
    """A table as wide as the terminal; `empty` says what to do where there is nothing.

    With `lines` a cell may have several.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        # An id that is folded cannot be copied.
        table.add_column(column, overflow="fold", no_wrap=column == "id")
    for row in rows:
        # As Text: what agents report is never read as markup.
        table.add_row(*(Text(printable(_cell(cell), lines=lines)) for cell in row))
    if table.row_count:
        Console(width=None if sys.stdout.isatty() else WIDE).print(table)
    else:
        click.echo(empty, err=True)


def _json(document: Any, *, indent: int | None = None) -> str:
    """Readable in every language, with escapes for what a terminal would obey."""
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text
    )


def _cell(value: object) -> str:
    """Text as it is, documents as JSON: what is read can be pasted into a command."""
    if value is None:
        return ""
    if isinstance(value, bool | dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def named(who: str, name: str) -> str:
    """`user:anna` for `user:<id>`; what has no name of its own stays its id."""
    kind, colon, _ = who.partition(":")
    return f"{kind}:{name}" if colon and name != who else who


def moment(time: str | None) -> str:
    """A UTC time of the API, shortened to the second."""
    return "" if time is None else time[:19].replace("T", " ")
