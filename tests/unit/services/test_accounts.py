from __future__ import annotations

import asyncio

import pytest

from taskdeck.adapters.memory.clock import ManualClock
from taskdeck.adapters.memory.credentials import MemoryCredentials
from taskdeck.adapters.memory.directory import MemoryDirectory
from taskdeck.adapters.memory.ids import SequentialIds
from taskdeck.adapters.memory.journal import MemoryJournal
from taskdeck.adapters.memory.login_store import MemoryLoginStore
from taskdeck.adapters.memory.passwords import QuickPasswords
from taskdeck.adapters.memory.state import MemoryState
from taskdeck.domain.access import Caller, Role, User
from taskdeck.domain.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from taskdeck.domain.ids import LoginId
from taskdeck.domain.instants import SECOND, Instant
from taskdeck.domain.logins import LoginLimits
from taskdeck.domain.services.decision_log import DecisionLog
from taskdeck.domain.services.keyring import Keyring
from taskdeck.domain.services.keys import Keys
from taskdeck.domain.services.logins import Logins
from taskdeck.domain.services.projects import Projects
from taskdeck.domain.services.users import NewUser, Users
from taskdeck.ports.passwords import Verdict

from .brain import MASTER

PASSWORD = "correct horse battery"
LIMITS = LoginLimits(idle_seconds=600, absolute_seconds=3_600)


class SwappingPasswords(QuickPasswords):
    """Calls back between the checking of a password and what follows."""

    def __init__(self) -> None:
        super().__init__()
        self.then: Users | None = None

    async def verify(self, password_hash: str | None, password: str) -> Verdict:
        verdict = await super().verify(password_hash, password)
        if self.then is not None:
            users, self.then = self.then, None
            anna = await users.meant("anna")
            await users.set_password(anna.id, "another good one", "test")
        return verdict


class SlowPasswords(QuickPasswords):
    """Takes its time over the first password."""

    def __init__(self) -> None:
        super().__init__()
        self.hashed = 0
        self.go_on = asyncio.Event()

    async def hash(self, password: str) -> str:
        self.hashed += 1
        if self.hashed == 1:
            await self.go_on.wait()
        return await super().hash(password)


class WatchedLogins(MemoryLoginStore):
    """Tells when it was noted that a session is used."""

    def __init__(self) -> None:
        super().__init__()
        self.touched: list[Instant] = []

    async def touch(self, login_id: LoginId, at: Instant) -> None:
        self.touched.append(at)
        await super().touch(login_id, at)


class Desk:
    """Everything about accounts, in memory."""

    def __init__(self, passwords: QuickPasswords | None = None) -> None:
        self.clock, self.ids = ManualClock(), SequentialIds()
        state = MemoryState()
        self.journal, self.directory = MemoryJournal(state), MemoryDirectory(state)
        self.credentials, self.store = MemoryCredentials(), WatchedLogins()
        self.keyring = Keyring(MASTER)
        log = DecisionLog(self.journal, self.clock)
        self.projects = Projects(log=log, directory=self.directory, keyring=self.keyring)
        self.keys = Keys(
            log=log, directory=self.directory, keyring=self.keyring, clock=self.clock, ids=self.ids
        )
        passwords = passwords or QuickPasswords()
        self.users = Users(
            log=log,
            directory=self.directory,
            credentials=self.credentials,
            logins=self.store,
            passwords=passwords,
            keyring=self.keyring,
        )
        self.logins = self.logins_with(passwords)

    def logins_with(self, passwords: QuickPasswords) -> Logins:
        return Logins(
            log=DecisionLog(self.journal, self.clock),
            directory=self.directory,
            credentials=self.credentials,
            store=self.store,
            passwords=passwords,
            keyring=self.keyring,
            clock=self.clock,
            ids=self.ids,
            limits=LIMITS,
        )

    async def anna(self, *, admin: bool = False) -> User:
        new = NewUser(username="anna", password=PASSWORD, instance_admin=admin)
        return await self.users.create(new, "test")


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_of_two_users_of_one_name_one_is_made(desk: Desk) -> None:
    results = await asyncio.gather(desk.anna(), desk.anna(), return_exceptions=True)
    assert [isinstance(each, Conflict) for each in results].count(True) == 1
    assert len(await desk.users.all()) == 1


async def test_of_two_first_users_one_is_made(desk: Desk) -> None:
    token = desk.keyring.setup_token
    new = [NewUser(username=name, password=PASSWORD, instance_admin=True) for name in ("a", "b")]
    results = await asyncio.gather(
        *(desk.users.set_up(token, each) for each in new), return_exceptions=True
    )
    assert [isinstance(each, User) for each in results].count(True) == 1
    assert len(await desk.users.all()) == 1


async def test_a_set_up_that_is_late_makes_no_second_administrator() -> None:
    passwords = SlowPasswords()
    desk = Desk(passwords)
    late, first = (
        asyncio.create_task(
            desk.users.set_up(
                desk.keyring.setup_token,
                NewUser(username=name, password=PASSWORD, instance_admin=True),
            )
        )
        for name in ("late", "first")
    )
    await first
    passwords.go_on.set()
    with pytest.raises(Unauthenticated):
        await late
    assert [user.username for user in await desk.users.all()] == ["first"]


@pytest.mark.parametrize("password", ["short", "x" * 300, "longusername"])
async def test_bad_passwords_are_refused(desk: Desk, password: str) -> None:
    with pytest.raises(InvalidInput):
        await desk.users.create(NewUser(username="LongUsername", password=password), "test")
    assert await desk.users.setup_is_open()


@pytest.mark.parametrize("username", ["", "a b", "-a", "a" * 65, "\u00e4nna", "a\0"])
async def test_bad_usernames_are_refused(desk: Desk, username: str) -> None:
    with pytest.raises(InvalidInput):
        await desk.users.create(NewUser(username=username, password=PASSWORD), "test")


async def test_a_password_is_the_same_however_it_was_composed(desk: Desk) -> None:
    new = NewUser(username="anna", password="caf\u00e9 cr\u00e8me br\u00fbl\u00e9e")
    await desk.users.create(new, "test")
    await desk.logins.log_in("ANNA ", "cafe\u0301 cre\u0300me bru\u0302le\u0301e", address="")


async def test_the_last_administrator_stays(desk: Desk) -> None:
    anna = await desk.anna(admin=True)
    with pytest.raises(Conflict):
        await desk.users.disable(anna.id, "test")
    with pytest.raises(Conflict):
        await desk.users.change(anna.id, "test", {"instance_admin": False})
    await desk.users.create(
        NewUser(username="bert", password=PASSWORD, instance_admin=True), "test"
    )
    assert (await desk.users.disable(anna.id, "test")).disabled_at is not None


async def test_what_is_already_so_is_not_written_down_again(desk: Desk) -> None:
    anna = await desk.anna()
    project = await desk.projects.ensure_default()
    for _ in range(2):
        await desk.users.grant(project, anna.id, Role.VIEWER, "test")
        await desk.users.change(anna.id, "test", {"name": "Anna"})
        await desk.users.disable(anna.id, "test")
    kinds = [each.entry.kind for each in await desk.journal.read(anna.stream)]
    assert kinds == ["user.created", "member.granted", "user.changed", "user.disabled"]


async def test_withdrawing_from_no_member_is_told(desk: Desk) -> None:
    anna, project = await desk.anna(), await desk.projects.ensure_default()
    with pytest.raises(NotFound):
        await desk.users.withdraw(project, anna.id, "test")


async def test_a_changed_password_works_at_once_and_only_it(desk: Desk) -> None:
    anna = await desk.anna()
    opened = await desk.logins.log_in("anna", PASSWORD, address="")
    await desk.users.set_password(anna.id, "another good one", "test")
    for attempt in (
        desk.logins.authenticate(opened.token),
        desk.logins.log_in("anna", PASSWORD, address=""),
    ):
        with pytest.raises(Unauthenticated):
            await attempt
    assert (await desk.logins.log_in("anna", "another good one", address="")).user == (
        await desk.users.one(anna.id)
    )


async def test_a_session_begun_with_a_password_that_changes_meanwhile_does_not_begin() -> None:
    passwords = SwappingPasswords()
    desk = Desk(passwords)
    await desk.anna()
    passwords.then = desk.users
    with pytest.raises(Unauthenticated):
        await desk.logins.log_in("anna", PASSWORD, address="")
    everything = await desk.store.prune(opened_before=2**62, seen_before=0)
    assert everything == 0


async def test_outdated_hashes_are_made_anew_at_the_next_log_in(desk: Desk) -> None:
    anna = await desk.anna()
    before = await desk.credentials.password_of(anna.id)
    newer = desk.logins_with(QuickPasswords(2))
    with pytest.raises(Unauthenticated):
        await newer.log_in("anna", "wrong", address="")
    assert await desk.credentials.password_of(anna.id) == before
    await newer.log_in("anna", PASSWORD, address="")
    assert await desk.credentials.password_of(anna.id) == await QuickPasswords(2).hash(PASSWORD)


async def test_use_is_noted_once_a_minute(desk: Desk) -> None:
    await desk.anna()
    opened = await desk.logins.log_in("anna", PASSWORD, address="")
    begun = desk.clock.now()
    for _ in range(6):
        desk.clock.advance(25)
        await desk.logins.authenticate(opened.token)
    assert desk.store.touched == [begun + 75 * SECOND, begun + 150 * SECOND]


async def test_logging_in_sweeps_up_what_is_over(desk: Desk) -> None:
    await desk.anna()
    await desk.logins.log_in("anna", PASSWORD, address="")
    desk.clock.advance(LIMITS.idle_seconds + 1)
    await desk.logins.log_in("anna", PASSWORD, address="")
    assert await desk.store.prune(opened_before=2**62, seen_before=0) == 1


async def test_log_ins_are_in_the_journal_and_their_tokens_are_not(desk: Desk) -> None:
    await desk.anna()
    opened = await desk.logins.log_in("anna", PASSWORD, address="192.0.2.7")
    await desk.logins.log_out(opened.token)
    await desk.logins.log_out(opened.token)
    entries = [each.entry for each in await desk.journal.follow(None)]
    assert [each.kind for each in entries[-2:]] == ["login.opened", "login.ended"]
    assert entries[-2].data["address"] == "192.0.2.7"
    assert opened.token not in str(entries)


async def test_an_expired_key_opens_nothing(desk: Desk) -> None:
    end = desk.clock.now() + 1_000_000
    created = await desk.keys.create("ci", Role.ADMIN, "test", expires_at=end)
    assert (await desk.keys.authenticate(created.key)).instance_admin
    desk.clock.advance(1)
    with pytest.raises(Unauthenticated):
        await desk.keys.authenticate(created.key)


async def test_roles_follow_from_who_one_is(desk: Desk) -> None:
    project = await desk.projects.ensure_default()
    other = await desk.projects.create("other", "Other", "test")
    anna = await desk.anna()
    await desk.users.grant(project, anna.id, Role.OPERATOR, "test")
    key = await desk.keys.create("ci", Role.ADMIN, "test", project=project)
    for caller, roles, instance in (
        (Caller(who=await desk.users.one(anna.id)), (Role.OPERATOR, None), False),
        (Caller(who=key.record), (Role.ADMIN, None), False),
    ):
        assert (caller.role_in(project.id), caller.role_in(other.id)) == roles
        assert caller.instance_admin is instance
    assert [each.slug for each in await desk.projects.seen_by(Caller(who=key.record))] == [
        "default"
    ]


async def test_a_slug_is_given_once(desk: Desk) -> None:
    await desk.projects.create("shop", "Shop", "test")
    with pytest.raises(Conflict):
        await desk.projects.create("shop", "Store", "test")
    with pytest.raises(InvalidInput):
        await desk.projects.create("../etc", "Store", "test")
