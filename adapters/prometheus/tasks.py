"""Task metrics: counters and histograms by task name, counters by queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from ...domain.instants import SECOND
from ...domain.projections.histogram import value_of
from ...domain.projections.tally import Tally
from .places import Labels, Places

BOUNDS = (0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600)
"""Upper bounds of durations in seconds. Each costs two series a task name."""
UNKNOWN = "unknown"


class Growing:
    """A counter fed with differences. What must be taken back is kept from what comes next: a
    counter never falls."""

    __slots__ = ("_debt", "value")

    def __init__(self) -> None:
        self.value = 0.0
        self._debt = 0.0

    def add(self, difference: float) -> None:
        difference -= self._debt
        self._debt = max(0.0, -difference)
        self.value += max(0.0, difference)


class Durations:
    """A histogram; the sum is that of the middles of 2 % wide buckets."""

    __slots__ = ("_counts", "_sum")

    def __init__(self) -> None:
        self._counts = [Growing() for _ in (*BOUNDS, None)]
        self._sum = Growing()

    def add(self, histogram: Mapping[int, int]) -> None:
        for bucket, count in histogram.items():
            seconds = value_of(bucket) / SECOND
            place = sum(1 for bound in BOUNDS if seconds > bound)
            self._counts[place].add(count)
            self._sum.add(seconds * count)

    def write(self, family: HistogramMetricFamily, labels: Labels) -> None:
        buckets, total = [], 0.0
        for bound, counted in zip(
            (*map(str, map(float, BOUNDS)), "+Inf"), self._counts, strict=True
        ):
            total += counted.value
            buckets.append((bound, total))
        family.add_metric(labels, buckets, self._sum.value)


class TaskFigures(Collector):
    """What this replica folded."""

    def __init__(self, most_names: int) -> None:
        self._counts: dict[Labels, dict[str, Growing]] = {}
        self._runs: dict[Labels, Durations] = {}
        self._waits: dict[Labels, Durations] = {}
        self._queues: dict[Labels, dict[str, Growing]] = {}
        self._names = Places(most_names, left=self._forget_name)
        self._queue_names = Places(most_names, left=self._forget_queue)

    def add(self, tally: Tally) -> None:
        for (engine, name), task in tally.tasks.items():
            labels = self._names.of((engine, name or UNKNOWN))
            _grow(self._counts.setdefault(labels, {}), task.counts)
            if task.runs:
                self._runs.setdefault(labels, Durations()).add(task.runs)
            if task.waits:
                self._waits.setdefault(labels, Durations()).add(task.waits)
        for place, passed in tally.queues.items():
            labels = self._queue_names.of(place)
            _grow(self._queues.setdefault(labels, {}), passed)

    def collect(self) -> Iterator[Metric]:
        yield _counters(
            "taskdeck_tasks",
            "Runs of tasks that came to this state, as this replica folded them.",
            ("engine", "name", "state"),
            self._counts,
        )
        yield _counters(
            "taskdeck_queue_tasks",
            "Runs of tasks that came to this stage, by queue.",
            ("engine", "queue", "stage"),
            self._queues,
        )
        for name, help_text, kept in (
            ("run", "How long runs of tasks took.", self._runs),
            ("wait", "How long tasks waited between receipt and start.", self._waits),
        ):
            family = HistogramMetricFamily(
                f"taskdeck_task_{name}_seconds", help_text, labels=("engine", "name")
            )
            for labels, durations in kept.items():
                durations.write(family, labels)
            yield family

    def _forget_name(self, labels: Labels) -> None:
        for kept in (self._counts, self._runs, self._waits):
            kept.pop(labels, None)

    def _forget_queue(self, labels: Labels) -> None:
        self._queues.pop(labels, None)


def _grow(counters: dict[str, Growing], differences: Mapping[str, int]) -> None:
    for what, difference in differences.items():
        if difference:
            counters.setdefault(what, Growing()).add(difference)


def _counters(
    name: str, help_text: str, labels: Iterable[str], kept: Mapping[Labels, Mapping[str, Growing]]
) -> Metric:
    family = CounterMetricFamily(name, help_text, labels=tuple(labels))
    for place, counters in kept.items():
        for what, counter in counters.items():
            if counter.value:
                family.add_metric((*place, what), counter.value)
    return family
