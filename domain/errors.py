"""Everything that can go wrong, as the user hears of it.

The docstring of a class is its default message. `code` is stable and part of the API; `retryable`
says whether the same request may succeed later without change. HTTP statuses and close codes are
mapped once, in entrypoints.
"""

from __future__ import annotations

from typing import Any, ClassVar


class TaskdeckError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str | None = None, **details: Any) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.details = details
        super().__init__(self.message)


class InvalidInput(TaskdeckError):
    """The request is not valid."""

    code = "invalid_input"

    def __init__(self, message: str, *, field: str | None = None, **details: Any) -> None:
        if field is not None:
            details["field"] = field
        super().__init__(message, **details)


class Unauthenticated(TaskdeckError):
    """No valid credential was given. Send `Authorization: Bearer <API key>`."""

    code = "unauthenticated"


class Forbidden(TaskdeckError):
    """The credential does not allow this."""

    code = "forbidden"


class NotFound(TaskdeckError):
    """There is no such thing."""

    code = "not_found"


class Conflict(TaskdeckError):
    """The request contradicts what is already there."""

    code = "conflict"


class VersionConflict(Conflict):
    """Somebody else wrote to the stream first. Read it again and decide anew."""

    code = "version_conflict"
    retryable = True


class Throttled(TaskdeckError):
    """Too many attempts. Wait, then try again."""

    code = "throttled"
    retryable = True

    def __init__(self, message: str | None = None, *, retry_after: int) -> None:
        """`retry_after` is in seconds."""
        super().__init__(message, retry_after_seconds=retry_after)
        self.retry_after = retry_after


class StoreUnavailable(TaskdeckError):
    """The database cannot be reached or written to now. Nothing was stored; try again."""

    code = "store_unavailable"
    retryable = True


class StoreRejected(TaskdeckError):
    """The database will never take this data."""

    code = "store_rejected"


class StoreFailed(TaskdeckError):
    """Storing failed for a reason that nobody foresaw: a fault of Taskdeck, or of its set-up."""

    code = "store_failed"


class BatchTooWide(StoreRejected):
    """The batch touches more days than one transaction should. Its parts will be taken."""

    code = "batch_too_wide"


class Refused(TaskdeckError):
    """A frame or a handshake is not acceptable; the connection ends with `close_code`.

    Close codes: agent-protocol.md §2.4.
    """

    code = "refused"

    def __init__(self, message: str, *, close_code: int, **details: Any) -> None:
        super().__init__(message, **details)
        self.close_code = close_code


class ConfigurationError(TaskdeckError):
    """The configuration is not usable."""

    code = "configuration"
