from __future__ import annotations

from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.adapters.memory.notices import RecordedNotices
from taskdeck.domain.instants import SECOND
from taskdeck.domain.notices import Notice, Severity
from taskdeck.domain.services.calm_notices import AT_ONCE, WINDOW_SECONDS, CalmNotices

from ...builders import NOW

REFUSED = Notice(Severity.WARNING, "frame.refused.hmac", "No.", {"agent": "a1"})
OTHER = Notice(Severity.ERROR, "store.unavailable", "Away.")


def test_a_flood_is_told_in_few_lines_and_a_count() -> None:
    told, clock = RecordedNotices(), ManualClock(NOW)
    calm = CalmNotices(told, clock)
    for _ in range(AT_ONCE + 500):
        calm.tell(REFUSED)
    calm.tell(OTHER)
    assert told.codes == [REFUSED.code] * AT_ONCE + [OTHER.code]

    calm.catch_up()
    assert len(told.told) == AT_ONCE + 1
    clock.advance(WINDOW_SECONDS * SECOND)
    calm.catch_up()
    assert len(told.told) == AT_ONCE + 2
    assert told.told[-1].code == REFUSED.code
    assert told.told[-1].details == {"agent": "a1", "suppressed": 500}


def test_a_new_window_tells_again() -> None:
    told, clock = RecordedNotices(), ManualClock(NOW)
    calm = CalmNotices(told, clock)
    for _ in range(2):
        for _ in range(AT_ONCE):
            calm.tell(REFUSED)
        clock.advance(WINDOW_SECONDS * SECOND)
        calm.catch_up()
    assert told.told == [REFUSED] * (2 * AT_ONCE)
