"""Rows of a key and a JSON document, claimed and saved many at a time (sql/folding.sql)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from ..wire import OrjsonCodec
from .connections import Transaction
from .statements import statements

_SQL = statements("folding")
_CODEC = OrjsonCodec()

PlaceT = TypeVar("PlaceT", bound=tuple[Any, ...])
Columns: TypeAlias = dict[str, list[Any]]


class Documents:
    """One table, by the names of its key's columns. Keys are given as the columns hold them."""

    def __init__(self, table: str, key: Sequence[str]) -> None:
        self._key = tuple(key)
        self._claim = _SQL[f"claim_{table}"]
        self._load = _SQL[f"load_{table}"]
        self._save = _SQL[f"save_{table}"]

    async def claim(self, transaction: Transaction, places: Iterable[PlaceT]) -> dict[PlaceT, Any]:
        """Lock these rows until the end of the transaction, also the ones that are not there yet.

        Returns the documents there are. What is claimed must be saved.
        """
        wanted = sorted(places)
        if not wanted:
            return {}
        keys = columns(self._key, wanted)
        await transaction.execute(self._claim, keys)
        found = await transaction.fetch(self._load, keys)
        return {wanted[place - 1]: _CODEC.loads_exact(document) for place, document in found}

    async def save(
        self,
        transaction: Transaction,
        rows: Mapping[PlaceT, tuple[Any, ...]],
        names: Sequence[str] = ("document",),
    ) -> None:
        """Write these columns of claimed rows."""
        if rows:
            whole = [(*place, *values) for place, values in rows.items()]
            await transaction.execute(self._save, columns((*self._key, *names), whole))


def columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Columns:
    """Rows as arrays by name; there is at least one row."""
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def dumped(value: Any) -> str:
    return _CODEC.dumps(value).decode()
