"""What people may call things, and which passwords will do. Everything here raises InvalidInput."""

from __future__ import annotations

import re
import unicodedata

from ..errors import InvalidInput

MAX_NAME = 64
MAX_PASSWORD = 256
MIN_PASSWORD = 10

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


def checked_name(name: str) -> str:
    """A name for people: 1 to 64 printable characters."""
    cleaned = name.strip()
    if not 1 <= len(cleaned) <= MAX_NAME or not cleaned.isprintable():
        raise InvalidInput(f"a name has 1 to {MAX_NAME} printable characters", field="name")
    return cleaned


def checked_slug(slug: str) -> str:
    """How a project is called in URLs; it never changes."""
    if not _SLUG.fullmatch(slug):
        raise InvalidInput(
            "a slug has 1 to 64 of a-z, 0-9 and -, and neither begins nor ends with -",
            field="slug",
        )
    return slug


def checked_username(username: str) -> str:
    """How a user logs in; case does not matter, and it never changes."""
    lowered = username.strip().lower()
    if not _USERNAME.fullmatch(lowered):
        raise InvalidInput(
            "a username has 1 to 64 of a-z, 0-9 and . _ @ + -, and begins with a letter or digit",
            field="username",
        )
    return lowered


def checked_password(password: str, username: str) -> str:
    """A password in the one form in which it is hashed. Length is what counts; nothing else is asked."""
    normal = checked_length(password, "password")
    if normal.lower() == username:
        raise InvalidInput("the password must not be the username", field="password")
    return normal


def checked_length(password: str, field: str) -> str:
    """A password in its one form, not too short and not too long."""
    normal = normal_password(password)
    if not MIN_PASSWORD <= len(normal) <= MAX_PASSWORD:
        raise InvalidInput(
            f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters", field=field
        )
    return normal


def normal_password(password: str) -> str:
    """The same characters, however a keyboard composed them."""
    return unicodedata.normalize("NFKC", password)
