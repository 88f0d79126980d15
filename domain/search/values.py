"""Numbers, durations and times, as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ..instants import DAY, MILLISECOND, MINUTE, SECOND, Instant, parse_instant

UNITS = {
    "w": 7 * DAY,
    "d": DAY,
    "h": 60 * MINUTE,
    "m": MINUTE,
    "s": SECOND,
    "ms": MILLISECOND,
    "us": 1,
}
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_AMOUNT = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)(us|ms|s|m|h|d|w)")
_TIME_OF_DAY = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
LONGEST = 200 * 365 * DAY


def read_number(text: str) -> int | float:
    """Raises ValueError."""
    if not NUMBER.fullmatch(text):
        raise ValueError("not a number")
    number = float(text) if "." in text else int(text)
    return int(number) if number == int(number) else number


def read_duration(text: str) -> int:
    """`5s`, `250ms`, `1h30m` in microseconds. Raises ValueError."""
    total, place = 0.0, 0
    while place < len(text):
        amount = _AMOUNT.match(text, place)
        if amount is None:
            raise ValueError("not a duration")
        total += float(amount[1]) * UNITS[amount[2]]
        place = amount.end()
    if not text or total > LONGEST:
        raise ValueError("not a duration that occurs")
    return round(total)


def read_time(text: str, now: Instant) -> Instant:
    """`2h` (ago), `10:00` (the last one), `2026-02-03`, `2026-02-03T04:05:06Z`. Raises ValueError.

    What names no offset is UTC. Nothing is before 1970.
    """
    if _AMOUNT.match(text):
        return max(0, now - read_duration(text))
    if found := _TIME_OF_DAY.fullmatch(text):
        since_midnight = int(found[1]) * 60 * MINUTE + int(found[2]) * MINUTE
        at = now - now % DAY + since_midnight
        return max(0, at if at <= now else at - DAY)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return max(0, parse_instant(moment.isoformat()))
    except OverflowError as error:
        raise ValueError("not a time that occurs") from error


def read_coming_time(text: str, now: Instant) -> Instant:
    """The same forms of what is to come: `30d` (from now), `10:00` (the next one). Raises ValueError."""
    if _AMOUNT.match(text):
        return now + read_duration(text)
    at = read_time(text, now)
    return at + DAY if _TIME_OF_DAY.fullmatch(text) else at


def print_number(number: int | float) -> str:
    return str(number) if isinstance(number, int) else f"{number:.6f}".rstrip("0")


def print_duration(microseconds: int) -> str:
    """In the largest unit, up to hours, that says it whole."""
    for unit in ("h", "m", "s", "ms"):
        if microseconds and microseconds % UNITS[unit] == 0:
            return f"{microseconds // UNITS[unit]}{unit}"
    return f"{microseconds}us"
