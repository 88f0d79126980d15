"""People and programs of every kind, and how they call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import aiohttp

from taskdeck.adapters.memory.passwords import QuickPasswords
from taskdeck.domain.access import Project, Role, User
from taskdeck.domain.services.users import NewUser

from .brain import Brain

PASSWORD = "correct horse battery"


def quick_passwords(container: Any) -> None:
    """Override what is slow on purpose."""
    container.passwords.override(QuickPasswords())


@dataclass
class Person:
    """One browser or program: its cookies and its key are nobody else's."""

    brain: Brain
    http: aiohttp.ClientSession
    headers: dict[str, str] = field(default_factory=dict)
    user: User | None = None

    async def call(self, method: str, path: str, **request: Any) -> tuple[int, Any]:
        async with await self.ask(method, path, **request) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else None

    async def ask(self, method: str, path: str, **request: Any) -> aiohttp.ClientResponse:
        headers = {**self.headers, **request.pop("headers", {})}
        url = f"{self.brain.url}/api/v1{path}"
        return await self.http.request(method, url, headers=headers, **request)

    async def log_in(self, username: str, password: str = PASSWORD) -> tuple[int, Any]:
        """From now on the cookie and the CSRF token go along."""
        body = {"username": username, "password": password}
        status, answer = await self.call("POST", "/login", json=body)
        if status == 200:
            self.headers["X-CSRF-Token"] = answer["csrf_token"]
        return status, answer


def browser(brain: Brain) -> Person:
    """Nobody yet. Close its `http`."""
    return Person(brain, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))


def program(brain: Brain, key: str) -> Person:
    return Person(brain, aiohttp.ClientSession(), {"Authorization": f"Bearer {key}"})


async def make_user(brain: Brain, username: str, *, admin: bool = False) -> User:
    new = NewUser(username=username, password=PASSWORD, instance_admin=admin)
    return await brain.container.users().create(new, "test")


async def somebody(
    brain: Brain, username: str, roles: dict[str, Role] | None = None, *, admin: bool = False
) -> Person:
    """A user who is logged in, with a role in each of these projects."""
    user = await make_user(brain, username, admin=admin)
    for slug, role in (roles or {}).items():
        project = await brain.container.projects().one(slug)
        await brain.container.users().grant(project, user.id, role, "test")
    person = browser(brain)
    status, _ = await person.log_in(username)
    assert status == 200
    person.user = user
    return person


async def robot(brain: Brain, role: Role, project: Project | None = None) -> Person:
    created = await brain.container.keys().create("robot", role, "test", project=project)
    return program(brain, created.key)
