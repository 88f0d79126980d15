"""What the browser has to load stays small."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from taskdeck.entrypoints.dashboard.assets import STAMP, STATIC

from . import chromium

MOST_MAIN = 80 * 1024
MOST_CHUNK = 40 * 1024


@pytest.fixture
def scripts() -> list[Path]:
    if not (STATIC / STAMP).exists():
        chromium.leave_out(chromium.NO_BUNDLE)
    return list(STATIC.glob("*.js"))


def packed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9))


def test_scripts_and_styles_are_small(scripts: list[Path]) -> None:
    names = json.loads((STATIC / STAMP).read_text())
    main = packed(STATIC / names["main"]) + packed(STATIC / names["style"])
    assert main <= MOST_MAIN
    assert max(packed(file) for file in scripts if file.name != names["main"]) <= MOST_CHUNK


def test_everything_is_there_packed(scripts: list[Path]) -> None:
    for script in scripts:
        assert script.with_name(script.name + ".br").exists()
        assert gzip.decompress(script.with_name(script.name + ".gz").read_bytes()) == (
            script.read_bytes()
        )


def test_licences_of_what_is_inside_are_told(scripts: list[Path]) -> None:
    notices = (STATIC / "THIRD-PARTY-NOTICES.txt").read_text()
    for name in ("preact", "@preact/signals", "uplot"):
        assert f"{name} " in notices
    assert notices.count("Copyright") >= 3
