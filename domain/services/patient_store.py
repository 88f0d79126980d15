"""An event store behind which nothing is lost: failures are waited out, bad events set apart."""

from __future__ import annotations

from collections.abc import Sequence

from ...ports.clock import Clock
from ...ports.event_store import Appended, EventStore
from ...ports.metrics import Metrics
from ...ports.notices import Notices
from ..batching import Batch
from ..errors import StoreFailed, StoreRejected, StoreUnavailable
from ..events import Event
from ..faults import render_fault
from ..health import HealthReport
from ..ids import render_event_id
from ..instants import SECOND, Instant
from ..notices import Notice, Severity

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 5.0
"""Seconds between attempts while the store is unavailable, doubling."""


class PatientStore:
    """Appends for as long as it takes."""

    def __init__(self, store: EventStore, clock: Clock, notices: Notices, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics
        self._busy_since: Instant | None = None
        self._clock = clock
        self._notices = notices
        self.commits = 0
        """Batches that brought something new."""

    @property
    def busy_seconds(self) -> float:
        """For how long the present batch has been on its way."""
        if self._busy_since is None:
            return 0.0
        return (self._clock.now() - self._busy_since) / SECOND

    async def append(self, batch: Batch) -> None:
        """Store a batch, trying again while the store is unavailable.

        Raises StoreRejected, and StoreFailed for whatever else went wrong.
        """
        self._busy_since = self._clock.now()
        try:
            appended = await self._append(batch)
            self.commits += bool(appended.stored)
            self._metrics.stored(appended, seconds=self.busy_seconds)
        finally:
            self._busy_since = None

    async def _append(self, batch: Batch) -> Appended:
        pause = FIRST_PAUSE
        while True:
            try:
                appended = await self._store.append(batch)
            except StoreUnavailable as error:
                if pause == FIRST_PAUSE:
                    self._tell_unavailable(error)
                await self._clock.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except StoreRejected:
                raise
            except Exception as error:  # a fault in folding one event must not end all ingest
                fault = render_fault(error)
                self._tell(Severity.ERROR, "store.failed", f"Events could not be stored: {fault}")
                raise StoreFailed(fault) from error
            else:
                if pause != FIRST_PAUSE:
                    self._tell(Severity.INFO, "store.recovered", "The database takes events again.")
                return appended

    async def salvage(self, batch: Batch) -> int:
        """Store what can be stored of a batch that was rejected, or failed while others did not;
        returns how many events never can be."""
        for report in batch.reports:
            await self._append_report(report)
        return await self._append_parts(batch.events)

    async def _append_parts(self, events: Sequence[Event]) -> int:
        if not events:
            return 0
        try:
            await self.append(Batch(tuple(events)))
        except (StoreRejected, StoreFailed) as error:
            if len(events) == 1:
                self._tell_rejected(f"event {render_event_id(events[0].id)}", error)
                return 1
            middle = len(events) // 2
            first = await self._append_parts(events[:middle])
            return first + await self._append_parts(events[middle:])
        return 0

    async def _append_report(self, report: HealthReport) -> None:
        try:
            await self.append(Batch(reports=(report,)))
        except (StoreRejected, StoreFailed) as error:
            self._tell_rejected(f"a health report of agent {report.slot.agent_id}", error)

    def _tell_unavailable(self, error: StoreUnavailable) -> None:
        self._tell(
            Severity.ERROR,
            "store.unavailable",
            f"{error.message} Events wait and stay with the agents; nothing is acknowledged.",
        )

    def _tell_rejected(self, what: str, error: StoreRejected | StoreFailed) -> None:
        self._tell(
            Severity.ERROR,
            "store.rejected",
            f"It is not possible to store {what}; it counts as rejected: {error.message}",
        )

    def _tell(self, severity: Severity, code: str, message: str) -> None:
        self._notices.tell(Notice(severity, code, message))
