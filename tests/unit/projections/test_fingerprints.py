"""One defect keeps one fingerprint; two defects have two."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from taskdeck.domain.events import Event
from taskdeck.domain.projections.failures import Failure
from taskdeck.domain.projections.fingerprints import (
    MOST_TRACEBACK,
    UNKNOWN,
    UNKNOWN_FINGERPRINT,
    FailureKind,
    classify,
)
from taskdeck.domain.projections.tasks import Task

Build = Callable[..., Event]
Fold = Callable[..., Task]

HEAD = "Traceback (most recent call last):\n"


def frames(*frames: tuple[str, int, str]) -> str:
    return HEAD + "".join(
        f'  File "{path}", line {line}, in {function}\n    do(it)\n'
        for path, line, function in frames
    )


@pytest.mark.parametrize(("message", "pattern"), [
    ("order 4711 was not found", "order # was not found"),
    ("order 'A-17' was not found", "order … was not found"),
    ('no column "user_name" in `users`', "no column … in …"),
    ("can't find the user's cart 7", "can't find the user's cart #"),
    ("10.0.0.7:5432 refused after 3.5s", "# refused after #"),
    ("<Cart object at 0x7fc9c8>", "<Cart object at #>"),
    ("6f1c2d3e-4a5b-4c6d-8e7f-0123456789ab gone", "# gone"),
    ("feedbeef-dead-beef-cafe-abcdefabcdef gone", "# gone"),
    ("mail to ann@example.com bounced", "mail to # bounced"),
    ("at 2026-02-03T04:05:06.789Z", "at #"),
    ("txn_8fKq2L declined", "# declined"),
    ("duplicate key\nDETAIL: Key (id)=(5)", "duplicate key"),
    ("  too   many\tblanks ", "too many blanks"),
    ("", ""),
])  # fmt: skip
def test_messages_lose_what_varies(message: str, pattern: str) -> None:
    assert classify(Failure("ValueError", message, None)).message == pattern


@pytest.mark.parametrize(("traceback", "place"), [
    (frames(("/srv/app/shop/tasks.py", 7, "pay")), "shop/tasks.py:pay"),
    (frames(("/srv/app/shop/tasks.py", 99, "pay")), "shop/tasks.py:pay"),
    (frames(("/srv/releases/20260203/tasks.py", 7, "pay")), "#/tasks.py:pay"),
    (frames(("C:\\app\\shop\\tasks.py", 7, "pay")), "shop/tasks.py:pay"),
    (frames(("tasks.py", 7, "<lambda>")), "tasks.py:<lambda>"),
    (frames(
        ("/usr/lib/python3.12/runpy.py", 1, "run"),
        ("/app/shop/tasks.py", 7, "pay"),
        ("/app/.venv/lib/python3.12/site-packages/requests/api.py", 59, "get"),
        ("/usr/lib/python3.12/socket.py", 1, "connect"),
        ("<frozen importlib._bootstrap>", 1, "_load"),
    ), "shop/tasks.py:pay"),
    (frames(("/v/lib/python3.12/site-packages/celery/app/trace.py", 1, "trace")),
     "app/trace.py:trace"),
    (frames(("/app/db.py", 1, "query")) + "\nDuring handling of the above exception, another\n\n"
     + frames(("/app/shop/tasks.py", 7, "pay")), "shop/tasks.py:pay"),
    ("no frames at all", ""),
    ("", ""),
])  # fmt: skip
def test_the_place_is_the_innermost_frame_of_ones_own_code(traceback: str, place: str) -> None:
    assert classify(Failure("ValueError", "no", traceback)).place == place


def test_only_the_end_of_a_huge_traceback_counts() -> None:
    deep = frames(("/app/first.py", 1, "first")) + "x" * MOST_TRACEBACK
    assert classify(Failure("RecursionError", "", deep)).place == ""


def test_modules_make_no_difference() -> None:
    assert classify(Failure("shop.errors.Declined", "no", None)).exception == "Declined"


def test_each_part_counts() -> None:
    kinds = [
        FailureKind(*each) for each in ("abc", "xbc", "axc", "abx", ("ab", "", "c"), ("a", "b", ""))
    ]
    assert len({kind.fingerprint for kind in kinds}) == len(kinds)
    assert len(kinds[0].fingerprint) == 12


def test_engines_word_one_failure_differently(event: Build, fold: Fold) -> None:
    place = frames(("/app/shop/tasks.py", 7, "pay"))
    celery = event(
        "failed", 0, "celery", exception="Declined", exception_message="card 42", traceback=place
    )
    rq = event("failed", 0, "rq", exception=f"{place}shop.errors.Declined: card 7")
    assert fold(celery).fingerprint == fold(rq).fingerprint


def test_a_copy_changes_nothing(signal: Build, monitor: Build, fold: Fold) -> None:
    told = [
        signal("started", 0),
        signal("failed", 5, exception="KeyError", exception_message="'x'"),
        monitor("failed", 6, exception="KeyError", exception_message="KeyError('x')"),
    ]
    alone = fold(told[1]).fingerprint
    assert {fold(*order).fingerprint for order in permutations(told)} == {alone}


def test_what_only_the_copy_knows_counts(signal: Build, monitor: Build, fold: Fold) -> None:
    told = [signal("failed", 5), monitor("failed", 6, exception="KeyError")]
    expected = classify(Failure("KeyError", None, None)).fingerprint
    assert fold(*told).fingerprint == fold(*reversed(told)).fingerprint == expected


def test_each_attempt_has_its_own(event: Build, fold: Fold) -> None:
    task = fold(
        event("retried", 5, exception="KeyError: a"),
        event("failed", 90, exception="ValueError: b"),
    )
    kinds = [classify(Failure(name, text, None)) for name, text in
             (("KeyError", "a"), ("ValueError", "b"))]  # fmt: skip
    assert [each.fingerprint for each in task.attempts] == [kind.fingerprint for kind in kinds]
    assert task.fingerprint == kinds[1].fingerprint


@pytest.mark.parametrize(("reason", "exception", "message"), [
    ("RuntimeError('again')", "RuntimeError", "again"),
    ("Retry in 0.5s: RuntimeError('again')", "RuntimeError", "again"),
    ("Retry at 2026-02-03 04:05:06: shop.Declined('card 7')", "Declined", "card #"),
    ("Retry in 3s: OSError(111, 'refused')", "OSError", "#, …"),
    ("Retry in 3s: KeyError()", "KeyError", ""),
    ("Retry(Retry(...), OSError('order 73, (refused)'), 1)", "OSError", "order #, (refused)"),
])  # fmt: skip
def test_celery_says_only_in_words_why_it_tries_again(
    reason: str, exception: str, message: str, event: Build, fold: Fold
) -> None:
    told = fold(event("retried", 5, "celery", reason=reason))
    assert told.fingerprint == FailureKind(exception, message).fingerprint


@pytest.mark.parametrize("reason", ["Retry in 3s", "", "because", None, 7, "f(", ["E()"]])
def test_other_reasons_are_no_failures(reason: object, event: Build, fold: Fold) -> None:
    assert fold(event("retried", 5, "celery", reason=reason)).fingerprint is None


def test_who_succeeds_after_all_has_none(event: Build, fold: Fold) -> None:
    task = fold(event("failed", 5, exception="KeyError: a"), event("succeeded", 90))
    assert task.fingerprint is None
    assert task.attempts[0].fingerprint is not None


def test_failing_without_a_word_is_a_kind_too(event: Build, fold: Fold) -> None:
    assert fold(event("failed", 5)).fingerprint == UNKNOWN_FINGERPRINT == UNKNOWN.fingerprint
    assert fold(event("retried", 5)).fingerprint is None
    assert fold(event("revoked", 5, exception="E: x")).fingerprint is None
