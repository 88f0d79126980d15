from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from taskdeck.adapters.system.clock import SystemClock
from taskdeck.domain.access import Role
from taskdeck.domain.instants import SECOND, Instant

from .brain import Brain, running_brain
from .people import PASSWORD, Person, browser, make_user, quick_passwords, robot, somebody

HOUR = 3_600


class MovedClock(SystemClock):
    """The system's, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = 0

    def now(self) -> Instant:
        return super().now() + self.ahead * SECOND


@dataclass
class Place:
    brain: Brain
    clock: MovedClock
    nobody: Person


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    clock = MovedClock()

    def overrides(container: Any) -> None:
        quick_passwords(container)
        container.clock.override(clock)

    async with running_brain(tmp_path, overrides=overrides) as brain:
        nobody = browser(brain)
        yield Place(brain, clock, nobody)
        await nobody.http.close()


def token_of(brain: Brain) -> str:
    (line,) = [line for line in brain.said if "/setup#token=" in line]
    return line.partition("#token=")[2]


async def test_the_set_up_link_makes_one_administrator(place: Place) -> None:
    body = {"token": token_of(place.brain), "username": "Anna", "password": PASSWORD}
    assert (await place.nobody.call("GET", "/setup"))[1] == {"open": True}
    wrong = {**body, "token": "guess"}
    assert (await place.nobody.call("POST", "/setup", json=wrong))[0] == 401
    weak = {**body, "password": "short"}
    status, answer = await place.nobody.call("POST", "/setup", json=weak)
    assert (status, answer["error"]["details"]["field"]) == (400, "password")
    status, answer = await place.nobody.call("POST", "/setup", json=body)
    assert (status, answer["user"]["username"], answer["user"]["instance_admin"]) == (
        201, "anna", True,
    )  # fmt: skip
    _, me = await place.nobody.call("GET", "/me")
    assert (me["user"]["username"], me["csrf_token"]) == ("anna", answer["csrf_token"])
    assert me["projects"] == [{"slug": "default", "name": "Default", "role": "admin"}]
    assert (await place.nobody.call("GET", "/setup"))[1] == {"open": False}
    again = {**body, "username": "eve"}
    assert (await place.nobody.call("POST", "/setup", json=again))[0] == 401


async def test_a_user_made_otherwise_closes_the_set_up(place: Place) -> None:
    await make_user(place.brain, "anna", admin=True)
    body = {"token": token_of(place.brain), "username": "eve", "password": PASSWORD}
    assert (await place.nobody.call("POST", "/setup", json=body))[0] == 401


@pytest.mark.parametrize(
    ("url", "name", "secure"),
    [(None, "taskdeck-", False), ("https://tasks.example", "__Host-taskdeck-", True)],
)
async def test_the_cookie_is_kept_from_scripts_and_other_sites(
    tmp_path: Path, url: str | None, name: str, *, secure: bool
) -> None:
    place: dict[str, Any] = {"public_url": url, "bind_port": unused_port()}
    async with running_brain(tmp_path, overrides=quick_passwords, **place) as brain:
        brain.url = f"http://127.0.0.1:{place['bind_port']}"
        await make_user(brain, "anna")
        nobody = browser(brain)
        body = {"username": "anna", "password": PASSWORD}
        async with await nobody.ask("POST", "/login", json=body) as answer:
            assert answer.status == 200
            value, *flags = answer.headers["Set-Cookie"].split("; ")
            assert value.startswith(name)
            assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= set(flags)
            assert ("Secure" in flags) is secure
            assert not any(flag.startswith("Domain") for flag in flags)
        await nobody.http.close()


async def test_brains_on_two_ports_of_a_host_leave_each_others_sessions_alone(
    tmp_path: Path,
) -> None:
    async with (
        running_brain(tmp_path / "one", overrides=quick_passwords) as one,
        running_brain(tmp_path / "other", overrides=quick_passwords) as other,
    ):
        person = browser(one)
        for brain in (one, other):
            await make_user(brain, "anna")
            assert (await replace(person, brain=brain).log_in("anna"))[0] == 200
        for brain in (one, other):
            status, me = await replace(person, brain=brain).call("GET", "/me")
            assert (status, me["user"]["username"]) == (200, "anna")
        await person.http.close()


async def test_changes_need_the_csrf_token_and_our_own_page(place: Place) -> None:
    boss = await somebody(place.brain, "boss", admin=True)
    agent = {"json": {"name": "web"}}
    path = "/projects/default/agents"
    assert (await boss.call("POST", path, **agent))[0] == 201
    token = boss.headers.pop("X-CSRF-Token")
    for shown in ({}, {"X-CSRF-Token": "guess"}, {"X-CSRF-Token": "\u00e9"}):
        assert (await boss.call("POST", path, headers=shown, **agent))[0] == 403
    foreign = {"X-CSRF-Token": token, "Origin": "https://evil.example"}
    assert (await boss.call("POST", path, headers=foreign, **agent))[0] == 403
    ours = {"X-CSRF-Token": token, "Origin": place.brain.url}
    assert (await boss.call("POST", path, headers=ours, **agent))[0] == 201
    assert (await boss.call("GET", path))[0] == 200
    other = await somebody(place.brain, "other", admin=True)
    stolen = {"X-CSRF-Token": other.headers["X-CSRF-Token"]}
    assert (await boss.call("POST", path, headers=stolen, **agent))[0] == 403
    for person in (boss, other):
        await person.http.close()


async def test_no_other_site_logs_anybody_in(place: Place) -> None:
    await make_user(place.brain, "anna")
    place.nobody.headers["Origin"] = "https://evil.example"
    assert (await place.nobody.log_in("anna"))[0] == 403


async def test_wrong_names_and_wrong_passwords_look_the_same(place: Place) -> None:
    anna = await make_user(place.brain, "anna")
    boss = await make_user(place.brain, "boss", admin=True)
    answers = [
        await place.nobody.log_in("anna", "wrong"),
        await place.nobody.log_in("nobody", "wrong"),
    ]
    await place.brain.container.users().disable(anna.id, boss.actor)
    answers.append(await place.nobody.log_in("anna"))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 401


async def test_guessing_is_slowed_down_per_account(place: Place) -> None:
    await make_user(place.brain, "anna")
    statuses = [(await place.nobody.log_in("anna", "wrong"))[0] for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    body = {"username": "Anna", "password": PASSWORD}
    async with await place.nobody.ask("POST", "/login", json=body) as answer:
        assert answer.status == 429
        wait = int(answer.headers["Retry-After"])
        assert (await answer.json())["error"]["code"] == "throttled"
    place.clock.ahead += wait
    assert (await place.nobody.log_in("anna"))[0] == 200


async def test_guessing_is_slowed_down_per_address(place: Place) -> None:
    statuses = [(await place.nobody.log_in(f"user{n}", "wrong"))[0] for n in range(22)]
    assert statuses == [401] * 20 + [429] * 2


async def test_who_succeeds_is_not_slowed_down(place: Place) -> None:
    await make_user(place.brain, "anna")
    for _ in range(25):
        assert (await place.nobody.log_in("anna"))[0] == 200


async def test_sessions_end_by_silence(place: Place) -> None:
    anna = await somebody(place.brain, "anna")
    for _ in range(3):
        place.clock.ahead += 11 * HOUR
        assert (await anna.call("GET", "/me"))[0] == 200
    place.clock.ahead += 13 * HOUR
    status, answer = await anna.call("GET", "/me")
    assert (status, answer["error"]["code"]) == (401, "unauthenticated")
    await anna.http.close()


async def test_sessions_end_by_age_however_busy(place: Place) -> None:
    anna = await somebody(place.brain, "anna")
    statuses = []
    for _ in range(16):
        place.clock.ahead += 11 * HOUR
        statuses.append((await anna.call("GET", "/me"))[0])
    assert statuses == [200] * 15 + [401]
    await anna.http.close()


async def test_logging_out_ends_this_session_only(place: Place) -> None:
    here = await somebody(place.brain, "anna")
    there = browser(place.brain)
    await there.log_in("anna")
    (cookie,) = list(here.http.cookie_jar)
    assert (await here.call("POST", "/logout"))[0] == 204
    assert (await here.call("GET", "/me"))[0] == 401
    replayed = {"Cookie": f"{cookie.key}={cookie.value}"}
    assert (await here.call("GET", "/me", headers=replayed))[0] == 401
    assert (await there.call("GET", "/me"))[0] == 200
    for person in (here, there):
        await person.http.close()


async def test_a_new_password_ends_the_other_sessions(place: Place) -> None:
    here = await somebody(place.brain, "anna")
    there = browser(place.brain)
    await there.log_in("anna")
    wrong = {"current": "wrong", "new": "another good one"}
    assert (await here.call("POST", "/me/password", json=wrong))[0] == 401
    right = {"current": PASSWORD, "new": "another good one"}
    assert (await here.call("POST", "/me/password", json=right))[0] == 204
    assert (await here.call("GET", "/me"))[0] == 200
    assert (await there.call("GET", "/me"))[0] == 401
    assert (await there.log_in("anna"))[0] == 401
    assert (await there.log_in("anna", "another good one"))[0] == 200
    for person in (here, there):
        await person.http.close()


async def test_an_administrator_runs_the_users(place: Place) -> None:
    boss = await somebody(place.brain, "boss", admin=True)
    new = {"username": "anna", "password": PASSWORD, "name": "Anna B"}
    status, anna = await boss.call("POST", "/users", json=new)
    assert (status, anna["name"], anna["instance_admin"]) == (201, "Anna B", False)
    assert (await boss.call("POST", "/users", json={**new, "username": "ANNA"}))[0] == 409
    path = f"/users/{anna['id']}"
    there = browser(place.brain)
    await there.log_in("anna")
    status, changed = await boss.call("PATCH", path, json={"disabled": True, "name": "A"})
    assert (status, changed["disabled"], changed["name"]) == (200, True, "A")
    assert (await there.call("GET", "/me"))[0] == 401
    await boss.call("PATCH", path, json={"disabled": False, "password": "another good one"})
    assert (await there.log_in("anna", "another good one"))[0] == 200
    assert boss.user is not None
    for locked_out in ({"disabled": True}, {"instance_admin": False}):
        assert (await boss.call("PATCH", f"/users/{boss.user.id}", json=locked_out))[0] == 409
    for person in (boss, there):
        await person.http.close()


async def test_keys_hold_where_and_as_long_as_they_say(place: Place) -> None:
    admin = await somebody(place.brain, "anna", {"default": Role.ADMIN})
    body = {"name": "ci", "role": "operator", "project": "default"}
    end = "2000-01-01T00:00:00Z"
    status, answer = await admin.call("POST", "/keys", json={**body, "expires_at": end})
    assert (status, answer["error"]["details"]["field"]) == (400, "expires_at")
    assert (await admin.call("POST", "/keys", json={**body, "project": None}))[0] == 403
    key = await place.brain.container.keys().create(
        "short", Role.VIEWER, "test", expires_at=place.clock.now() + HOUR * SECOND
    )
    reader = await robot(place.brain, Role.VIEWER)
    reader.headers["Authorization"] = f"Bearer {key.key}"
    assert (await reader.call("GET", "/me"))[1]["key"]["project"] is None
    place.clock.ahead += HOUR
    assert (await reader.call("GET", "/me"))[0] == 401
    status, created = await admin.call("POST", "/keys", json=body)
    assert (status, created["record"]["project"]) == (201, "default")
    mine = f"/keys/{created['record']['id']}"
    reader.headers["Authorization"] = f"Bearer {created['key']}"
    assert (await reader.call("DELETE", mine))[0] == 404
    assert (await admin.call("DELETE", mine))[0] == 200
    assert (await reader.call("GET", "/me"))[0] == 401
    for person in (admin, reader):
        await person.http.close()


async def test_no_secret_of_a_user_is_ever_shown(place: Place) -> None:
    boss = await somebody(place.brain, "boss", admin=True)
    hashed = await place.brain.container.credentials().password_of(boss.user.id)  # type: ignore[union-attr]
    for path in ("/users", "/audit?limit=500", "/me", "/projects/default/audit?limit=500"):
        async with await boss.ask("GET", path) as answer:
            text = await answer.text()
            assert answer.status == 200
        assert PASSWORD not in text
        assert hashed not in text
        for word in ("token_hash", "key_hash", "password_hash"):
            assert word not in text, (path, word)
    entries = await place.brain.container.journal().follow(None)
    assert not any(hashed in str(each) for each in entries)
    await boss.http.close()


async def test_a_socket_takes_the_cookie_from_our_own_page_only(place: Place) -> None:
    anna = await somebody(place.brain, "anna", {"default": Role.VIEWER})
    url = f"{place.brain.url}/ws/dashboard"
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await anna.http.ws_connect(url, headers=origin)
        assert refused.value.status == 403
    async with anna.http.ws_connect(url, headers={"Origin": place.brain.url}) as socket:
        for slug, said in (("default", "snapshot"), ("other", "error")):
            await socket.send_json({"subscribe": {"project": slug}})
            assert (await socket.receive_json(timeout=50))["type"] == said
    await anna.http.close()


async def test_an_admin_of_a_project_adds_members_by_name(place: Place) -> None:
    admin = await somebody(place.brain, "anna", {"default": Role.ADMIN})
    bert = await make_user(place.brain, "bert")
    role = {"json": {"role": "operator"}}
    status, member = await admin.call("PUT", "/projects/default/members/Bert", **role)
    assert (status, member["user"]["id"], member["role"]) == (200, bert.id, "operator")
    _, listed = await admin.call("GET", "/projects/default/members")
    assert [each["user"]["username"] for each in listed["members"]] == ["anna", "bert"]
    assert (await admin.call("PUT", "/projects/default/members/nobody", **role))[0] == 404
    assert (await admin.call("DELETE", f"/projects/default/members/{bert.id}"))[0] == 204
    assert (await admin.call("DELETE", f"/projects/default/members/{bert.id}"))[0] == 404
    await admin.http.close()
