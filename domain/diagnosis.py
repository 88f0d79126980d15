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


def of_schema(version: int, newest: int) -> Finding:
    """Of a database whose schema is at `version`; `newest` is what this Taskdeck makes of it."""
    if version > newest:
        return bad(
            f"the database has schema {version}, this Taskdeck knows up to {newest}",
            "use the newer Taskdeck that wrote it",
        )
    if version < newest:
        return good(f"schema {version} becomes {newest} when a brain of this version starts")
    return good(f"schema {version} is that of this version")
