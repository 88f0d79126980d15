"""Names and texts that agents made up, before a terminal shows them."""

from __future__ import annotations

import io
import json
import logging

import click
import pytest

from taskdeck.domain.printable import printable
from taskdeck.entrypoints.cli.output import print_json, print_line, print_table
from taskdeck.entrypoints.logs import handler

TITLE = "\x1b]0;owned\x07"
HOSTILE = [TITLE, "\x1b[2J", "\x9b31m", "\u202egnp", "a\r\nstate  forged", "\x00", "\x7f", "\u2028"]


def clean(shown: str) -> bool:
    return all(each.isprintable() or each == "\n" for each in shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_obeyed(text: str) -> None:
    assert printable(text).isprintable()
    assert clean(printable(text, lines=True))


def test_what_can_be_read_stays_as_it_is() -> None:
    assert printable("größe 日本 🎉 a\\n") == "größe 日本 🎉 a\\n"
    assert printable("two\nlines", lines=True) == "two\nlines"
    assert printable("two\nlines") == "two\\nlines"


@pytest.mark.parametrize("text", HOSTILE)
def test_tables_and_documents(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("id", "name"), [(text, {"args": [text]})], empty="")
    table = capsys.readouterr().out
    assert clean(table)
    assert table.count("\n") == 2
    for show in (print_json, print_line):
        show({"name": text})
        shown = capsys.readouterr().out
        assert clean(shown)
        assert json.loads(shown) == {"name": text}


@pytest.mark.parametrize("text", HOSTILE)
def test_log_lines_for_people(text: str) -> None:
    stream = io.StringIO()
    log = logging.Logger("test")  # noqa: LOG001
    log.addHandler(handler("human", stream))
    log.warning("said %s", text, extra={"fields": {"worker": text}})
    assert clean(stream.getvalue())
    assert stream.getvalue().count("\n") == 1
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("failed")
    assert clean(click.unstyle(stream.getvalue()))
