"""Text that others wrote, as it may be shown on a terminal or in a log."""

from __future__ import annotations


def printable(text: str, *, lines: bool = False) -> str:
    """The text with escapes for what moves a cursor, changes colours, turns the writing round or,
    unless `lines` are wanted, looks like a line of its own."""
    if text.isprintable():
        return text
    kept = "\n\t" if lines else ""
    return "".join(
        each if each.isprintable() or each in kept else repr(each)[1:-1] for each in text
    )
