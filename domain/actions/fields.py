"""Declarative parameters: what each may hold, and the message when it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..errors import InvalidInput
from .values import checked_json, checked_text, kind_of


class Kind(Protocol):
    """A sort of value. `check` returns it as it is sent; raises InvalidInput naming `path`."""

    def check(self, value: Any, path: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Parameter:
    """One named value. A parameter that is null counts as left out."""

    name: str
    kind: Kind
    required: bool = False
    default: Any = None


def check(parameters: tuple[Parameter, ...], given: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The given values and the defaults, without nulls. Raises InvalidInput.

    A name that no parameter has is refused, never passed on or dropped.
    """
    for name in given:
        if not any(parameter.name == name for parameter in parameters):
            raise InvalidInput(
                f"{path} has no {name!r}; it takes {_listed(parameters)}", field=f"{path}.{name}"
            )
    checked: dict[str, Any] = {}
    for parameter in parameters:
        value = given.get(parameter.name)
        value = parameter.default if value is None else value
        if value is not None:
            checked[parameter.name] = parameter.kind.check(value, f"{path}.{parameter.name}")
        elif parameter.required:
            where = f"{path}.{parameter.name}"
            raise InvalidInput(f"{where} is required", field=where)
    return checked


def _listed(parameters: tuple[Parameter, ...]) -> str:
    return ", ".join(parameter.name for parameter in parameters) or "none"


def wrong(path: str, expected: str, value: Any) -> InvalidInput:
    return InvalidInput(f"{path} must be {expected}, not {kind_of(value)}", field=path)


@dataclass(frozen=True, slots=True)
class Text:
    """Text without control characters, not empty. `hint` says what `pattern` matches in full."""

    max_length: int = 200
    pattern: str = ""
    hint: str = ""

    def check(self, value: Any, path: str) -> str:
        if not isinstance(value, str):
            raise wrong(path, "text", value)
        checked_text(value, path)
        if not 1 <= len(value) <= self.max_length:
            raise InvalidInput(f"{path} must have 1 to {self.max_length} characters", field=path)
        if any(character < " " for character in value):
            raise InvalidInput(f"{path} must not hold control characters", field=path)
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise InvalidInput(f"{path} must be {self.hint}, not {value!r}", field=path)
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within limits."""

    minimum: int
    maximum: int

    def check(self, value: Any, path: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong(path, "a whole number", value)
        if not self.minimum <= value <= self.maximum:
            raise InvalidInput(
                f"{path} must be {self.minimum} to {self.maximum}, not {value}", field=path
            )
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number within limits."""

    minimum: float
    maximum: float

    def check(self, value: Any, path: str) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong(path, "a number", value)
        checked_json(value, path)
        if not self.minimum <= value <= self.maximum:
            raise InvalidInput(
                f"{path} must be {self.minimum} to {self.maximum}, not {value}", field=path
            )
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    def check(self, value: Any, path: str) -> bool:
        if not isinstance(value, bool):
            raise wrong(path, "true or false", value)
        return value


@dataclass(frozen=True, slots=True)
class Json:
    """Any JSON value of one type: `list` or `dict`."""

    type: type[list[Any]] | type[dict[str, Any]]

    def check(self, value: Any, path: str) -> Any:
        if not isinstance(value, self.type):
            raise wrong(path, "a list" if self.type is list else "an object", value)
        return checked_json(value, path)


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of different texts, not empty."""

    kind: Text
    max_items: int

    def check(self, value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise wrong(path, "a list", value)
        if not 1 <= len(value) <= self.max_items:
            raise InvalidInput(
                f"{path} must have 1 to {self.max_items} items, not {len(value)}", field=path
            )
        checked = [self.kind.check(item, f"{path}[{index}]") for index, item in enumerate(value)]
        if len(set(checked)) < len(checked):
            raise InvalidInput(f"{path} names something twice", field=path)
        return checked


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with free keys."""

    kind: Kind

    def check(self, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise wrong(path, "an object", value)
        return {
            checked_text(key, path): self.kind.check(item, f"{path}.{key}")
            for key, item in value.items()
        }


@dataclass(frozen=True, slots=True)
class Record:
    """An object with fixed keys."""

    parameters: tuple[Parameter, ...]

    def check(self, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise wrong(path, "an object", value)
        return check(self.parameters, value, path)
