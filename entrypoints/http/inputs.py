"""What a request says, checked: query parameters and JSON bodies. Unknown names are refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from aiohttp import web

from ...domain.actions.fields import Kind, Text
from ...domain.actions.values import checked_json
from ...domain.canonical import parse_exact
from ...domain.errors import InvalidInput
from ...domain.instants import Instant, parse_instant
from .errors import TooLarge

MAX_BODY = 1024 * 1024
BODY_SECONDS = 30
MAX_LIMIT = 500
LINE = Text(500)

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


class Query:
    """The query parameters of a request. Every method raises InvalidInput naming the parameter."""

    def __init__(self, request: web.Request, *names: str) -> None:
        """`names` are all parameters that the path takes."""
        self._given = request.query
        for name in self._given:
            if name not in names:
                known = ", ".join(names) or "none"
                raise InvalidInput(
                    f"there is no query parameter {name!r} here; known: {known}", field=name
                )

    def text(self, name: str, kind: Text = LINE) -> str | None:
        values = self._given.getall(name, [])
        if len(values) > 1:
            raise InvalidInput(f"{name} is given {len(values)} times; once will do", field=name)
        return kind.check(values[0], name) if values else None

    def choices(self, name: str, kind: type[ChoiceT]) -> frozenset[ChoiceT] | None:
        """Some of the members of an enumeration: repeated, or as a list with commas."""
        words = [word for value in self._given.getall(name, []) for word in value.split(",")]
        return frozenset(_member(kind, word, name) for word in words) if words else None

    def instant(self, name: str) -> Instant | None:
        text = self.text(name)
        # A plus sign that was not encoded arrives as a space.
        return None if text is None else _instant(text.replace(" ", "+"), name)

    def flag(self, name: str) -> bool:
        text = self.text(name)
        if text not in (None, "true", "false"):
            raise InvalidInput(f"{name} must be true or false, not {text!r}", field=name)
        return text == "true"

    def number(self, name: str, *, default: int, minimum: int = 1, maximum: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        digits = text.isascii() and text.isdigit() and len(text) <= 9
        if not digits or not minimum <= int(text) <= maximum:
            raise InvalidInput(
                f"{name} must be a whole number, {minimum} to {maximum}, not {text!r}", field=name
            )
        return int(text)

    def limit(self, default: int = 50) -> int:
        return self.number("limit", default=default, maximum=MAX_LIMIT)

    def cursor(self) -> str | None:
        return self.text("cursor")


class Body:
    """The JSON object of a request. Every method raises InvalidInput naming the field."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def required(self, name: str, kind: Kind) -> Any:
        if self._fields.get(name) is None:
            raise InvalidInput(f"{name} is required", field=name)
        return kind.check(self._fields[name], name)

    def optional(self, name: str, kind: Kind, default: Any = None) -> Any:
        """Null counts as left out."""
        value = self._fields.get(name)
        return default if value is None else kind.check(value, name)

    def choice(self, name: str, kind: type[ChoiceT]) -> ChoiceT:
        """A required member of an enumeration."""
        return _member(kind, self.required(name, LINE), name)

    def instant(self, name: str) -> Instant | None:
        text = self.optional(name, LINE)
        return None if text is None else _instant(text, name)

    def mapping(self, name: str) -> Mapping[str, Any]:
        """A JSON object; missing or null means an empty one."""
        value = self._fields.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise InvalidInput(f"{name} must be a JSON object", field=name)
        return value


async def read_body(request: web.Request, *names: str, empty: bool = False) -> Body:
    """Read a JSON object with some of these fields, or perhaps no body at all.

    Raises TooLarge, InvalidInput.
    """
    wire = await _read(request)
    if empty and not wire:
        return Body({})
    try:
        fields = parse_exact(wire)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"the body is not JSON that can be read: {error}", field="body"
        ) from None
    if not isinstance(fields, dict):
        raise InvalidInput("the body must be a JSON object", field="body")
    for name, value in fields.items():
        if name not in names:
            raise InvalidInput(
                f"there is no field {name!r} here; known: {', '.join(names)}", field=name
            )
        checked_json(value, name)
    return Body(fields)


async def _read(request: web.Request) -> bytes:
    """The body, never holding more of it than is allowed."""
    read = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                read += chunk
                if len(read) > MAX_BODY:
                    raise TooLarge(f"The body of a request has at most {MAX_BODY} bytes.")
    except TimeoutError:
        raise InvalidInput(f"the body did not arrive in {BODY_SECONDS} s", field="body") from None
    return bytes(read)


def _instant(text: str, name: str) -> Instant:
    try:
        return parse_instant(text)
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"{name} must be a time like 2026-02-03T04:05:06Z, not {text!r}", field=name
        ) from None


def _member(kind: type[ChoiceT], word: str, name: str) -> ChoiceT:
    try:
        return kind(word)
    except ValueError:
        known = ", ".join(kind)
        raise InvalidInput(f"{name} must be some of {known}; not {word!r}", field=name) from None
