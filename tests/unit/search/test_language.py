"""What can be written, what it comes down to, and how it is printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskdeck.domain.errors import InvalidInput
from taskdeck.domain.instants import DAY, MINUTE, parse_instant
from taskdeck.domain.search import Query, parse_query, print_query
from taskdeck.domain.search.lexer import MOST_CHARACTERS, MOST_TERMS
from taskdeck.domain.search.values import read_coming_time

from .queries import queries

NOW = parse_instant("2026-02-03T12:30:00Z")


def normal(text: str) -> str:
    return print_query(parse_query(text, now=NOW))


@given(query=queries)
def test_what_is_printed_reads_back(query: Query) -> None:
    assert parse_query(print_query(query), now=NOW) == query


@given(text=st.text(alphabet=st.characters() | st.sampled_from('stae:,*"\\-><.= '), max_size=40))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    query = refused = None
    try:
        query = parse_query(text, now=NOW)
    except InvalidInput as error:
        refused = error.details
    if query is not None:
        assert parse_query(print_query(query), now=NOW) == query
    if refused is not None:
        assert refused["field"] == "q"
        assert 0 <= refused["at"] <= refused["at"] + refused["length"] <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  state:failure,SUCCESS ", "state:failed,succeeded"),
        ("name:send_*", "name:send_*"),
        ('name:"send_*"', 'name:"send_*"'),
        ("-queue:mail,sms", "-queue:mail,sms"),
        ('queue:"a b",c', 'queue:"a b",c'),
        ("Timeout", "Timeout"),
        ('"connection reset" -debug', '"connection reset" -debug'),
        ("text:a,b", "text:a,b"),
        ("args.user.id:42", "args.user.id:42"),
        ('kwargs."a.b".0>=1.50', 'kwargs."a.b".0>=1.5'),
        ("runtime>90s wait<=250ms", "runtime>90s wait<=250ms"),
        ("runtime>1h30m", "runtime>90m"),
        ("runtime:>5s", "runtime>5s"),
        ("attempts:3 priority:high", "attempts:3 priority:high"),
        ("since:2h", "since:2026-02-03T10:30:00.000000Z"),
        ("since:10:00", "since:2026-02-03T10:00:00.000000Z"),
        ("until:13:00", "until:2026-02-02T13:00:00.000000Z"),
        ("since:2026-02-01", "since:2026-02-01T00:00:00.000000Z"),
        ("since:2026-02-01T00:00+01:00", "since:2026-01-31T23:00:00.000000Z"),
        ("finished>3d", "finished>2026-01-31T12:30:00.000000Z"),
        ("id:", None),
        ("http://x", None),
    ],
)
def test_normal_form(text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(InvalidInput):
            normal(text)
    else:
        assert normal(text) == expected


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("since:2h stat:failed", "stat", "did you mean state?"),
        ("xyzzy:1", "xyzzy", "put text to look for in quotes"),
        ("state:faild", "faild", "did you mean failed?"),
        ("state:zzz", "zzz", "known: sent, received"),
        ("state>failed", "state>failed", "write state:…"),
        ("runtime>5 name:x", "5", "like 5s"),
        ("runtime:5s", "runtime:5s", "write runtime>5s"),
        ("since:yesterday", "yesterday", "like 2h or 3d"),
        ("since:1h,2h", "2h", ""),
        ("-attempts:many", "many", "write a number"),
        ("name.x:y", "name.x", "only args"),
        ("name:", "", 'write ""'),
        ("name:a,", "", 'write ""'),
        ('a "b', '"b', "close it"),
        ("text:*", "*", "write some text"),
        ("args.:1", "args.", ""),
        ("args.a.b.c.d.e.f.g.h.i:1", "args.a.b.c.d.e.f.g.h.i", ""),
        ("since:99999999d9", "99999999d9", "like 2h"),
        ("a\0b", "\0", ""),
    ],
)
def test_refusals_name_the_place_and_a_way_out(text: str, place: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_query(text, now=NOW)
    details = caught.value.details
    assert text[details["at"] : details["at"] + details["length"]] == place
    assert hint in details["hint"]
    assert details["hint"] in caught.value.message


@pytest.mark.parametrize(
    "text",
    ["a" * (MOST_CHARACTERS + 1), "a " * (MOST_TERMS + 1), "name:" + "a," * 60 + "a"],
)
def test_a_query_has_limits(text: str) -> None:
    with pytest.raises(InvalidInput, match="at most"):
        parse_query(text, now=NOW)


def test_relative_times_are_those_of_the_time_given() -> None:
    earlier = parse_query("since:1d", now=NOW - DAY)
    assert print_query(earlier) == print_query(parse_query("since:2d", now=NOW))
    assert parse_query("since:1m", now=MINUTE) == parse_query("since:5m", now=MINUTE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30d", NOW + 30 * DAY),
        ("1h30m", NOW + 90 * MINUTE),
        ("13:00", NOW + 30 * MINUTE),
        ("12:00", NOW + DAY - 30 * MINUTE),
        ("2026-02-04", parse_instant("2026-02-04T00:00:00Z")),
        ("2026-02-04T01:00+01:00", parse_instant("2026-02-04T00:00:00Z")),
    ],
)
def test_times_to_come(text: str, expected: int) -> None:
    assert read_coming_time(text, NOW) == expected
