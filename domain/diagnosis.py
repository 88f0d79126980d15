"""What is found when an installation is examined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `advice` says how to mend it."""

    verdict: Verdict
    what: str
    advice: str = ""


def good(what: str) -> Finding:
    return Finding(Verdict.OK, what)


def doubtful(what: str, advice: str) -> Finding:
    return Finding(Verdict.WARN, what, advice)


def bad(what: str, advice: str) -> Finding:
    return Finding(Verdict.FAIL, what, advice)
