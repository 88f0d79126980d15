"""Rows of a download as bytes: CSV for spreadsheets, NDJSON for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeAlias

from ...ports.codec import Codec

Row: TypeAlias = Mapping[str, Any]

_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes text that begins so for a formula."""


class Format(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"


MEDIA_TYPES: Mapping[Format, str] = {
    Format.CSV: "text/csv",
    Format.NDJSON: "application/x-ndjson",
}


def heading(format_: Format, columns: Sequence[str]) -> bytes:
    return _csv_line(columns) if format_ is Format.CSV else b""


def writer_of(format_: Format, columns: Sequence[str], codec: Codec) -> Callable[[Row], bytes]:
    """What makes a line of a row; the row has all the columns."""

    def as_csv(row: Row) -> bytes:
        return _csv_line([_cell(row[column], codec) for column in columns])

    def as_json(row: Row) -> bytes:
        return codec.dumps(row) + b"\n"

    return as_csv if format_ is Format.CSV else as_json


def _cell(value: Any, codec: Codec) -> str:
    match value:
        case None:
            return ""
        case str():
            return f"'{value}" if value.startswith(_ACTIVE) else value
        case bool() | dict() | list():
            return codec.dumps(value).decode()
        case _:
            return str(value)


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode("utf-8", "replace")
