"""How settings are read from text: each reader says what it allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ..domain.redaction import Redactor

POSTGRES_SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg", "postgresql+psycopg")


@dataclass(frozen=True, slots=True)
class Variable:
    """How a setting is read from text. `parse` raises ValueError saying what is allowed."""

    name: str
    parse: Callable[[str], Any]
    meaning: str
    secret: bool = False
    shown: Callable[[str], str] = str
    """A value as people and logs may see it."""

    def show(self, value: Any) -> str:
        return "********" if self.secret else self.shown(str(value))

    def hides(self, text: str) -> bool:
        """Whether this text must not be repeated."""
        return self.secret or self.shown(text) != text


def whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


def one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return text

    return parse


def secret_text(text: str) -> str:
    if len(text.encode()) < 32:
        raise ValueError("at least 32 bytes; make one with: openssl rand -hex 32")
    return text


def path(text: str) -> Path:
    return Path(text).expanduser()


def database_url(text: str) -> str:
    scheme, _, rest = text.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return text
    if scheme in POSTGRES_SCHEMES and rest:
        return text
    raise ValueError("sqlite:///absolute/path/to/file.db, or postgresql://user@host/database")


def postgres_url(text: str) -> str:
    if text.partition("://")[0] not in POSTGRES_SCHEMES:
        raise ValueError("postgresql://user@host/database")
    return text


def networks(text: str) -> str:
    for part in text.split(","):
        try:
            ip_network(part.strip())
        except ValueError:
            raise ValueError("IP addresses or networks like 10.0.0.0/8, with commas") from None
    return text


def field_names(text: str) -> str:
    try:
        Redactor(split_names(text))
    except ValueError as error:
        raise ValueError(f"names of fields with commas, or none: {error}") from None
    return text


def split_names(text: str) -> tuple[str, ...]:
    """Of a list with commas; `none` is an empty one."""
    return () if text.strip() == "none" else tuple(part.strip() for part in text.split(","))


def without_password(url: str) -> str:
    """A database URL for people; what cannot be read is hidden whole."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "********"
    if "password" in parts.query.lower():
        return f"{parts.scheme}://********"
    if not parts.netloc and ("@" in url or "password" in url.lower()):
        # Slashes forgotten, or another notation: host=… password=…
        return "********"
    if parts.password is None:
        return url
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:********@{host}"))
