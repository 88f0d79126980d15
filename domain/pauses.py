"""Why a socket is not read from."""

from __future__ import annotations

from enum import Flag, auto


class Pause(Flag):
    """Each reason has one owner, who alone takes it back; a socket is read while none stands."""

    OPENING = auto()
    """Its session is being opened."""
    EVENTS = auto()
    """The store does not keep up with events."""
    ANSWERS = auto()
    """Too many answers to commands wait."""
    SHUTDOWN = auto()


NO_PAUSE = Pause(0)
