"""The application of the Huey worker under test."""

from __future__ import annotations

import os
from pathlib import Path

from huey import SqliteHuey
from z4j_bare import install_agent
from z4j_huey import HueyEngineAdapter

huey = SqliteHuey("huey_app", filename=f"{os.environ['APP_STATE']}/huey.db")


@huey.task()
def add(left: int, right: int) -> int:
    return left + right


@huey.task()
def boom(text: str) -> None:
    raise ValueError(text)


@huey.task(retries=1)
def flaky(marker: str) -> str:
    if not Path(marker).exists():
        Path(marker).touch()
        raise RuntimeError("again")
    return "done"


if os.environ.get("Z4J_DISABLED") != "1":
    install_agent(engines=[HueyEngineAdapter(huey=huey)])  # type: ignore[list-item]
