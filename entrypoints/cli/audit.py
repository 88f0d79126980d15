"""taskdeck audit: who decided what, and whether the record of it is whole."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING, Any

import click

from ...domain.journal import GENESIS
from .failures import ExitCode
from .options import AnyFunction, brain, brain_options, export_options, json_option, with_home
from .output import moment, named, print_json, print_table
from .times import PAST, past_time

if TYPE_CHECKING:
    from ...domain.services.audit import Verified
    from ..container import Container


def filter_options(function: AnyFunction) -> AnyFunction:
    """Which decisions of a project are wanted."""
    for option in (
        click.option("--until", metavar="TIME", callback=past_time, help=PAST),
        click.option("--since", metavar="TIME", callback=past_time, help=PAST),
        click.option("--kind", help="Like command.issued, or all of command, member, key …"),
        click.option(
            "--actor", help="Like user:anna, key:<id>, or all of user, key, cli, brain, agent."
        ),
    ):
        function = option(function)
    return function


@click.group()
def audit() -> None:
    """Decisions of the brain and its operators: list, export, verify."""


@audit.command("list")
@filter_options
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@brain_options
def list_(
    *,
    limit: int,
    url: str | None,
    key: str | None,
    project: str,
    as_json: bool,
    **filters: str | None,
) -> None:
    """The latest decisions of a project, newest first.

    Example: taskdeck audit list --actor user --kind command
    """
    with brain(url, key) as client:
        path = ("projects", project, "audit")
        entries = list(client.pages(*path, items="entries", most=limit, **filters))
    if as_json:
        print_json({"entries": entries})
        return
    rows = [
        (
            moment(each["at"]), named(each["actor"], each["actor_name"]), each["address"],
            each["kind"], named(each["stream"], each["stream_name"]),
        )
        for each in entries
    ]  # fmt: skip
    print_table(("at (UTC)", "who", "from", "what", "of"), rows, empty="Nothing was decided yet.")


@audit.command()
@filter_options
@export_options
def export(
    *,
    url: str | None,
    key: str | None,
    project: str,
    format_: str,
    output: IO[bytes],
    **filters: str | None,
) -> None:
    """All decisions of a project that match, newest first, as CSV or NDJSON.

    Example: taskdeck audit export --kind command --output commands.csv
    """
    with brain(url, key) as client:
        path = ("projects", project, "audit", "export")
        for piece in client.download(*path, format=format_, **filters):
            output.write(piece)


@audit.command()
@click.option("--expect", metavar="HASH", help="A last hash of before; it must still be there.")
@json_option
def verify(*, expect: str | None, as_json: bool) -> None:
    """Check the chain of hashes over all decisions; exits 1 if a row was changed or is missing.

    Works on the database itself, beside running brains. Who writes to the database can take rows off
    the end, or make all hashes anew: keep the last hash elsewhere, and give it with --expect.
    """
    expected = GENESIS if expect is None else _hash(expect)
    verified = with_home(lambda container: _verify(container, expected))
    said = _described(verified)
    if as_json:
        print_json(said)
    elif verified.sound:
        click.echo(f"All {verified.rows} rows are as they were written. Last hash: {said['last']}")
    elif verified.broken is None:
        click.echo(
            f"No row has the hash {expect}: the journal lost rows at its end, or was written anew. "
            f"The {verified.rows} rows that are there fit together.",
            err=True,
        )
    else:
        click.echo(
            f"Row {said['broken']['cursor']} ({said['broken']['kind']} of "
            f"{said['broken']['stream']}) is not what was written, or rows before it are missing. "
            f"The {verified.rows} rows before it are sound.",
            err=True,
        )
    if not verified.sound:
        sys.exit(ExitCode.FAILED)


async def _verify(container: Container, expected: bytes) -> Verified:
    from ...domain.services.audit import verify as walk

    return await walk(container.journal(), expected=expected)


def _hash(text: str) -> bytes:
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if len(digest) != len(GENESIS):
        raise click.BadParameter("a hash is 64 hexadecimal digits", param_hint="--expect")
    return digest


def _described(verified: Verified) -> dict[str, Any]:
    row = verified.broken
    broken = row and {"cursor": row.cursor, "stream": row.stream, "kind": row.entry.kind}
    return {
        "rows": verified.rows, "broken": broken, "last": verified.last.hex(),
        "missing": verified.missing,
    }  # fmt: skip
