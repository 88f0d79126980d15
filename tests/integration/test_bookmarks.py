"""What users keep under a name, over HTTP."""

from __future__ import annotations

import asyncio
from pathlib import Path

from taskdeck.domain.access import Role
from taskdeck.domain.bookmarks import MOST, Bookmark
from taskdeck.domain.ids import UserId

from .brain import running_brain
from .people import quick_passwords, robot, somebody

LIST = "/projects/default/bookmarks"
ODD = f"{LIST}/a%2Fb%20%C3%A4"
"""Named `a/b ä`."""


async def test_bookmarks_are_the_users_own(tmp_path: Path, database_url: str | None) -> None:
    place = {"overrides": quick_passwords, "database_url": database_url}
    async with running_brain(tmp_path, **place) as brain:
        anna = await somebody(brain, "anna", {"default": Role.VIEWER})
        boss = await somebody(brain, "boss", admin=True)
        key = await robot(brain, Role.ADMIN, brain.project)
        wanted = {"name": "a/b ä", "search": "state=failed"}
        assert await anna.call("PUT", ODD, json={"search": "state=failed"}) == (200, wanted)
        assert (await anna.call("GET", LIST))[1]["bookmarks"] == [wanted]
        assert (await boss.call("GET", LIST))[1]["bookmarks"] == []
        assert (await boss.call("DELETE", ODD))[0] == 404
        assert (await key.call("GET", LIST))[1]["bookmarks"] == []
        assert (await key.call("PUT", ODD, json={"search": "x"}))[0] == 403
        assert (await anna.call("PUT", f"{LIST}/{'n' * 61}", json={"search": "x"}))[0] == 400
        assert (await anna.call("DELETE", ODD))[0] == 204
        assert (await anna.call("GET", LIST))[1]["bookmarks"] == []

        _, me = await anna.call("GET", "/me")
        store, user = brain.container.stores.bookmarks(), UserId(me["user"]["id"])
        for number in range(MOST):
            await store.keep(brain.project.id, user, Bookmark(f"b{number}", "q=1"))
        assert (await anna.call("PUT", ODD, json={"search": "x"}))[0] == 409
        assert (await anna.call("PUT", f"{LIST}/b7", json={"search": "x"}))[0] == 200
        await asyncio.gather(*(person.http.close() for person in (anna, boss, key)))
