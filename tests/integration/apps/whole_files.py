"""Celery's broker in a folder, without its gap between making a file and writing it.

A worker that looks into the gap takes an empty message: the message is lost and the worker ends.
"""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """Files get the names that others look for once they are complete."""

    def _put(self, queue: Any, *message: Any, **options: Any) -> None:
        unseen = f"{queue}.{uuid.uuid4()}"
        super()._put(unseen, *message, **options)
        folder = Path(self.data_folder_out)
        (written,) = folder.glob(f"*.{unseen}.msg")
        written.rename(folder / written.name.replace(unseen, queue))

    def _queue_bind(self, exchange: str, *names: str) -> None:
        table = self._exchange_file(exchange)
        if not table.exists():
            empty = table.with_suffix(f".{uuid.uuid4()}")
            empty.write_text("[]")
            with suppress(FileExistsError):
                os.link(empty, table)
            empty.unlink()
        super()._queue_bind(exchange, *names)


class Transport(filesystem.Transport):
    Channel = Channel
