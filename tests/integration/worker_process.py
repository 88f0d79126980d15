"""Real workers with their real agents, as processes of their own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

APPS = Path(__file__).parent / "apps"


def agent_environment(url: str, token: str, hmac_secret: str, state: Path) -> dict[str, str]:
    """What a process needs for its agent to reach the brain."""
    home = state / "z4j"
    home.mkdir(mode=0o700, exist_ok=True)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("Z4J_")},
        "Z4J_BRAIN_URL": url,
        "Z4J_TOKEN": token,
        "Z4J_PROJECT_ID": "default",
        "Z4J_HMAC_SECRET": hmac_secret,
        "Z4J_HOME": str(home),
        "APP_STATE": str(state),
        "PYTHONPATH": str(APPS),
    }


@asynccontextmanager
async def process(
    *command: str, environment: Mapping[str, str], log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A console script of this environment, ended with the block; its output goes to `log`."""
    script = Path(sys.executable).with_name(command[0])
    with log.open("ab") as output:
        started = await asyncio.create_subprocess_exec(
            script, *command[1:], env=environment, stdout=output, stderr=output, cwd=APPS
        )
        try:
            yield started
        finally:
            if started.returncode is None:
                started.send_signal(signal.SIGTERM)
                try:
                    await asyncio.wait_for(started.wait(), 10)
                except TimeoutError:
                    started.kill()
                    await started.wait()
