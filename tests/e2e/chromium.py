"""The Chromium of this machine. Without one these tests are left out, loudly; in CI that is a failure."""

from __future__ import annotations

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ADVICE = "apt-get install --no-install-recommends chromium, or TASKDECK_CHROMIUM=/path/to/it"
NO_BUNDLE = "this install has no dashboard: python entrypoints/dashboard/ui_bundle.py"

left_out: set[str] = set()
"""Why tests were left out, for the summary at the end."""


def find() -> str | None:
    named = os.environ.get("TASKDECK_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def leave_out(reason: str) -> None:
    """Skip on a laptop, fail in CI."""
    left_out.add(reason)
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
