"""The examples in docs/api.md work."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from taskdeck.entrypoints.http.errors import STATUSES

from ..brain_process import BrainProcess, brain_process

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture
async def brain(tmp_path: Path) -> AsyncIterator[BrainProcess]:
    async with brain_process(tmp_path) as running:
        yield running


async def test_examples_with_curl(brain: BrainProcess) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    lines = DOCUMENT.read_text().splitlines()
    examples = [line.strip() for line in lines if line.startswith("    ") and "curl " in line]
    assert len(examples) > 5
    script = "\n".join(["set -eu", f"URL={brain.url}/api/v1", f"KEY={brain.api_key}", *examples])
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", script, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(50):
        said, wrong = await process.communicate()
    assert (process.returncode, wrong) == (0, b"")
    text = said.decode()
    assert '"role":"admin"' in text
    assert '"tasks":[]' in text
    assert '"hmac_secret"' in text
    assert '"status":"issued"' in text
    assert "304\n" in text
    assert text.count('{"error": {') == 1
    assert "limit must be a whole number, 1 to 500, not 'many'" in text


def test_every_error_is_in_the_table() -> None:
    rows = [line.split("|")[1:3] for line in DOCUMENT.read_text().splitlines() if "| `" in line]
    told = {
        (int(status), code) for status, codes in rows if status.strip().isdigit()
        for code in re.findall(r"`(\w+)`", codes)
    }  # fmt: skip
    assert {(status, kind.code) for kind, status in STATUSES.items()} <= told
