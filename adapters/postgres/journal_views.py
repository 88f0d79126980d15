"""Commands, bulk operations, workers and accounts, folded from journal rows within their transaction.

The journal's lock is held, so nobody else writes these tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...domain.access import (
    ACCOUNT_KINDS,
    account_from_data,
    account_to_data,
    fold_account,
    lookups_of,
)
from ...domain.command_folding import ended_by, fold
from ...domain.commands import Command
from ...domain.ids import CommandId
from ...domain.journal import Recorded
from ..wire import OrjsonCodec
from .bulk_views import fold_bulks_into
from .connections import Transaction
from .documents import columns, dumped
from .statements import statements
from .texts import optional_to_column, to_column
from .worker_views import fold_workers_into

_SQL = statements("journal")
_CODEC = OrjsonCodec()
_COMMAND = ("id", "project_id", "status", "task_id", "issued_at", "document")


async def fold_journal_into(transaction: Transaction, recorded: Iterable[Recorded]) -> None:
    by_kind: dict[str, list[Recorded]] = {}
    for each in recorded:
        by_kind.setdefault(each.stream.partition(":")[0], []).append(each)
    ended = await _fold_commands(transaction, by_kind.pop("command", []))
    await fold_bulks_into(transaction, by_kind.pop("bulk", []), ended)
    await fold_workers_into(transaction, by_kind.pop("session", []))
    for kind in ACCOUNT_KINDS:
        for each in by_kind.get(kind, []):
            await _fold_account(transaction, kind, each)


async def _fold_commands(
    transaction: Transaction, recorded: Sequence[Recorded]
) -> Sequence[Command]:
    """Returns those that came to their end."""
    if not recorded:
        return ()
    ids = [CommandId(each.stream.partition(":")[2]) for each in recorded]
    wanted = {"ids": [to_column(command_id) for command_id in ids]}
    stored = {}
    for (document,) in await transaction.fetch(_SQL["load_commands"], wanted):
        command = Command.from_data(_CODEC.loads_exact(document))
        stored[command.id] = command
    commands = dict(stored)
    for command_id, each in zip(ids, recorded, strict=True):
        commands[command_id] = fold(commands.get(command_id), each)
    rows = [
        (
            to_column(command.id),
            command.project_id,
            command.status.value,
            optional_to_column(command.task_id),
            command.issued_at,
            dumped(command.to_data()),
        )
        for command in commands.values()
    ]
    await transaction.execute(_SQL["save_commands"], columns(_COMMAND, rows))
    return [each for each in commands.values() if ended_by(stored.get(each.id), each)]


async def _fold_account(transaction: Transaction, kind: str, recorded: Recorded) -> None:
    stream = to_column(recorded.stream)
    text = await transaction.value(_SQL["load_account"], {"stream": stream})
    before = None if text is None else account_from_data(_CODEC.loads(text))
    record = fold_account(before, recorded)
    await transaction.execute(
        _SQL["save_account"],
        {
            "stream": stream,
            "kind": kind,
            "created_at": record.created_at,
            "document": dumped(account_to_data(record)),
        },
    )
    await transaction.execute(_SQL["forget_lookups"], {"stream": stream})
    await transaction.execute(
        _SQL["save_lookups"],
        {
            "kind": kind,
            "lookups": [to_column(lookup) for lookup in lookups_of(record)],
            "stream": stream,
        },
    )
