"""What a request says, checked against what its path declares. Unknown names are refused."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from ...domain.actions.fields import Parameter
from ...domain.actions.values import checked_json
from ...domain.canonical import parse_exact
from ...domain.errors import InvalidInput
from .endpoint import PATH_PARAMETERS
from .errors import TooLarge, UnsupportedMedia
from .kinds import Choices

MAX_BODY = 1024 * 1024
BODY_SECONDS = 30


def check_path(request: web.Request) -> None:
    """Raises InvalidInput for what no name in a path can be."""
    for name, value in request.match_info.items():
        PATH_PARAMETERS[name].kind.check(value, name)


def checked_query(request: web.Request, parameters: Iterable[Parameter]) -> dict[str, Any]:
    """The value of every parameter. Raises InvalidInput naming the parameter."""
    declared = {each.name: each for each in parameters}
    for name in request.query:
        if name not in declared:
            known = ", ".join(declared) or "none"
            raise InvalidInput(
                f"there is no query parameter {name!r} here; known: {known}", field=name
            )
    return {
        name: _parameter(request.query.getall(name, []), parameter)
        for name, parameter in declared.items()
    }


def _parameter(given: list[str], parameter: Parameter) -> Any:
    name = parameter.name
    if not given:
        if parameter.required:
            raise InvalidInput(f"{name} is required", field=name)
        return parameter.default
    if len(given) > 1 and not isinstance(parameter.kind, Choices):
        raise InvalidInput(f"{name} is given {len(given)} times; once will do", field=name)
    return parameter.kind.check(",".join(given), name)


async def checked_body(request: web.Request, parameters: Iterable[Parameter]) -> dict[str, Any]:
    """The value of every field of the JSON object. Raises InvalidInput naming the field, TooLarge,
    UnsupportedMedia."""
    declared = {each.name: each for each in parameters}
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMedia("The body is compressed; send it as it is.")
    wire = await _read(request)
    if wire:
        _check_media(request)
        given = _parsed(wire, declared)
    elif any(each.required for each in declared.values()):
        raise InvalidInput("the body must be a JSON object; it is empty", field="body")
    else:
        given = {}
    return {name: _field(given.get(name), parameter) for name, parameter in declared.items()}


def _check_media(request: web.Request) -> None:
    if request.content_type != "application/json":
        raise UnsupportedMedia
    if (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMedia("JSON is sent as UTF-8.")


def _parsed(wire: bytes, declared: Mapping[str, Parameter]) -> dict[str, Any]:
    try:
        fields = parse_exact(wire)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"the body is not JSON that can be read: {error}", field="body"
        ) from None
    if not isinstance(fields, dict):
        raise InvalidInput("the body must be a JSON object", field="body")
    for name, value in fields.items():
        if name not in declared:
            raise InvalidInput(
                f"there is no field {name!r} here; known: {', '.join(declared)}", field=name
            )
        checked_json(value, name)
    return fields


def _field(value: Any, parameter: Parameter) -> Any:
    """Null counts as left out."""
    if value is not None:
        return parameter.kind.check(value, parameter.name)
    if parameter.required:
        raise InvalidInput(f"{parameter.name} is required", field=parameter.name)
    return parameter.default


async def _read(request: web.Request) -> bytes:
    """The body, never holding more of it than is allowed."""
    if (request.content_length or 0) > MAX_BODY:
        raise _too_large()
    read = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                read += chunk
                if len(read) > MAX_BODY:
                    raise _too_large()
    except TimeoutError:
        raise InvalidInput(f"the body did not arrive in {BODY_SECONDS} s", field="body") from None
    return bytes(read)


def _too_large() -> TooLarge:
    return TooLarge(f"The body of a request has at most {MAX_BODY} bytes.")
