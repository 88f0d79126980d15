"""The OpenAPI 3.1 document, made of what the paths declare."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from ...domain.actions.fields import Parameter
from .endpoint import PATH_PARAMETERS, Access, Endpoint, Handler, Route
from .kinds import closed_object, schema_of
from .schema import ERROR, Schema

ABOUT = """\
JSON over HTTP. Send `Authorization: Bearer <API key>`, or the cookie of a session and, with what
changes something, its `csrf_token` in the header X-CSRF-Token. Lists come in pages: give
`next_cursor` back as `cursor`. Times are ISO 8601 in UTC. Errors name what was wrong in
`error.details.field`. Parameters and fields that are not declared are refused.
Where 304 is among the answers, they have an ETag: send it back in If-None-Match, and 304 says that
nothing changed."""
JSON = "application/json"


def document(base: str, version: str, cookie: str, routes: Iterable[Route]) -> dict[str, Any]:
    """`base` is the path before all others, `cookie` the name of the one that holds a session."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint, handler in routes:
        operations = paths.setdefault(plain(endpoint.path), {})
        operations[endpoint.method.lower()] = _operation(endpoint, handler)
    schemas: dict[str, Any] = {}
    referred = _referred({"paths": paths, "error": ERROR}, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Taskdeck", "version": version, "description": ABOUT},
        "servers": [{"url": base}],
        "security": [{"key": []}, {"session": []}],
        "paths": referred["paths"],
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": cookie},
            },
        },
    }


def plain(path: str) -> str:
    """Without the patterns that only routing needs."""
    return re.sub(r":[^}]+", "", path)


def error_statuses(endpoint: Endpoint) -> Iterator[int]:
    """Every status with an error as its answer."""
    yield from (400, 503, *endpoint.errors)
    if endpoint.needs is not Access.OPEN:
        yield from (401, 403, 429)
    if "{" in endpoint.path:
        yield 404
    if endpoint.body is not None:
        yield from (413, 415)


def _operation(endpoint: Endpoint, handler: Handler) -> dict[str, Any]:
    module = handler.__module__.rpartition(".")[2]
    operation: dict[str, Any] = {
        "operationId": f"{module}.{handler.__name__}",
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": inspect.getdoc(handler) or "",
        "x-needs": str(endpoint.needs),
        "parameters": [
            *(_parameter(PATH_PARAMETERS[name], "path") for name in _names(endpoint.path)),
            *(_parameter(each, "query") for each in endpoint.query),
        ],
        "responses": _responses(endpoint),
    }
    if endpoint.needs is Access.OPEN:
        operation["security"] = []
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": any(each.required for each in endpoint.body),
            "content": {JSON: {"schema": closed_object(endpoint.body)}},
        }
    return operation


def _names(path: str) -> list[str]:
    return re.findall(r"{(\w+)", path)


def _parameter(parameter: Parameter, place: str) -> dict[str, Any]:
    schema = schema_of(parameter.kind)
    if isinstance(parameter.default, int | str):
        schema = {**schema, "default": parameter.default}
    return {
        "name": parameter.name,
        "in": place,
        "required": parameter.required,
        "schema": schema,
    }


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, answered in endpoint.answers.items():
        responses[str(status)] = _response(status, _content(answered))
    if endpoint.tagged:
        responses["304"] = _response(304, {})
    for status in sorted(set(error_statuses(endpoint)) - set(endpoint.answers)):
        responses[str(status)] = _response(status, {JSON: {"schema": ERROR}})
    return responses


def _content(answered: Schema | tuple[str, ...] | None) -> dict[str, Any]:
    match answered:
        case None:
            return {}
        case tuple():
            return {media: {"schema": {"type": "string"}} for media in answered}
        case _:
            return {JSON: {"schema": answered}}


def _response(status: int, content: Mapping[str, Any]) -> dict[str, Any]:
    told = {"description": HTTPStatus(status).phrase}
    return {**told, "content": content} if content else told


def _referred(part: Any, schemas: dict[str, Any]) -> Any:
    """The same with references to schemas that have a title, which go to `schemas`."""
    match part:
        case {"title": str(title), "type": _}:
            if title not in schemas:
                schemas[title] = {}
                rest = {name: each for name, each in part.items() if name != "title"}
                schemas[title] = _referred(rest, schemas)
            return {"$ref": f"#/components/schemas/{title}"}
        case Mapping():
            return {name: _referred(each, schemas) for name, each in part.items()}
        case list() | tuple():
            return [_referred(each, schemas) for each in part]
        case _:
            return part
