from __future__ import annotations

from taskdeck.domain.access import Role, name_of
from taskdeck.domain.ids import AgentId, KeyId, ProjectId, UserId

from ..builders import NOW, OTHER, PROJECT, entry, write
from .conftest import Stores

HASH = bytes(range(32))


async def test_a_project_is_found_by_its_slug(stores: Stores) -> None:
    created = entry("project.created", slug="shop", name="Shop")
    await stores.journal.append(write(f"project:{PROJECT}", 0, created))
    project = await stores.directory.project("shop")
    assert project is not None
    assert (project.id, project.name) == (PROJECT, "Shop")
    assert await stores.directory.project("other") is None
    assert list(await stores.directory.projects()) == [project]


async def test_a_revoked_agent_is_not_found_by_its_token(stores: Stores) -> None:
    minted = entry("agent.minted", id="a1", name="web", token_hash=HASH.hex())
    await stores.journal.append(write("agent:a1", 0, minted))
    agent = await stores.directory.agent_by_token(HASH)
    assert agent is not None
    assert (agent.id, agent.name, agent.revoked_at) == ("a1", "web", None)
    assert await stores.directory.agent_by_token(bytes(32)) is None
    await stores.journal.append(write("agent:a1", 1, entry("agent.revoked", at=NOW + 5)))
    assert await stores.directory.agent_by_token(HASH) is None
    revoked = await stores.directory.agent(AgentId("a1"))
    assert revoked is not None
    assert revoked.revoked_at == NOW + 5
    assert list(await stores.directory.agents(PROJECT)) == [revoked]
    assert list(await stores.directory.agents(ProjectId("other"))) == []


async def test_a_revoked_key_is_not_found_by_its_hash(stores: Stores) -> None:
    created = entry(
        "key.created", id="k1", name="ci", role="operator", prefix="tdk_abc", key_hash=HASH.hex()
    )
    await stores.journal.append(write("key:k1", 0, created))
    key = await stores.directory.key_by_hash(HASH)
    assert key is not None
    assert (key.name, key.role) == ("ci", "operator")
    await stores.journal.append(write("key:k1", 1, entry("key.revoked")))
    assert await stores.directory.key_by_hash(HASH) is None
    assert [each.id for each in await stores.directory.keys()] == ["k1"]


async def test_a_key_knows_where_and_how_long_it_holds(stores: Stores) -> None:
    created = entry(
        "key.created", id="k1", name="ci", role="admin", prefix="tdk_abc", key_hash=HASH.hex(),
        project_id=PROJECT, expires_at=NOW + 5,
    )  # fmt: skip
    await stores.journal.append(write("key:k1", 0, created))
    key = await stores.directory.key(KeyId("k1"))
    assert key is not None
    assert (key.project_id, key.created_by, key.expires_at) == (PROJECT, "test", NOW + 5)
    assert (key.valid_at(NOW + 4), key.valid_at(NOW + 5)) == (True, False)


async def test_an_agent_is_found_by_both_of_its_tokens(stores: Stores) -> None:
    old, new = bytes([1] * 32), bytes([2] * 32)
    minted = entry("agent.minted", id="a1", name="web", token_hash=old.hex())
    ends = {old.hex()[:16]: NOW + 5}
    rotated = entry("agent.token_rotated", token_hash=new.hex(), ends=ends)
    await stores.journal.append(write("agent:a1", 0, minted, rotated))
    agent = await stores.directory.agent_by_token(old)
    assert agent is not None
    assert agent == await stores.directory.agent_by_token(new)
    assert agent.valid_token(old, NOW + 4) is not None
    assert agent.valid_token(old, NOW + 5) is None
    assert agent.valid_token(new, NOW + 5) is not None
    again = entry(
        "agent.token_rotated", token_hash=HASH.hex(),
        ends={old.hex()[:16]: NOW, new.hex()[:16]: NOW + 9},
    )  # fmt: skip
    await stores.journal.append(write("agent:a1", 2, again))
    assert await stores.directory.agent_by_token(old) is None
    assert await stores.directory.agent_by_token(new) is not None


async def test_a_user_with_roles(stores: Stores) -> None:
    assert await stores.directory.user_by_name("anna") is None
    created = entry("user.created", id="u1", username="anna", name="Anna", instance_admin=False)
    await stores.journal.append(
        write(
            "user:u1", 0, created,
            entry("member.granted", role="viewer"),
            entry("member.granted", role="admin", project_id=OTHER),
            entry("member.granted", role="operator"),
        )
    )  # fmt: skip
    anna = await stores.directory.user_by_name("anna")
    assert anna is not None
    assert (anna.name, anna.roles, anna.version) == (
        "Anna", {PROJECT: Role.OPERATOR, OTHER: Role.ADMIN}, 4,
    )  # fmt: skip
    await stores.journal.append(
        write(
            "user:u1", 4,
            entry("member.withdrawn"),
            entry("user.changed", name="Anna B", instance_admin=True),
            entry("user.disabled", at=NOW + 1),
            entry("user.password_changed"),
        )
    )  # fmt: skip
    anna = await stores.directory.user(UserId("u1"))
    assert anna is not None
    assert (anna.name, anna.instance_admin, anna.roles) == ("Anna B", True, {OTHER: Role.ADMIN})
    assert anna.disabled_at == NOW + 1
    assert list(await stores.directory.users()) == [anna]
    await stores.journal.append(write("user:u1", 8, entry("user.enabled")))
    enabled = await stores.directory.user(UserId("u1"))
    assert enabled is not None
    assert enabled.disabled_at is None


async def test_accounts_of_every_kind_in_one_look(stores: Stores) -> None:
    created = entry("user.created", id="u1", username="anna", name="Anna", instance_admin=False)
    made = entry("key.created", id="k1", name="ci", role="viewer", prefix="p", key_hash=HASH.hex())
    minted = entry("agent.minted", id="a1", name="web", token_hash=HASH.hex())
    await stores.journal.append(
        write("user:u1", 0, created, entry("user.disabled")),
        write("key:k1", 0, made, entry("key.revoked")),
        write("agent:a1", 0, minted),
        write(f"project:{PROJECT}", 0, entry("project.created", slug="shop", name="Shop")),
    )
    streams = ["user:u1", "key:k1", "key:k1", f"project:{PROJECT}", "user:nobody", "brain"]
    found = await stores.directory.accounts(streams)
    assert {each.stream: name_of(each) for each in found} == {
        "user:u1": "anna", "key:k1": "ci", f"project:{PROJECT}": "shop",
    }  # fmt: skip
    assert len(found) == 3
    assert list(await stores.directory.accounts(())) == []


async def test_a_project_is_renamed(stores: Stores) -> None:
    created = entry("project.created", slug="shop", name="Shop")
    await stores.journal.append(
        write(f"project:{PROJECT}", 0, created, entry("project.renamed", name="Store"))
    )
    project = await stores.directory.project("shop")
    assert project is not None
    assert (project.name, project.version) == ("Store", 2)


async def test_accounts_survive_a_replay(stores: Stores) -> None:
    minted = entry("agent.minted", id="a1", name="web", token_hash=HASH.hex())
    await stores.journal.append(write("agent:a1", 0, minted))
    before = await stores.directory.agent_by_token(HASH)
    await stores.views.reset()
    assert await stores.directory.agent_by_token(HASH) is None
    await stores.views.rebuild(events=(), entries=await stores.journal.follow(None))
    assert await stores.directory.agent_by_token(HASH) == before
