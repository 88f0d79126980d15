"""The application of the Celery worker under test."""

from __future__ import annotations

import os
import time

import z4j_celery  # noqa: F401  importing it starts the agent in the worker
from celery import Celery, Task
from kombu.transport import TRANSPORT_ALIASES

STATE = os.environ["APP_STATE"]

TRANSPORT_ALIASES["filesystem"] = "whole_files:Transport"
app = Celery("celery_app", broker="filesystem://", backend=f"file://{STATE}/results")
app.conf.update(
    broker_transport_options={
        "data_folder_in": f"{STATE}/queue",
        "data_folder_out": f"{STATE}/queue",
        "control_folder": f"{STATE}/control",
        "polling_interval": 0.1,
    },
    result_extended=True,
    worker_send_task_events=True,
    broker_connection_retry_on_startup=True,
)


@app.task
def add(left: int, right: int) -> int:
    return left + right


@app.task
def boom(text: str) -> None:
    raise ValueError(text)


@app.task(bind=True, max_retries=1, default_retry_delay=4)
def flaky(self: Task) -> str:
    """Runs apart by more than copies of news are, so that they can be told apart."""
    if self.request.retries == 0:
        raise self.retry(exc=RuntimeError("again"))
    return "done"


@app.task
def slow(seconds: float) -> None:
    time.sleep(seconds)
