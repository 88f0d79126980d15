"""The brain's home folder: its secret, the command line's key, and the lock of who runs there."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..domain.errors import ConfigurationError
from .settings import Settings

SECRET_FILE = "secret"
CLI_KEY_FILE = "cli.key"
LOCK_FILE = "brain.lock"


def master_secret(settings: Settings) -> bytes:
    """The master secret: from the settings, or from the home, where it is made on first use."""
    if settings.secret is not None:
        return settings.secret.encode()
    ensure_home(settings.home)
    path = settings.home / SECRET_FILE
    with suppress(FileExistsError):
        write_private(path, secrets.token_urlsafe(48))
    secret = path.read_text().strip().encode()
    if len(secret) < 32:
        raise ConfigurationError(f"{path} holds less than 32 bytes. Restore it from a backup.")
    return secret


def ensure_home(home: Path) -> None:
    """Make the folder, for its owner only."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"The home folder {home} cannot be made: {error}.") from None


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner can read. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Be the only brain of this home. Raises ConfigurationError if another one runs."""
    ensure_home(home)
    with (home / LOCK_FILE).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(
                f"A brain already runs with the home {home}. Stop it first, or use another home "
                "(Z4J_BRAIN_HOME)."
            ) from None
        yield
