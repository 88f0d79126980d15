"""Telling names and their values within text: `password='x'`, `"token": "y"`, `Cookie: z`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

REDACTED = "[redacted]"
BY_AGENT = "[REDACTED"
"""How agents begin what they put in place of a value."""

_ASCII = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_VALUE = re.compile(
    # Every repetition is bounded: agents choose the text.
    r"(?:[_-][\w-]{0,40})?[\"']?\s{0,3}(?:=>|[:=])\s{0,3}(?:(?:Bearer|Basic)\s)?"
    r"(\"[^\"\n]{1,4096}\"|'[^'\n]{1,4096}'|[^\s,;()\[\]{}'\"]{1,256}(?![\w(]))",
    re.IGNORECASE,
)


def text_redactor(stems: Sequence[str]) -> Callable[[str], str]:
    """What replaces the values behind these beginnings of names, in whatever case."""
    start = re.compile("|".join(map(re.escape, stems)))

    def redacted(text: str) -> str:
        parts = list(_parts(start, text))
        return "".join(parts) if len(parts) > 1 else text

    return redacted


def _parts(start: re.Pattern[str], text: str) -> Iterator[str]:
    """What the text is to be put together from; one part where nothing changes."""
    done = 0
    for hit in start.finditer(_lowered(text)):
        if hit.start() < done:
            continue
        found = _VALUE.match(text, hit.end())
        if found is None or found[1].strip("\"'").startswith((BY_AGENT, REDACTED)):
            continue
        quote = found[1][0] if found[1][0] in "\"'" else ""
        yield f"{text[done : found.start(1)]}{quote}{REDACTED}{quote}"
        done = found.end(1)
    yield text[done:]


def _lowered(text: str) -> str:
    """In small letters, each at its place."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_ASCII)
