"""An agent's process: makes events, resends what was not acknowledged, answers commands."""

from __future__ import annotations

import json
from random import Random
from typing import Any
from uuid import UUID

from taskdeck.domain.ids import EventId

from ..agent_client import wire_event
from ..unit.services.worker import Worker

KINDS = ("task.received", "task.started", "task.succeeded")


class Process:
    """It survives its connections."""

    def __init__(self, name: str, rng: Random) -> None:
        self.name = name
        self.worker: Worker | None = None
        self.past: list[Worker] = []
        self.unacknowledged: dict[str, dict[str, Any]] = {}
        self.acknowledged: set[EventId] = set()
        self.tasks: set[str] = set()
        self._rng = rng
        self._read = 0
        self._frames: dict[str, list[str]] = {}
        self._orders: list[dict[str, Any]] = []

    @property
    def connected(self) -> bool:
        return self.worker is not None and self.worker.connection.closed is None

    def attach(self, worker: Worker) -> None:
        self.worker, self._read = worker, 0
        self.past.append(worker)
        self._frames.clear()

    def drop(self) -> Worker | None:
        """Stop using the connection; the brain may not see it."""
        worker, self.worker = self.worker, None
        return worker

    def run_task(self, now: int) -> None:
        """Make the events of one task run."""
        task_id = f"{self.name}-{len(self.tasks)}"
        self.tasks.add(task_id)
        for number, kind in enumerate(KINDS):
            event = wire_event(kind, task_id, at=now + number * 1_000)
            event["id"] = UUID(int=self._rng.getrandbits(128)).hex
            self.unacknowledged[event["id"]] = event

    def send(self) -> None:
        """Some of what waits, in any order, perhaps for the second time."""
        if self.worker is None or not self.connected or not self.unacknowledged:
            return
        waiting = list(self.unacknowledged.values())
        chosen = self._rng.sample(waiting, self._rng.randint(1, min(8, len(waiting))))
        frame_id = f"ev_{self._rng.getrandbits(64):x}"
        self._frames[frame_id] = [each["id"] for each in chosen]
        self.worker.send("event_batch", frame_id, {"events": chosen})

    def beat(self) -> None:
        if self.worker is not None and self.connected:
            self.worker.send("heartbeat", f"hb_{self._rng.getrandbits(64):x}", {})

    def read(self) -> None:
        """Take acknowledgements and orders."""
        if self.worker is None:
            return
        sent = self.worker.connection.sent
        for wire in sent[self._read :]:
            frame = json.loads(wire)
            if frame["type"] == "event_batch_ack":
                for event_id in self._frames.pop(frame["payload"]["acked_id"]):
                    self.unacknowledged.pop(event_id, None)
                    self.acknowledged.add(EventId(UUID(event_id).bytes))
            elif frame["type"] == "command":
                self._orders.append(frame)
        self._read = len(sent)

    def answer(self) -> None:
        """One order: taken up, finished or forgotten; perhaps over another connection."""
        if self.worker is None or not self.connected or not self._orders:
            return
        order = self._orders.pop(0)
        match self._rng.randrange(4):
            case 0:
                self.worker.acknowledge(order)
            case 1:
                self.worker.acknowledge(order)
                self.worker.finish(order, {"task_id": "t"})
            case 2:
                self.worker.finish(order, error="no")
            case _:
                pass
