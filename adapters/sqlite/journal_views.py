"""Commands, bulk operations, workers and accounts, folded from journal rows within their transaction."""

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
from .database import Transaction
from .statements import statements
from .worker_views import fold_workers_into

_SQL = statements("journal")
_CODEC = OrjsonCodec()


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
    text = await transaction.value(_SQL["load_commands"], (_CODEC.dumps(ids).decode(),))
    stored = {command.id: command for command in map(Command.from_data, _CODEC.loads_exact(text))}
    commands = dict(stored)
    for command_id, each in zip(ids, recorded, strict=True):
        commands[command_id] = fold(commands.get(command_id), each)
    rows = [
        (c.id, c.project_id, c.status, c.task_id, c.issued_at, _CODEC.dumps(c.to_data()).decode())
        for c in commands.values()
    ]
    await transaction.execute_rows(_SQL["save_commands"], rows)
    return [c for c in commands.values() if ended_by(stored.get(c.id), c)]


async def _fold_account(transaction: Transaction, kind: str, recorded: Recorded) -> None:
    text = await transaction.value(_SQL["load_account"], (recorded.stream,))
    before = None if text is None else account_from_data(_CODEC.loads(text))
    record = fold_account(before, recorded)
    document = _CODEC.dumps(account_to_data(record)).decode()
    await transaction.execute(
        _SQL["save_account"], (recorded.stream, kind, record.created_at, document)
    )
    await transaction.execute(_SQL["forget_lookups"], (recorded.stream,))
    for lookup in lookups_of(record):
        await transaction.execute(_SQL["save_lookup"], (kind, lookup, recorded.stream))
