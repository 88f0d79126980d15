"""The log: sentences on a terminal, JSON for machines, one line each; with the ids of the request."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO, TypeAlias

import structlog
from structlog.typing import ExcInfo, Processor

from ..domain.printable import printable
from .settings import Settings

Fields: TypeAlias = MutableMapping[str, Any]


def log_as_asked(settings: Settings) -> None:
    """Libraries tell nothing of the level debug: statements go there with all they carry."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    logging.basicConfig(
        level=max(level, logging.INFO), handlers=[handler(settings.log_format, sys.stderr)]
    )
    logging.getLogger("taskdeck").setLevel(level)


def handler(form: str, stream: TextIO) -> logging.Handler:
    """`form` is human, json, or auto: human on a terminal."""
    made = logging.StreamHandler(stream)
    human = form == "human" or (form == "auto" and stream.isatty())
    made.setFormatter(_formatter(_human(colors=stream.isatty()) if human else _json()))
    return made


def _formatter(ending: list[Processor]) -> logging.Formatter:
    """For records of the standard library, which all of the brain and its libraries write."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(allow=("notice", "fields")),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _spread,
            *ending,
        ],
    )


def _human(*, colors: bool) -> list[Processor]:
    return [
        _printable,
        structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=_traceback),
    ]


def _traceback(stream: TextIO, error: ExcInfo) -> None:
    """Not rich's, which would show what variables hold."""
    plain = io.StringIO()
    structlog.dev.plain_traceback(plain, error)
    stream.write(printable(plain.getvalue(), lines=True))


def _json() -> list[Processor]:
    return [
        structlog.processors.format_exc_info,
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(default=str),
    ]


def _spread(_: Any, __: str, event: Fields) -> Fields:
    """Details as fields of their own; none of them replaces what is there."""
    notice: tuple[str, str] | None = event.pop("notice", None)
    fields: Mapping[str, object] = event.pop("fields", {})
    if notice is not None:
        event["code"], event["event"] = notice
    for name, value in fields.items():
        event[name if name not in event else f"{name}_"] = value
    return event


def _printable(_: Any, __: str, event: Fields) -> Fields:
    """What others wrote must not move the cursor, or look like a line of its own."""
    event["event"] = str(event["event"])
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = printable(value, lines=name == "traceback")
    return event
