"""What tests of whole brains share."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Any:
    """None for SQLite. Not asynchronous: the server of the tests is started outside of loops."""
    return request.getfixturevalue("brains_postgres_url") if request.param == "postgres" else None
