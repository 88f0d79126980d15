from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from taskdeck.domain.errors import Forbidden
from taskdeck.entrypoints.http.origin import check_origin

OURS = "https://Tasks.example:443/"


@pytest.mark.parametrize(
    ("own_url", "origin", "host"),
    [
        (None, "http://127.0.0.1:7700", "127.0.0.1:7700"),
        (None, "https://tasks.example", "Tasks.example"),
        (OURS, "https://tasks.example", "10.0.0.1:7700"),
    ],
)
def test_our_own_pages(own_url: str | None, origin: str, host: str) -> None:
    request = make_mocked_request("POST", "/", headers={"Origin": origin, "Host": host})
    check_origin(request, own_url, required=True)


@pytest.mark.parametrize(
    ("own_url", "origin"),
    [
        (None, "http://127.0.0.1:7701"),
        (None, "null"),
        (None, ""),
        (OURS, "http://tasks.example"),
        (OURS, "https://tasks.example.evil.example"),
        (OURS, "https://tasks.example:8443"),
        (OURS, "http://127.0.0.1:7700"),
        (OURS, "https://[::1"),
    ],
)
def test_pages_of_others(own_url: str | None, origin: str) -> None:
    headers = {"Origin": origin, "Host": "127.0.0.1:7700"}
    with pytest.raises(Forbidden):
        check_origin(make_mocked_request("POST", "/", headers=headers), own_url)


def test_who_says_nothing_is_no_browser_where_browsers_would_speak() -> None:
    request = make_mocked_request("GET", "/", headers={"Host": "127.0.0.1"})
    check_origin(request, OURS)
    with pytest.raises(Forbidden):
        check_origin(request, OURS, required=True)
