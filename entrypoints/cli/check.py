"""taskdeck check: what is wrong, and how to mend it."""

from __future__ import annotations

import asyncio
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...domain.diagnosis import Finding, Verdict, bad, doubtful, good
from .failures import ExitCode, Unreachable
from .options import json_option, settings
from .output import print_json, print_table

if TYPE_CHECKING:
    from ...ports.diagnosis import Diagnosis
    from ..settings import Settings

LOW_DISK = 1024**3


@click.command()
@json_option
def check(*, as_json: bool) -> None:
    """Look at home, files, database and the running brain; exits 1 if something fails."""
    configured = settings()
    findings = [
        *_files(configured),
        _disk(configured.home),
        *_database(configured),
        _brain(configured.url),
    ]
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        rows = ((finding.verdict, finding.what, finding.advice) for finding in findings)
        print_table(("", "what", "how to mend it"), rows, empty="")
    if any(finding.verdict is Verdict.FAIL for finding in findings):
        sys.exit(ExitCode.FAILED)


def _files(configured: Settings) -> Iterator[Finding]:
    """Home and secrets are for their owner only."""
    from ..home import CLI_KEY_FILE, SECRET_FILE

    home = configured.home
    if not home.is_dir():
        yield bad(f"home {home} is missing", "run: taskdeck init")
        return
    for path, allowed in (
        (home, 0o700),
        (home / SECRET_FILE, 0o600),
        (home / CLI_KEY_FILE, 0o600),
        (configured.database_path, 0o600),
    ):
        if not path.exists() or (configured.on_postgres and path == configured.database_path):
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~allowed:
            yield bad(f"{path} has mode {mode:o}", f"chmod {allowed:o} {path}")
        else:
            yield good(f"{path} is private")


def _disk(home: Path) -> Finding:
    parent = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(parent).free
    what = f"{free / LOW_DISK:.1f} GiB free at {parent}"
    return good(what) if free > LOW_DISK else doubtful(what, "make room soon")


def _database(configured: Settings) -> list[Finding]:
    from ..container import Container

    async def examine() -> list[Finding]:
        diagnosis: Diagnosis = Container(settings=configured).diagnosis()
        return [finding async for finding in diagnosis.examine()]

    return asyncio.run(examine())


def _brain(url: str) -> Finding:
    from .client import BrainClient

    client = BrainClient(url, "")
    try:
        version = client.get("health")["version"]
    except Unreachable:
        return doubtful(f"no brain answers at {url}", "start one: taskdeck serve")
    finally:
        client.close()
    return good(f"brain {version} answers at {url}")
