"""Sets of bulk operations: frozen, written down, read again with what became of each item."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from ...ports.bulk_views import BulkViews
from ...ports.clock import Clock
from ...ports.ids import IdSource
from ...ports.journal import Journal
from ...ports.task_selection import TaskSelection
from ..access import Project
from ..bulk import Bulk, BulkEntry
from ..bulk_items import (
    ITEMS,
    ITEMS_AN_ENTRY,
    MOST_ITEMS,
    Item,
    ItemStanding,
    entries_of,
    items_in,
    items_stream,
)
from ..errors import Conflict, InvalidInput
from ..idempotency import command_id_for
from ..instants import SECOND
from ..journal import Entry, Recorded, Write
from ..paging import decode_cursor, encode_cursor
from ..projections.tasks import TaskKey
from ..search import Query

SELECT_SECONDS = 10
"""How long a search for a set may take: less than callers wait for an answer."""
SELECT_PAGE = 5_000
ENTRIES_AN_APPEND = 50
"""Others append in between."""
PROGRESS_PAGE = 200


@dataclass(frozen=True, slots=True)
class ItemPage:
    items: tuple[ItemStanding, ...]
    next_cursor: str | None


class BulkSets:
    def __init__(
        self,
        *,
        journal: Journal,
        bulks: BulkViews,
        selection: TaskSelection,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._journal = journal
        self._bulks = bulks
        self._selection = selection
        self._clock = clock
        self._ids = ids

    async def search(self, project: Project, where: Query) -> AsyncIterator[Sequence[Item]]:
        """Page after page, also over empty ones. Raises TimeoutError when it takes too long."""
        deadline, cursor = self._clock.now() + SELECT_SECONDS * SECOND, None
        while True:
            page = await self._selection.select(project.id, where, cursor=cursor, limit=SELECT_PAGE)
            yield page.items
            cursor = page.next_cursor
            if cursor is None:
                return
            if self._clock.now() > deadline:
                raise TimeoutError

    async def freeze(self, project: Project, where: Query, *, at_most: int) -> Sequence[Item]:
        """All that a query finds now. Raises Conflict for nothing, and for too much."""
        most = min(at_most, MOST_ITEMS)
        found: dict[tuple[str, str], Item] = {}
        try:
            async for items in self.search(project, where):
                found.update((item[:2], item) for item in items)
                if len(found) > most:
                    raise Conflict(
                        f"More than {most} tasks match; narrow the query by time, state or name."
                    )
        except TimeoutError:
            raise Conflict(
                f"The search did not come to its end within {SELECT_SECONDS} s, so nothing was "
                "started; narrow the query by time, state or name."
            ) from None
        if not found:
            raise Conflict("No task matches, so nothing was started.")
        return list(found.values())

    async def write(self, project: Project, items: Sequence[Item], actor: str) -> str:
        """Write a set down; returns its name. Until an operation names it, nobody looks at it."""
        name, version = self._ids.uuid(), 0
        written = list(entries_of(items))
        while some := written[version : version + ENTRIES_AN_APPEND]:
            at = self._clock.now()
            entries = tuple(
                Entry(kind=ITEMS, at=at, actor=actor, project_id=project.id, data=data)
                for data in some
            )
            await self._journal.append(
                Write(stream=items_stream(name), expected_version=version, entries=entries)
            )
            version += len(entries)
        return name

    async def read(self, bulk: Bulk, start: int, end: int) -> Sequence[Item]:
        """The items from one number to before another."""
        if start >= end:
            return ()
        first = start // ITEMS_AN_ENTRY
        entries = await self._journal.read(
            items_stream(bulk.items), after=first, limit=(end - 1) // ITEMS_AN_ENTRY - first + 1
        )
        items = [item for recorded in entries for item in items_in(recorded.entry)]
        skip = start - first * ITEMS_AN_ENTRY
        return items[skip : skip + end - start]

    async def page(self, bulk: Bulk, *, cursor: str | None, limit: int) -> ItemPage:
        """Raises InvalidInput."""
        start, version = (0, 0) if cursor is None else decode_cursor(cursor, int, int)
        if not (0 <= start <= bulk.total and 0 <= version <= bulk.version):
            raise InvalidInput("this cursor is not from this list", field="cursor")
        end = min(start + limit, bulk.total)
        items = await self.read(bulk, start, end)
        skipped, version = await self._skipped(bulk, version, end)
        ids = {
            number: command_id_for(bulk.project_id, bulk.key_of(number))
            for number in range(start, min(end, bulk.reached))
            if number not in skipped
        }
        found = await self._bulks.commands(bulk.project_id, list(ids.values()))
        commands = {command.id: command for command in found}
        keys = [TaskKey(bulk.project_id, item.engine, item.task_id) for item in items]
        names = await self._selection.names(keys)
        standings = (
            ItemStanding(
                number=number,
                item=item,
                name=names.get(keys[number - start]),
                command=commands.get(ids[number]) if number in ids else None,
                skipped=skipped.get(number),
            )
            for number, item in enumerate(items, start)
        )
        return ItemPage(tuple(standings), encode_cursor(end, version) if end < bulk.total else None)

    async def _skipped(self, bulk: Bulk, version: int, end: int) -> tuple[dict[int, str], int]:
        """Reasons by number, of what the stream tells from behind a version until it has reached the
        end; and the version to read on from."""
        skipped: dict[int, str] = {}
        async for recorded in self._progress(bulk, version):
            data = recorded.entry.data
            skipped.update((int(number), reason) for number, reason in data["skipped"].items())
            if data["reached"] > end:
                break
            version = recorded.version
            if data["reached"] == end:
                break
        return skipped, version

    async def _progress(self, bulk: Bulk, version: int) -> AsyncIterator[Recorded]:
        while entries := await self._journal.read(bulk.stream, after=version, limit=PROGRESS_PAGE):
            for recorded in entries:
                if recorded.entry.kind == BulkEntry.ADVANCED:
                    yield recorded
            version = entries[-1].version
