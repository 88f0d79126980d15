"""Sessions while the registry fails, or others take their replica for dead."""

from __future__ import annotations

from taskdeck.domain import session_entries
from taskdeck.domain.commands import CommandStatus

from ..unit.services.brain import CANCEL, Brain
from .script import Fault, Script, Scripts


async def test_what_the_journal_calls_closed_has_to_connect_again() -> None:
    async with Brain().running() as brain:
        worker = await brain.connect()
        live = worker.opened.live
        await brain.log.drain()
        end = session_entries.closed(
            live.session_id, live.project_id, live.slot, reason="crash", at=0, actor="brain"
        )
        await brain.journal.append(session_entries.write(live.session_id, end))

        await brain.follower.catch_up()

        assert worker.connection.closed == (1001, "connect again")
        assert len(brain.sessions) == 0


async def test_all_sessions_end_though_the_registry_is_away() -> None:
    registry = Script()
    async with Brain(faults=Scripts(registry=registry)).running() as brain:
        workers = [await brain.connect(f"w{n}") for n in range(3)]
        registry.odds = {Fault.FAIL_BEFORE: 1.0}

        await brain.sessions.give_up()

        assert all(worker.connection.closed for worker in workers)
        assert len(await brain.registry.sessions(brain.project.id)) == 3
        registry.heal()
        await brain.sessions.tidy()
        assert await brain.registry.sessions(brain.project.id) == []


async def test_commands_are_released_by_a_session_that_was_never_journalled() -> None:
    """Its replica died between the claim and the record of its opening."""
    async with Brain().running() as brain:
        before = await brain.connect("w1")
        command = (await brain.order(CANCEL)).command
        await brain.log.drain()
        del brain.shared.state.streams[before.session]
        brain.registry.gone = [before.opened.live]

        await brain.recovery.close_orphans()
        await brain.follower.catch_up()

        kinds = [each.entry.kind for each in await brain.journal.read(before.session)]
        assert kinds == [session_entries.OPENED, session_entries.CLOSED]
        assert (await brain.command(command)).status is CommandStatus.ISSUED
