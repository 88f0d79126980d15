"""JSON schemas, as the API's document shows them: the few words they are built with."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]
"""JSON Schema 2020-12. One with a title stands once in the document and is referred to."""

ANY: Schema = {}
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
OBJECT: Schema = {"type": "object"}
TIME: Schema = {"type": "string", "format": "date-time"}
REPORTED: Schema = {"description": "As the agent reported it: usually text or null, but any JSON."}


def object_of(
    title: str = "", /, *, optional: Mapping[str, Schema] | None = None, **fields: Schema
) -> Schema:
    """All of `fields` are always there."""
    named = {"title": title} if title else {}
    properties = {**fields, **(optional or {})}
    return {**named, "type": "object", "properties": properties, "required": list(fields)}


def list_of(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def map_of(value: Schema) -> Schema:
    """An object with free keys."""
    return {"type": "object", "additionalProperties": value}


def one_of(members: type[StrEnum]) -> Schema:
    return {"title": members.__name__, "type": "string", "enum": [str(each) for each in members]}


def nullable(schema: Schema) -> Schema:
    if "title" in schema or "type" not in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def page_of(name: str, item: Schema, **more: Schema) -> Schema:
    """A list; `next_cursor` asks for what comes after it, null where nothing does."""
    return object_of(**{name: list_of(item)}, next_cursor=nullable(TEXT), **more)


ERROR = object_of("Error", error=object_of(code=TEXT, message=TEXT, details=OBJECT))
"""`details.field` names what was wrong with a request."""
