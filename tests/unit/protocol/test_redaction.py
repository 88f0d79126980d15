"""What agents let through is redacted before it is stored."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest

from taskdeck.adapters.wire import OrjsonCodec
from taskdeck.domain.command_frames import parse_command_result
from taskdeck.domain.event_frames import parse_events
from taskdeck.domain.ids import ProjectId
from taskdeck.domain.instants import Instant, render_instant
from taskdeck.domain.redaction import DEFAULT_NAMES, Redactor

CODEC = OrjsonCodec()
MARK = "[redacted]"


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor(DEFAULT_NAMES)


def cleaned(redactor: Redactor, data: dict[str, Any]) -> Any:
    """The document after redaction; its text always says the same."""
    raw = CODEC.dumps(data)
    document, text = redactor.document(data, raw, CODEC)
    assert json.loads(text) == document
    return document


@pytest.mark.parametrize(
    "key",
    [
        "password", "PASSWORD", "db_password", "dbpassword", "passwordHash", "token", "accessToken",
        "access_token", "X-Api-Key", "apiKey", "apikey", "api_key", "Authorization", "Set-Cookie",
        "client_secret", "clientSecret", "private-key", "credentials", "cardNumber",
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", ["hunter2", 1234, ["a"], {"b": 1}])
def test_values_of_telling_fields_at_any_depth(redactor: Redactor, key: str, value: Any) -> None:
    data: dict[str, Any] = {"kwargs": {"user": "anna", "deep": [1, {"more": {key: value}}]}}
    assert cleaned(redactor, data) == {
        "kwargs": {"user": "anna", "deep": [1, {"more": {key: MARK}}]}
    }
    assert data["kwargs"]["deep"][1]["more"][key] == value, "what came in is not touched"


@pytest.mark.parametrize(
    "data",
    [
        {"task_name": "auth.refresh_token", "args": ["token"], "queue": "secrets"},
        {"kwargs": {"max_tokens": 100, "tokenizer": "gpt", "secretary": "bert", "keyboard": 1}},
        {"kwargs": {"token": None, "password": "", "secret": False}},
        {"kwargs": {"password": "[REDACTED]", "token": "[REDACTED:truncated]"}},
        {"result": "password=[REDACTED] token='[redacted]'"},
        {"exception_message": "the token is missing", "traceback": "token = fetch_token(user)"},
    ],
)
def test_what_tells_nothing_is_left_as_it_is(redactor: Redactor, data: dict[str, Any]) -> None:
    raw = CODEC.dumps(data)
    document, text = redactor.document(data, raw, CODEC)
    assert document is data
    assert text is raw


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{'password': 'hunter2', 'n': 1}", "{'password': '[redacted]', 'n': 1}"),
        ('{"API_KEY": "hunter2"}', '{"API_KEY": "[redacted]"}'),
        ("login(user='a', password='hunter2')", "login(user='a', password='[redacted]')"),
        ("Authorization: Bearer hunter2", "Authorization: Bearer [redacted]"),
        ("?token=hunter2&page=3", "?token=[redacted]"),
        ("İ PASSWORD=hunter2", "İ PASSWORD=[redacted]"),
        ("password=hunter2 password=hunter2", "password=[redacted] password=[redacted]"),
    ],
)
def test_names_and_values_in_text(redactor: Redactor, text: str, expected: str) -> None:
    assert cleaned(redactor, {"result": text, "args": [text]}) == {
        "result": expected, "args": [expected],
    }  # fmt: skip


def test_text_that_is_made_to_be_slow_is_looked_at_to_its_end(redactor: Redactor) -> None:
    for piece in ("token", "token=", "token='", "token_", 'secret="a ', "key" * 50 + "password"):
        text = piece * (200_000 // len(piece))
        (seen,) = cleaned(redactor, {"args": [f"{text}\npassword=hunter2"]})["args"]
        assert len(seen) > 100
        assert "hunter2" not in seen


def test_no_more_keys_are_remembered_than_are_bounded(redactor: Redactor) -> None:
    tracemalloc.start()
    try:
        for number in range(40_000):
            data = {"kwargs": {f"{number}_token": 1}}
            assert cleaned(redactor, data)["kwargs"] == {f"{number}_token": MARK}
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 4 * 1024 * 1024


def test_names_are_configurable() -> None:
    redactor = Redactor(("pin", "*geheim*"))
    data = {"kwargs": {"pin": 1, "spinning": 2, "meingeheimnis": 3, "password": 4}}
    assert cleaned(redactor, data)["kwargs"] == {
        "pin": MARK, "spinning": 2, "meingeheimnis": MARK, "password": 4,
    }  # fmt: skip
    assert cleaned(Redactor(), {"password": "x"}) == {"password": "x"}


@pytest.mark.parametrize(
    "name", ["", "*", "ab", "*a*", "Pass", "a b", "(x+)+y", "pass*word", "_x_"]
)
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        Redactor(("token", name))


def test_events_are_redacted_in_both_forms(redactor: Redactor, now: Instant) -> None:
    item = {
        "id": "0" * 32, "kind": "task.received", "engine": "celery", "task_id": "t1",
        "occurred_at": render_instant(now), "data": {"kwargs": {"password": "hunter2"}},
    }  # fmt: skip
    ((event,), _) = parse_events([item], ProjectId("p"), now, CODEC, redactor)
    assert event.data == {"kwargs": {"password": MARK}}
    assert b"hunter2" not in event.raw


def test_results_of_commands_are_redacted_but_not_what_belongs_to_the_protocol(
    redactor: Redactor,
) -> None:
    payload = {
        "status": "failed", "result": {"token": "hunter2"}, "error": "password=hunter2",
        "delivery_claim_token": "c1",
    }  # fmt: skip
    finished = parse_command_result("c", payload, redactor)
    assert finished.claim_token == "c1"
    assert finished.result == {"token": MARK}
    assert finished.error == "password=[redacted]"
