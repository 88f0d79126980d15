"""The price of folding events into views, without any store.

    pytest benchmarks/test_projections.py --benchmark-only

A round folds `EVENTS` events; divide its time by them.
"""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.projections.failures import Failure
from taskdeck.domain.projections.fingerprints import classify
from taskdeck.domain.projections.folding import fold_events, task_keys
from taskdeck.domain.projections.tasks import Task, TaskKey

from .histories import events

EVENTS = 3_000


def test_fold_whole_lives(benchmark: BenchmarkFixture) -> None:
    """All of a task's events in one batch, as under load."""
    batch = events(EVENTS)
    changes = benchmark(fold_events, batch, {})
    assert len(changes.tasks) == EVENTS // 3


def test_fold_step_by_step(benchmark: BenchmarkFixture) -> None:
    """Each event of a task in a batch of its own, as when tasks take long."""
    batch = events(EVENTS)
    steps = [batch[first::3] for first in range(3)]

    def fold() -> int:
        known: dict[TaskKey, Task] = {}
        for step in steps:
            known.update((task.key, task) for task in fold_events(step, known).tasks)
        return len(known)

    assert benchmark(fold) == EVENTS // 3


def test_fingerprint(benchmark: BenchmarkFixture) -> None:
    """What a failure costs more than a success."""
    library = (
        '  File "/venv/lib/python3.13/site-packages/celery/app/trace.py", line 453, in trace\n'
    )
    own = '  File "/srv/shop/payments/cards.py", line 42, in charge\n'
    traceback = "Traceback (most recent call last):\n" + 8 * library + own + 8 * library
    failure = Failure("shop.Declined", "card 4711 of 'Ann' was declined", traceback)
    assert len(benchmark(lambda: classify(failure).fingerprint)) == 12


def test_task_keys(benchmark: BenchmarkFixture) -> None:
    batch = events(EVENTS)
    assert len(benchmark(task_keys, batch)) == EVENTS // 3


def test_documents(benchmark: BenchmarkFixture) -> None:
    """Writing tasks out as JSON and reading them in again."""
    codec = OrjsonCodec()
    tasks = fold_events(events(EVENTS), {}).tasks

    def there_and_back() -> list[Task]:
        texts = [(task.key, codec.dumps(task.to_document())) for task in tasks]
        return [Task.from_document(key, codec.loads(text)) for key, text in texts]

    assert benchmark(there_and_back) == tasks
