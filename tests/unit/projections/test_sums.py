"""Windows in pieces, and histograms merged as numbers."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from taskdeck.domain.instants import DAY, MINUTE
from taskdeck.domain.projections.periods import LENGTHS, MARGIN, Period, closed, cover
from taskdeck.domain.projections.statistics import Percentiles
from taskdeck.domain.projections.sums import MergedHistogram, Sum

START = 20_000 * DAY
MINUTES = st.integers(0, 3 * 1_440).map(lambda minutes: START + minutes * MINUTE)
PERIODS = st.sampled_from(
    [Period(length, start) for length in LENGTHS for start in range(START, START + 3 * DAY, length)]
)
COUNTS = st.dictionaries(st.integers(0, 1_500), st.integers(0, 2**33) | st.integers(-3, 9))


@given(MINUTES, MINUTES, st.sets(PERIODS), st.sampled_from(LENGTHS))
def test_pieces_are_the_window(since: int, until: int, summed: set[Period], longest: int) -> None:
    found = cover(since, until, summed, longest=longest)

    periods = [
        Period(span.length, start)
        for span in found.summed
        for start in range(span.since, span.until, span.length)
    ]
    covered = [
        minute for period in periods for minute in range(period.start, period.end, MINUTE)
    ] + [minute for span in found.minutes for minute in range(span.since, span.until, MINUTE)]
    assert sorted(covered) == list(range(since, until, MINUTE))
    assert summed.issuperset(periods)
    assert all(period.length <= longest for period in periods)


def test_the_longest_periods_are_taken() -> None:
    summed = {Period(of, start) for of in LENGTHS for start in range(START, START + 2 * DAY, of)}
    hour = 60 * MINUTE

    found = cover(START + 5 * hour - 7 * MINUTE, START + DAY + 8 * hour + 12 * MINUTE, summed)

    lengths = [span.length // MINUTE for span in found.summed]
    assert lengths == [5, 60, 360, 60, 5]
    assert [(span.until - span.since) // MINUTE for span in found.minutes] == [2, 2]


def test_a_period_is_closed_a_while_after_its_end() -> None:
    span = closed(DAY, START - 3 * DAY + 1, START + MARGIN - 1)
    assert (span.since, span.until) == (START - 3 * DAY, START - DAY)
    assert closed(DAY, START - 3 * DAY + 1, START + MARGIN).until == START


@given(st.lists(COUNTS, max_size=5))
def test_histograms_are_the_same_however_they_are_written(histograms: list[dict[int, int]]) -> None:
    merged, plain = MergedHistogram(), dict[int, int]()
    for histogram in histograms:
        once = MergedHistogram()
        once.add({str(bucket): count for bucket, count in histogram.items()})
        merged.add(json.loads(json.dumps(once.written())))
        for bucket, count in histogram.items():
            plain[bucket] = plain.get(bucket, 0) + count
    assert merged.counts() == {bucket: count for bucket, count in plain.items() if count}
    if all(count >= 0 for count in plain.values()):
        assert merged.percentiles() == Percentiles.of(plain)


def test_a_dense_histogram_is_written_as_one_number() -> None:
    dense = MergedHistogram({str(bucket): bucket for bucket in range(300, 400)})
    assert isinstance(dense.written(), str)
    assert isinstance(MergedHistogram({"3": 1, "900": 2}).written(), dict)


def test_sums_add_up() -> None:
    one, two = Sum(), Sum()
    one.add({"c": {"failed": 1}, "r": {"7": 1}, "w": {}, "t": 5})
    two.add(one.to_document())
    two.merge(one)
    assert two.to_document() == {"c": {"failed": 2}, "r": "7:2", "w": {}, "t": 10}
    assert Sum().is_empty
    assert not two.is_empty
