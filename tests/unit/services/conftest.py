"""A brain on the memory adapters, running."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from .brain import Brain


@pytest.fixture
async def brain() -> AsyncIterator[Brain]:
    async with Brain().running() as running:
        yield running
