"""Rows of a key and a JSON document, claimed and saved many at a time (sql/folding.sql)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from psycopg import sql

from ...domain.retention import day_of
from ..wire import OrjsonCodec
from .connections import Transaction
from .partitions import Table, partition_name
from .statements import statements

_SQL = statements("folding")
_CODEC = OrjsonCodec()

PlaceT = TypeVar("PlaceT", bound=tuple[Any, ...])
Columns: TypeAlias = dict[str, list[Any]]


class Documents:
    """One table, by the names of its key's columns. Keys are given as the columns hold them.

    Of a table in partitions each is loaded by its own name: a plan for all of them would lock all.
    """

    def __init__(self, table: str, key: Sequence[str], partitioned: Table | None = None) -> None:
        self._key = tuple(key)
        self._table = table
        self._partitioned = partitioned
        self._claim = _SQL.get(f"claim_{table}")
        self._load = _SQL[f"load_{table}"]
        self._save = _SQL[f"save_{table}"]

    async def claim(self, transaction: Transaction, places: Iterable[PlaceT]) -> dict[PlaceT, Any]:
        """Lock these rows until the end of the transaction, also the ones that are not there yet.

        Returns the documents there are. What is claimed must be saved. (Tasks that are not there
        yet are locked by their filings.)
        """
        parts = self._by_partition(sorted(places))
        wanted = [place for _, part in parts for place in part]
        if not wanted:
            return {}
        if self._claim is not None:
            await transaction.execute(self._claim, columns(self._key, wanted))
        documents = {}
        for name, part in parts:
            load = sql.SQL(self._load).format(table=sql.Identifier(name))
            for place, document in await transaction.fetch(load, columns(self._key, part)):
                documents[part[place - 1]] = _CODEC.loads_exact(document)
        return documents

    def _by_partition(self, places: Sequence[PlaceT]) -> Sequence[tuple[str, Sequence[PlaceT]]]:
        """Name of each partition and what lies in it, in the order of days."""
        if self._partitioned is None:
            return [(self._table, places)]
        at = self._key.index(self._partitioned.column)
        days: defaultdict[int, list[PlaceT]] = defaultdict(list)
        for place in places:
            days[day_of(place[at])].append(place)
        return [(partition_name(self._partitioned, day), days[day]) for day in sorted(days)]

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
