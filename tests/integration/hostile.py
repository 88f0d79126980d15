"""What people who mean harm put into fields, parameters, paths and connections."""

from __future__ import annotations

from typing import Any

from taskdeck.domain.paging import encode_cursor


def nested(depth: int) -> list[Any]:
    return [nested(depth - 1)] if depth else []


TEXTS = {
    "SQL": "'; DROP TABLE tasks; --",
    "SQL that is always true": "' OR '1'='1",
    "SQL pattern": "%' OR 1=1 ESCAPE '\\' --",
    "HTML": "<script>alert(1)</script>",
    "HTML attribute": '"><img src=x onerror=alert(1)>',
    "template": "${7*7}{{7*7}}",
    "NUL": "a\x00b",
    "only NUL": "\x00",
    "new header": "x\r\nSet-Cookie: taskdeck=stolen",
    "right to left": "\u202egpj.exe",
    "no width": "\u200b\ufeff\u2060",
    "not a character": "\uffff\U0010ffff",
    "combining": "e" + "\u0301" * 400,
    "too long": "x" * 3_000,
    "up the tree": "../../../etc/passwd",
    "too large a number": "9" * 400,
    "below all numbers": "-" + "9" * 30,
    "first moment": "0001-01-01T00:00:00Z",
    "last moment": "9999-12-31T23:59:59.999999Z",
    "beyond the last moment": "9999-12-31T23:59:59-23:59",
    "search before all time": "since:0001-01-01T00:00:00Z",
    "search after all time": "until:9999-12-31T23:59:59.999999Z runtime>99999999999d",
    "search in the depths": "args." + "a." * 200 + "a:1",
}
"""In queries, paths and bodies alike."""

VALUES = {
    "half a character": "\ud800",
    "very long": "é" * 100_000,
    "nothing": "",
    "false": False,
    "zero": 0,
    "negative": -1,
    "fraction": 1e308,
    "too large": 10**400,
    "list": [],
    "list of lists": [[[["x"]]]],
    "object": {"$ne": None},
    "wrong in object": {"parameters": {"\x00": "\x00"}},
    "prototype": {"__proto__": {"admin": True}},
    "deep": nested(100),
}
"""In bodies only, beside the texts."""

_PLACES = (10**30, -(10**30), 2**63, 0)
CURSORS = [
    encode_cursor(*key)
    for place in _PLACES
    for key in (
        (place,),
        (place, place),
        *((place, text) for text in ("\x00", "'", "x" * 900)),
        *((place, text, text) for text in ("\x00", "'", "\U0010ffff")),
    )
]
"""Of no page that there ever was."""

DEEP = b'{"name":' + b"[" * 1_000 + b"]" * 1_000 + b"}"

BODIES = {
    "1 000 levels": DEEP,
    "100 000 levels": b"[" * 100_000,
    "NaN": b'{"name": NaN}',
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"name": "x"}',
    "number without end": b'{"name": ' + b"9" * 100_000 + b"}",
    "two objects": b"{}{}",
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "white space": b"   \n",
    "HTML": b"<html>",
}
"""Instead of a JSON object that says what it should."""

HOST = b"Host: brain\r\n"
HIDDEN = b"GET /api/v1/health?smuggled=1 HTTP/1.1\r\n" + HOST + b"\r\n"
CONNECTIONS = {
    "length and chunks": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "chunks and length": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two lengths": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + HIDDEN,
    "a list of lengths": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Content-Length: 0, 60\r\n\r\n" + HIDDEN,
    "a signed length": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Content-Length: +0\r\n\r\n" + HIDDEN,
    "a negative length": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "a length that is too large": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n" + HIDDEN,
    "unknown coding": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HIDDEN,
    "coding with a tab": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "chunk that is no number": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + HIDDEN,
    "chunk without an end": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n" + HIDDEN,
    "folded header": b"GET /api/v1/health HTTP/1.1\r\n" + HOST + b"X-A: b\r\n folded\r\n\r\n",
    "header that begins folded": b"GET /api/v1/health HTTP/1.1\r\n folded\r\n" + HOST + b"\r\n",
    "space before the colon": b"POST /api/v1/login HTTP/1.1\r\n" + HOST
    + b"Content-Length : 60\r\n\r\n" + HIDDEN,
    "header without a name": b"GET /api/v1/health HTTP/1.1\r\n" + HOST + b": x\r\n\r\n",
    "header without a colon": b"GET /api/v1/health HTTP/1.1\r\n" + HOST + b"broken\r\n\r\n",
    "NUL in a header": b"GET /api/v1/health HTTP/1.1\r\n" + HOST + b"X-A: a\x00b\r\n\r\n",
    "NUL in a name": b"GET /api/v1/health HTTP/1.1\r\n" + HOST + b"X\x00A: b\r\n\r\n",
    "NUL in the path": b"GET /api/v1/health\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "bare CR": b"GET /api/v1/health HTTP/1.1\r\n" + HOST + b"X-A: a\rX-B: c\r\n\r\n",
    "bare LF": b"GET /api/v1/health HTTP/1.1\n" + HOST + b"X-A: b\n\n",
    "two hosts": b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "long path": b"GET /api/v1/" + b"x" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "long query": b"GET /api/v1/health?" + b"x" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "long header": b"GET /api/v1/health HTTP/1.1\r\n" + HOST + b"X-A: " + b"x" * 20_000
    + b"\r\n\r\n",
    "long name": b"GET /api/v1/health HTTP/1.1\r\n" + HOST + b"x" * 20_000 + b": a\r\n\r\n",
    "many headers": b"GET /api/v1/health HTTP/1.1\r\n" + HOST
    + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 100) for n in range(20_000)) + b"\r\n",
    "unknown version": b"GET /api/v1/health HTTP/3.7\r\n" + HOST + b"\r\n",
    "no version": b"GET /api/v1/health\r\n\r\n",
    "method that is none": b"G\x01T /api/v1/health HTTP/1.1\r\n" + HOST + b"\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 32,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "garbage": bytes(range(256)) * 64,
}  # fmt: skip
"""Bytes of a connection that is refused; the request hidden in it is never answered."""

PATHS = (
    "/api/v1/../../../../etc/passwd",
    "/api/v1/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2f..%2fetc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "//etc/passwd",
    "/assets/..%2f..%2fpages.py",
    "/assets/%2e%2e/pages.py",
    "/assets/..%5c..%5cpages.py",
    "/assets/%00",
    "/assets//etc/passwd",
    "/api/v1//projects",
    "/api/v1/projects/%2e%2e/users",
    "/api/v1/projects/default%2ftasks",
    "/api/v1/projects/default/tasks/huey/..%2f..%2f..%2fusers",
    "/api/v1/projects/default/agents/..%2fmembers",
    "/api/v1/projects/default/commands/%2e%2e%2f%2e%2e",
    "/api/v1/projects/default%00/tasks",
    "/api/v1/projects/%ff%fe/tasks",
    "/api/v1/projects/default/tasks/huey/%ff",
    "/api/v1/projects/default/tasks/huey/%",
    "/api/v1/projects/default/tasks/huey/%zz",
    "/api/v1/projects/default/tasks/huey/" + "%2f" * 2_000,
    "/api/v1/projects/default/tasks/huey/\u202e",
    "http://other.example/api/v1/projects/../users",
    "*",
)
"""Paths that lead nowhere, or must not."""
