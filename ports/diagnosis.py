"""Looks for what is wrong with a database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from ..domain.diagnosis import Finding


class Diagnosis(Protocol):
    """Changes nothing, and works beside running brains. What cannot be examined is a finding too."""

    def examine(self) -> AsyncIterator[Finding]: ...
