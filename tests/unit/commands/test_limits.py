"""Limits that hold for every order, so that its frame can be signed, sent and read (§3.3, §4)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskdeck.domain.actions import OrderRequest, PreparedOrder, prepare
from taskdeck.domain.canonical import canonical_json
from taskdeck.domain.errors import InvalidInput

MAX_FRAME = 1_048_576


def submit(parameters: dict[str, Any] | None = None, **request: Any) -> PreparedOrder:
    asked = OrderRequest(
        action="submit_task",
        engine="celery",
        parameters={"name": "app.add", **(parameters or {})},
        **request,
    )
    return prepare(asked, at=0)


def field_refused(parameters: dict[str, Any] | None = None, **request: Any) -> str:
    with pytest.raises(InvalidInput) as refused:
        submit(parameters, **request)
    field = refused.value.details["field"]
    assert isinstance(field, str)
    assert field in refused.value.message or field == "parameters"
    return field


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def test_unknown_parameters_are_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="it takes name, args, kwargs, queue, eta") as refused:
        submit({"nmae": "app.add"})
    assert refused.value.details["field"] == "parameters.nmae"


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"args": {}}, "parameters.args"),
        ({"args": "abc"}, "parameters.args"),
        ({"kwargs": []}, "parameters.kwargs"),
        ({"name": 5}, "parameters.name"),
        ({"name": ""}, "parameters.name"),
        ({"name": None}, "parameters.name"),
        ({"name": "x" * 501}, "parameters.name"),
        ({"queue": "a\nb"}, "parameters.queue"),
        ({"queue": "q\ud800"}, "parameters.queue"),
        ({"eta": True}, "parameters.eta"),
        ({"eta": "soon"}, "parameters.eta"),
        ({"eta": float("nan")}, "parameters.eta"),
        ({"eta": float("inf")}, "parameters.eta"),
        ({"eta": 1e12}, "parameters.eta"),
        ({"eta_seconds": -1}, "parameters.eta_seconds"),
        ({"priority": 256}, "parameters.priority"),
        ({"args": [1, float("nan")]}, "parameters.args[1]"),
        ({"kwargs": {"a": [{"b": float("-inf")}]}}, "parameters.kwargs.a[0].b"),
        ({"kwargs": {"a": "\udfff"}}, "parameters.kwargs.a"),
        ({"kwargs": {"\udfff": 1}}, "parameters.kwargs"),
        ({"kwargs": {1: 1}}, "parameters.kwargs"),
        ({"args": [10**1300]}, "parameters.args[0]"),
        ({"args": [b"raw"]}, "parameters.args[0]"),
    ],
)
def test_values_that_cannot_be_sent(parameters: dict[str, Any], field: str) -> None:
    assert field_refused(parameters) == field


def test_nesting_is_limited() -> None:
    assert submit({"args": nested(64)})
    assert field_refused({"args": nested(65)}).startswith("parameters.args[0]")


def test_messages_say_what_was_found() -> None:
    with pytest.raises(InvalidInput, match=r"^parameters\.args must be a list, not text$"):
        submit({"args": "abc"})
    with pytest.raises(InvalidInput, match=r"^parameters\.priority must be 0 to 255, not 999$"):
        submit({"priority": 999})


@pytest.mark.parametrize("seconds", [1, 3_600])
def test_timeouts(seconds: int) -> None:
    assert submit(timeout_seconds=seconds).timeout_seconds == seconds


@pytest.mark.parametrize("seconds", [0, -1, 3_601, 1.5, True, "60"])
def test_no_timeouts(seconds: Any) -> None:
    assert field_refused(timeout_seconds=seconds) == "timeout_seconds"


def test_the_default_timeout_is_a_minute() -> None:
    assert submit().timeout_seconds == 60


@pytest.mark.parametrize("name", ["agent_id", "worker_id", "idempotency_key"])
@pytest.mark.parametrize("value", ["", "x" * 201, "a\x00b", 5])
def test_names_around_the_order(name: str, value: Any) -> None:
    assert field_refused(**{name: value}) == name


@pytest.mark.parametrize("text", ["x", "\x7f", "\n", "ü", "€", "😀"])
def test_the_largest_order_fits_a_frame_in_any_spelling(text: str) -> None:
    escaped = len(json.dumps(text)) - 2
    fitting = 999_800 // escaped
    order = submit({"args": [text * fitting]})

    payload = {"target": order.target, "parameters": order.parameters}
    assert len(canonical_json(payload)) < MAX_FRAME - 16_384
    assert len(json.dumps(payload)) < MAX_FRAME - 16_384
    with pytest.raises(InvalidInput, match="Split it into several commands"):
        submit({"args": [text * (fitting + 200)]})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(args=st.lists(json_values, max_size=4))
def test_what_is_accepted_can_be_signed_and_is_sent_unchanged(args: list[Any]) -> None:
    try:
        order = submit({"args": args})
    except InvalidInput:
        with pytest.raises(ValueError, match=r"not JSON compliant|surrogates"):
            canonical_json(args)
        return
    assert canonical_json(order.parameters["args"]) == canonical_json(args)
