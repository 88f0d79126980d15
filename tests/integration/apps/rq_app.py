"""The application of the RQ worker under test."""

from __future__ import annotations

import os
from datetime import timedelta  # noqa: F401  for jobs that wait

from redis import Redis
from rq import Queue

queue = Queue(connection=Redis.from_url(os.environ["Z4J_RQ_REDIS_URL"]))


def add(left: int, right: int) -> int:
    return left + right


def boom(text: str) -> None:
    raise ValueError(text)
