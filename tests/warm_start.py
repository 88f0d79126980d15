"""`taskdeck` in forks of a process that has imported it: to import it takes longer than most commands.

The process is this file run as a script. Over a socket it is sent what to run and the files to run it
with, and says the child's process id and, at the end, its exit code.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from typing import IO, Any

PRELOADED = ("taskdeck.entrypoints.server", "taskdeck.entrypoints.container")
COMMANDS = "taskdeck.entrypoints.cli"
LENGTH = struct.Struct("!I")


class Forked:
    """As much of asyncio's `Process` as the tests use."""

    def __init__(self, pid: int, told: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdout = asyncio.StreamReader()
        self._pipe: asyncio.ReadTransport | None = None
        self._told = told
        self._watched = asyncio.create_task(self._watch())

    async def read_from(self, pipe: IO[bytes]) -> None:
        loop = asyncio.get_running_loop()
        self._pipe, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(self.stdout), pipe
        )

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    async def wait(self) -> int:
        code = await asyncio.shield(self._watched)
        if self._pipe is not None:
            self._pipe.close()
            # The pipe is closed in the loop's next turn.
            await asyncio.sleep(0)
        return code

    async def _watch(self) -> int:
        self.returncode = int(await _line(self._told))
        self._told.close()
        return self.returncode


async def run(
    *arguments: str, environment: Mapping[str, str], stdout: IO[bytes] | None, stderr: IO[bytes]
) -> Forked:
    """Start `taskdeck` with these arguments; without a `stdout` it can be read from the process."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    reading, writing = (None, stdout.fileno()) if stdout else os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    with theirs:
        body = json.dumps({"arguments": arguments, "environment": dict(environment)}).encode()
        control = _process()
        files = [theirs.fileno(), nothing, writing, stderr.fileno()]
        socket.send_fds(control, [LENGTH.pack(len(body))], files)
        control.sendall(body)
    os.close(nothing)
    forked = Forked(int(await _line(ours)), ours)
    if reading is not None:
        os.close(writing)
        await forked.read_from(os.fdopen(reading, "rb", 0))
    return forked


async def _line(told: socket.socket) -> str:
    line = b""
    while not line.endswith(b"\n"):
        more = await asyncio.get_running_loop().sock_recv(told, 1)
        if not more:
            raise ConnectionError("the process that forks is gone")
        line += more
    return line.decode()


@cache
def _process() -> socket.socket:
    """The socket to the process, which ends with it."""
    ours, theirs = socket.socketpair()
    with theirs:
        number = theirs.fileno()
        started = subprocess.Popen([sys.executable, __file__, str(number)], pass_fds=[number])
    atexit.register(started.wait)
    atexit.register(ours.close)
    return ours


def _serve(control: socket.socket) -> dict[str, Any] | None:
    """Fork whatever is asked for; returns in each child, and in this process when nobody asks more."""
    children: dict[int, socket.socket] = {}
    ended, wake = socket.socketpair()
    wake.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno())
    while True:
        ready, _, _ = select.select([control, ended], [], [])
        if ended in ready:
            ended.recv(4096)
            _tell_of_the_dead(children)
        if control not in ready:
            continue
        length, files, _, _ = socket.recv_fds(control, LENGTH.size, 4)
        if not length:
            return None
        (size,) = LENGTH.unpack(length)
        body = control.recv(size, socket.MSG_WAITALL)
        told = socket.socket(fileno=files[0])
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for each in (control, ended, wake, told, *children.values()):
                each.close()
            for number, file in enumerate(files[1:]):
                os.dup2(file, number)
            for file in files[1:]:
                os.close(file)
            asked: dict[str, Any] = json.loads(body)
            return asked
        for file in files[1:]:
            os.close(file)
        children[pid] = told
        told.sendall(b"%d\n" % pid)


def _tell_of_the_dead(children: dict[int, socket.socket]) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        with children.pop(pid) as told:
            try:
                told.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
            except BrokenPipeError:
                continue  # nobody waits for it


def _main() -> None:
    package = importlib.import_module(COMMANDS)
    below = [each.name for each in pkgutil.iter_modules(package.__path__, f"{COMMANDS}.")]
    for name in (*PRELOADED, *below):
        importlib.import_module(name)
    gc.freeze()
    asked = _serve(socket.socket(fileno=int(sys.argv[1])))
    if asked is not None:
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = ["taskdeck", *asked["arguments"]]
        package.main()


if __name__ == "__main__":
    _main()
