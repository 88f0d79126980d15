"""Storing what came together, piece by piece where it has to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from ..batching import Batch
from ..errors import StoreFailed, StoreRejected
from .patient_store import PatientStore

ItemT = TypeVar("ItemT")

MOST_DOUBTFUL = 16
"""So many items may fail alone, and nothing succeed, before the fault is taken to be the store's."""


class Committing(Generic[ItemT]):
    """One attempt to store some items.

    A fault that nobody foresaw is laid to an item only when others could be stored beside it;
    otherwise it might be the store's, and rejecting would throw away what is well.
    """

    def __init__(
        self,
        store: PatientStore,
        batch_of: Callable[[Sequence[ItemT]], Batch],
        settled: Callable[[Sequence[ItemT], int], None],
    ) -> None:
        """`settled` hears of items that are durable, and of a single one with how many of its
        events never can be."""
        self._store = store
        self._batch_of = batch_of
        self._settled = settled
        self._doubtful: list[ItemT] = []
        self._untried: list[ItemT] = []
        self._commits_before = store.commits

    async def commit(self, items: Sequence[ItemT]) -> Sequence[ItemT]:
        """Store the items; returns those to try again later, nothing of which is durable or lost."""
        await self._store_parts(items)
        if not self._proven:
            return [*self._untried, *self._doubtful]
        for item in self._doubtful:
            await self._salvage(item)
        return ()

    @property
    def _proven(self) -> bool:
        """The store works."""
        return self._store.commits > self._commits_before

    async def _store_parts(self, items: Sequence[ItemT]) -> None:
        if len(self._doubtful) >= MOST_DOUBTFUL and not self._proven:
            self._untried.extend(items)
            return
        batch = self._batch_of(items)
        try:
            await self._store.append(batch)
        except (StoreRejected, StoreFailed) as error:
            if len(items) > 1:
                middle = len(items) // 2
                await self._store_parts(items[:middle])
                await self._store_parts(items[middle:])
            elif isinstance(error, StoreRejected) or not batch.events:
                # Health is soft: the next report brings it again.
                await self._salvage(items[0])
            else:
                self._doubtful.append(items[0])
        else:
            self._settled(items, 0)

    async def _salvage(self, item: ItemT) -> None:
        refused = await self._store.salvage(self._batch_of([item]))
        self._settled([item], refused)
