"""Kinds of values that only HTTP has, and the schema of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ...domain.access.names import MAX_PASSWORD, MIN_PASSWORD, checked_length
from ...domain.actions.fields import (
    Flag,
    Json,
    Kind,
    MapOf,
    Number,
    Parameter,
    Record,
    Text,
    Texts,
    Whole,
)
from ...domain.errors import InvalidInput
from ...domain.instants import Instant, parse_instant
from . import schema
from .schema import Schema

EARLIEST, LATEST = 0, parse_instant("9000-01-01T00:00:00Z")
LINE = Text(500)
PASSWORD = Text(MAX_PASSWORD)
USERNAME = Text(64)


@dataclass(frozen=True, slots=True)
class Choice:
    """A member of an enumeration."""

    members: type[StrEnum]

    def check(self, value: Any, path: str) -> StrEnum:
        word = LINE.check(value, path)
        try:
            return self.members(word)
        except ValueError:
            known = ", ".join(self.members)
            raise InvalidInput(
                f"{path} must be some of {known}; not {word!r}", field=path
            ) from None


@dataclass(frozen=True, slots=True)
class Choices:
    """Some members of an enumeration, as a query has them: repeated, or as a list with commas."""

    members: type[StrEnum]

    def check(self, value: str, path: str) -> frozenset[StrEnum]:
        one = Choice(self.members)
        return frozenset(one.check(word, path) for word in value.split(","))


@dataclass(frozen=True, slots=True)
class Moment:
    """ISO 8601 with an offset, in years with which can be reckoned."""

    def check(self, value: Any, path: str) -> Instant:
        text = LINE.check(value, path)
        # A plus sign that was not encoded arrives as a space in queries.
        exact = text.replace(" ", "+") if "T" in text else text
        try:
            instant = parse_instant(exact)
        except (ValueError, OverflowError):
            raise InvalidInput(
                f"{path} must be a time like 2026-02-03T04:05:06Z, not {text!r}", field=path
            ) from None
        if not EARLIEST <= instant < LATEST:
            raise InvalidInput(f"{path} must lie in the years 1970 to 8999", field=path)
        return instant


@dataclass(frozen=True, slots=True)
class Digits:
    """A whole number in a query."""

    minimum: int
    maximum: int

    def check(self, value: str, path: str) -> int:
        digits = value.isascii() and value.isdigit() and len(value) <= 9
        if not digits or not self.minimum <= int(value) <= self.maximum:
            raise InvalidInput(
                f"{path} must be a whole number, {self.minimum} to {self.maximum}, not {value!r}",
                field=path,
            )
        return int(value)


@dataclass(frozen=True, slots=True)
class Switch:
    """true or false in a query."""

    def check(self, value: str, path: str) -> bool:
        if value not in ("true", "false"):
            raise InvalidInput(f"{path} must be true or false, not {value!r}", field=path)
        return value == "true"


@dataclass(frozen=True, slots=True)
class NewPassword:
    """Refused if it is too short, before anything else of the request is done."""

    def check(self, value: Any, path: str) -> str:
        return checked_length(PASSWORD.check(value, path), path)


@dataclass(frozen=True, slots=True)
class Reported:
    """What agents name may hold any character."""

    max_length: int

    def check(self, value: str, path: str) -> str:
        if not 1 <= len(value) <= self.max_length:
            raise InvalidInput(f"{path} must have 1 to {self.max_length} characters", field=path)
        return value


def schema_of(kind: Kind) -> Schema:
    """How the document describes values of this kind."""
    match kind:
        case Text(max_length=most) | Reported(max_length=most):
            return {**schema.TEXT, "minLength": 1, "maxLength": most}
        case NewPassword():
            return {**schema.TEXT, "minLength": MIN_PASSWORD, "maxLength": MAX_PASSWORD}
        case Whole(low, high) | Digits(low, high):
            return {**schema.WHOLE, "minimum": low, "maximum": high}
        case Number(low, high):
            return {**schema.NUMBER, "minimum": low, "maximum": high}
        case Flag() | Switch():
            return schema.FLAG
        case Moment():
            return schema.TIME
        case Choice(members):
            return schema.one_of(members)
        case Choices(members):
            return {**schema.list_of(schema.one_of(members)), "minItems": 1}
        case Texts(kind=item, max_items=most):
            many = {"minItems": 1, "maxItems": most, "uniqueItems": True}
            return {**schema.list_of(schema_of(item)), **many}
        case MapOf(kind=item):
            return schema.map_of(schema_of(item))
        case Record(parameters):
            return closed_object(parameters)
        case Json(type=kind_of_json):
            return schema.OBJECT if kind_of_json is dict else schema.list_of(schema.ANY)
        case _:
            raise TypeError(f"{kind!r} has no schema yet")


def closed_object(parameters: Sequence[Parameter]) -> Schema:
    """An object that takes these fields and no others. Null counts as left out."""
    properties = {
        each.name: schema_of(each.kind) if each.required else schema.nullable(schema_of(each.kind))
        for each in parameters
    }
    required = [each.name for each in parameters if each.required]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
