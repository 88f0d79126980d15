"""Limits of user-made JSON values, so that every command can be signed, sent and read back."""

from __future__ import annotations

import json
import math
from typing import Any

from ..errors import InvalidInput

MAX_NESTING = 64
MAX_INTEGER_BITS = 4_096
"""Well below the 4 300 digits at which Python refuses to parse a number."""
MAX_ORDER_BYTES = 1_000_000
"""Target and parameters together; agents drop the connection at frames over 1 MiB (§2.1)."""


def checked_json(value: Any, path: str, *, depth: int = 0) -> Any:
    """The value itself, if agents can receive it. Raises InvalidInput naming the place.

    Refused: NaN and infinities, lone surrogates, integers beyond 4 096 bits, more than 64 levels
    and anything that JSON does not have (§3.3).
    """
    if depth > MAX_NESTING:
        raise InvalidInput(f"{path} is nested over {MAX_NESTING} levels deep", field=path)
    match value:
        case None | bool():
            pass
        case str():
            checked_text(value, path)
        case int():
            if value.bit_length() > MAX_INTEGER_BITS:
                raise InvalidInput(f"{path} is a number of too many digits", field=path)
        case float():
            if not math.isfinite(value):
                raise InvalidInput(f"{path} must be a finite number, not {value}", field=path)
        case list():
            for index, item in enumerate(value):
                checked_json(item, f"{path}[{index}]", depth=depth + 1)
        case dict():
            for key, item in value.items():
                if not isinstance(key, str):
                    raise InvalidInput(f"{path} has a key that is not text: {key!r}", field=path)
                checked_text(key, path)
                checked_json(item, f"{path}.{key}", depth=depth + 1)
        case _:
            raise InvalidInput(f"{path} is not a JSON value but {kind_of(value)}", field=path)
    return value


def checked_text(text: str, path: str) -> str:
    """The text itself, if UTF-8 can express it. Raises InvalidInput for lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidInput(f"{path} holds half a character (surrogate)", field=path) from None
    return text


def checked_size(value: Any) -> None:
    """Raises InvalidInput if the value may not fit a frame, however its text is spelled."""
    # Escaped to ASCII, JSON text is never shorter than in UTF-8: the upper bound of both.
    size = len(json.dumps(value, ensure_ascii=True, separators=(",", ":")))
    if size > MAX_ORDER_BYTES:
        raise InvalidInput(
            f"the command would take {size} bytes; at most {MAX_ORDER_BYTES} can be sent. "
            "Split it into several commands",
            field="parameters",
        )


def kind_of(value: Any) -> str:
    """What people call this sort of JSON value."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "text"
        case int():
            return "a whole number"
        case float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"a {type(value).__name__}"
