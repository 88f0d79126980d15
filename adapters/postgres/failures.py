"""Errors of PostgreSQL as errors of the ports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import psycopg
from psycopg import errors

from ...domain.errors import StoreRejected, StoreUnavailable

_PARTITION_MISSING = (errors.CheckViolation, errors.UndefinedTable)
"""A row belongs to no partition, for no table has a CHECK of its own; or one was asked for by name."""
_REFUSED = (
    psycopg.DataError,
    psycopg.IntegrityError,
    errors.ProgramLimitExceeded,
    UnicodeEncodeError,
)
"""What the same data will meet again. All else may pass: a missing right, too, is granted one day,
and what is rejected is lost for good."""


class PartitionMissing(StoreUnavailable):
    """There is no partition for a day. Make it and try again."""

    def __init__(self, days: Mapping[str, Collection[int]], message: str | None = None) -> None:
        """`days` are those that are known to be missing, by table."""
        super().__init__(message)
        self.days = days


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except _PARTITION_MISSING as error:
        raise PartitionMissing(
            {}, f"The database has no partition for a day: {first_line(error)}."
        ) from error
    except _REFUSED as error:
        raise StoreRejected(f"The database refuses this data: {first_line(error)}.") from error
    except (psycopg.Error, OSError) as error:
        raise StoreUnavailable(f"The database cannot be used now: {first_line(error)}.") from error


def first_line(error: Exception) -> str:
    """What PostgreSQL said, without the lines that point into the statement."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")
