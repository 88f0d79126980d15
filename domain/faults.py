"""What to say of an error that nobody foresaw."""

from __future__ import annotations

from itertools import islice
from pathlib import PurePath
from traceback import extract_tb

FRAMES = 4


def render_fault(error: BaseException) -> str:
    """The kind of an error and the innermost places it came through.

    Not its text, which may quote what tasks carry.
    """
    innermost = islice(reversed(extract_tb(error.__traceback__)), FRAMES)
    places = [f"{PurePath(at.filename).name}:{at.lineno} {at.name}" for at in innermost]
    return f"{type(error).__name__} at {' < '.join(places) or 'an unknown place'}"
