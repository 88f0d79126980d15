"""The loops of a brain end with it, whatever they do."""

from __future__ import annotations

import asyncio

import pytest

from taskdeck.entrypoints.background import BackgroundLoops


async def test_a_loop_that_forgets_to_be_cancelled_ends() -> None:
    begun = asyncio.Event()
    forgotten: list[bool] = []

    async def forgetful() -> None:
        while True:
            try:
                begun.set()
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if forgotten:
                    raise
                forgotten.append(True)

    async with BackgroundLoops(asyncio.Event()) as loops:
        loops.start(forgetful)
        await begun.wait()
    assert forgotten


async def test_one_that_fails_stops_the_brain() -> None:
    stop = asyncio.Event()

    async def fail() -> None:
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        async with BackgroundLoops(stop) as loops:
            loops.start(fail)
            await stop.wait()
