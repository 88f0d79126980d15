"""What kind of failure it was: one defect keeps one fingerprint, over tasks, workers and deploys.

A fingerprint is made of three things, each without what differs from one time to the next:

* the name of the exception's class, without its modules;
* the first line of its message, with `…` for what is in quotes and `#` for every word that holds a
  digit, so for numbers, ids, addresses, dates and versions;
* the place: folder, file and function of the innermost frame of the user's own code. Frames of the
  standard library and of installed packages are passed over, unless there are no others. There is no
  line number, and no folder further up, so that a deploy does not make a new kind of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from ..events import Event, EventKind
from ..fields import storable
from .failures import Failure, read_failure, read_reason

LENGTH = 12
"""Hexadecimal digits."""
MOST_MESSAGE = 300
MOST_TRACEBACK = 32 * 1024
"""Characters that are looked at: the first ones of a message, the last ones of a traceback."""
MOST_NAME = 200

_QUOTED = re.compile(r"""(?<!\w)(?:'[^']*'|"[^"]*"|`[^`]*`)""")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+")
_UUID = re.compile(r"(?i)(?<!\w)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!\w)")
_WITH_DIGIT = re.compile(r"(?<![\w-])[\w-]*\d[\w-]*(?:[.,:/][\w-]*\d[\w-]*)*")
_FRAME_BEGINS = 'File "'
_FRAME = re.compile(r'File "([^"\n]+)", line \d+, in ([^\n]+)')
_FOREIGN = re.compile(
    r"^<|(?:^|[/\\])(?:site-packages|dist-packages|lib(?:64)?[/\\]python\d[^/\\]*|Lib)[/\\]"
)
_SEPARATOR = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True)
class FailureKind:
    """What all failures of one fingerprint share. Empty where nothing was said."""

    exception: str = ""
    message: str = ""
    place: str = ""

    @property
    def fingerprint(self) -> str:
        said = "\0".join((self.exception, self.message, self.place))
        return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


UNKNOWN = FailureKind()
"""A failure of which nothing else is known."""
UNKNOWN_FINGERPRINT = UNKNOWN.fingerprint


def failure_kind_of(event: Event) -> FailureKind | None:
    """Of an event that tells of an exception; None for all others."""
    if event.kind not in (EventKind.TASK_FAILED, EventKind.TASK_RETRIED):
        return None
    kind = classify(read_failure(event.data))
    if kind == UNKNOWN and event.kind is EventKind.TASK_RETRIED:
        kind = classify(read_reason(event.data))
    return None if kind == UNKNOWN else kind


def classify(failure: Failure) -> FailureKind:
    return FailureKind(
        _cut((failure.exception or "").rpartition(".")[2]),
        _cut(_pattern_of(failure.message or "")),
        _cut(_place_in(failure.traceback or "")),
    )


def _pattern_of(message: str) -> str:
    """What stays the same from one message to the next."""
    line = message[:MOST_MESSAGE].strip().partition("\n")[0]
    for varying, stands_for in ((_QUOTED, "…"), (_EMAIL, "#"), (_UUID, "#"), (_WITH_DIGIT, "#")):
        line = varying.sub(stands_for, line)
    return " ".join(line.split())


def _place_in(traceback: str) -> str:
    innermost = None
    for path, function in _frames_outwards(traceback[-MOST_TRACEBACK:]):
        if not _FOREIGN.search(path):
            return _named(path, function)
        innermost = innermost or _named(path, function)
    return innermost or ""


def _frames_outwards(traceback: str) -> Iterator[tuple[str, str]]:
    place = len(traceback)
    while (place := traceback.rfind(_FRAME_BEGINS, 0, place)) >= 0:
        if frame := _FRAME.match(traceback, place):
            yield frame[1], frame[2]


def _named(path: str, function: str) -> str:
    *folders, file = _SEPARATOR.split(path)[-2:]
    # A folder with a digit may be named after a release.
    parts = [_WITH_DIGIT.sub("#", folder) for folder in folders if folder]
    return f"{'/'.join((*parts, file))}:{function.strip()}"


def _cut(text: str) -> str:
    return storable(text[:MOST_NAME])
