"""A small shop: orders are confirmed by mail, invoices fail now and then, reports take a while.

Start a worker and send some work; the README of Taskdeck has the commands. The broker is a folder, so
nothing else has to be installed or started.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import z4j_celery  # noqa: F401  importing it starts the agent in every worker of this app
from celery import Celery, Task

STATE = Path(os.environ.get("EXAMPLE_STATE", "/tmp/taskdeck-example"))
for folder in ("queue", "control", "results"):
    (STATE / folder).mkdir(parents=True, exist_ok=True)

app = Celery("shop", broker="filesystem://", backend=f"file://{STATE / 'results'}")
app.conf.update(
    broker_transport_options={
        "data_folder_in": str(STATE / "queue"),
        "data_folder_out": str(STATE / "queue"),
        "control_folder": str(STATE / "control"),
    },
    result_extended=True,  # lets Taskdeck retry with the original arguments
    worker_pool_restarts=True,  # lets Taskdeck restart the pool
    worker_send_task_events=True,  # the same as `celery worker -E`
    broker_connection_retry_on_startup=True,
)


@app.task
def confirm_order(order: int, mail: str) -> str:
    time.sleep(random.uniform(0.02, 0.2))
    return f"order {order} confirmed to {mail}"


@app.task(bind=True, max_retries=2, default_retry_delay=1)
def send_invoice(self: Task, order: int) -> str:
    try:
        if random.random() < 0.4:
            raise ConnectionError(f"mail server refused the invoice of order {order}")
    except ConnectionError as error:
        raise self.retry(exc=error) from error
    return f"invoice of order {order} sent"


@app.task
def build_report(month: str) -> dict[str, object]:
    time.sleep(random.uniform(1, 3))
    return {"month": month, "rows": random.randint(1_000, 9_000)}


@app.task
def charge_card(order: int, cents: int) -> str:
    if cents > 90_000:
        raise ValueError(f"card of order {order} declined for {cents} cents")
    return f"charged {cents} cents"
