"""A SQLite file that this version cannot use: every command says so, and ends."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ..brain_process import TASKDECK, BrainProcess

pytestmark = pytest.mark.timeout(180)
END_SECONDS = 60


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 9999")


def corrupt(path: Path) -> None:
    path.write_bytes(b"no database " * 1_000)


@pytest.mark.parametrize("command", ["serve", "replay"])
@pytest.mark.parametrize(
    ("spoil", "said"), [(newer, "schema 9999"), (corrupt, "file is not a database")]
)
async def test_a_command_tells_of_it_and_ends(
    tmp_path: Path, command: str, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(tmp_path / "taskdeck.db")
    brain = BrainProcess(tmp_path, {})
    process = await asyncio.create_subprocess_exec(
        TASKDECK,
        command,
        env=brain.environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(END_SECONDS):
            _, stderr = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode
    assert said in stderr.decode()
