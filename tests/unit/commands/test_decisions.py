"""The life of a command, decision by decision (agent-protocol.md §8.1, §10)."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from taskdeck.domain import command_decisions as decisions
from taskdeck.domain.command_folding import fold
from taskdeck.domain.commands import Command, CommandEntry, CommandStatus
from taskdeck.domain.errors import Conflict
from taskdeck.domain.ids import ProjectId, ReplicaId, SessionId
from taskdeck.domain.instants import SECOND
from taskdeck.domain.journal import Entry, Recorded

NOW = 1_790_000_000 * SECOND
LATER = NOW + 5 * SECOND
DEADLINE = NOW + 60 * SECOND

Make = Callable[..., Any]

SUBMIT = {"engine": "celery", "parameters": {"name": "app.add"}}
CANCEL = {"engine": "celery", "task_id": "t-1"}
PURGE = {"engine": "celery", "parameters": {"queue": "mail"}}


def succeed(command: Command, token: str | None = "t1", at: int = LATER) -> Entry | None:
    return decisions.finish(
        command, token=token, succeeded=True, result={"task_id": "n"}, error=None, at=at
    )


def fail(command: Command, result: Any = None, error: str | None = "no") -> Entry | None:
    return decisions.finish(
        command, token="t1", succeeded=False, result=result, error=error, at=LATER
    )


def claim(command: Command, holder: Any, token: str = "t2", at: int = LATER) -> Entry:
    return decisions.claim(command, holder, token=token, at=at, replica_id=ReplicaId("r1"))


def entry_named(name: str) -> Entry:
    """An entry of this kind, saying the least it can."""
    data: dict[str, Any] = {}
    if name == "claimed":
        data = {
            "session_id": "s1",
            "agent_id": "a1",
            "worker_id": "w1",
            "token": "t",
            "replica_id": "r1",
            "depth": None,
        }
    if name == "late_result":
        data = {"succeeded": True, "result": None, "error": None}
    return Entry(
        kind=f"command.{name}", at=LATER, actor="brain", project_id=ProjectId("p1"), data=data
    )


def test_an_issued_command_holds_the_order_and_waits(story: Make) -> None:
    command = story(
        "retry_task",
        engine="celery",
        task_id="t-1",
        agent_id="a1",
        timeout_seconds=30,
        idempotency_key="once",
    ).now

    assert command.status is CommandStatus.ISSUED
    assert (command.id, command.project_id, command.version) == ("c1", "p1", 1)
    assert (command.action, command.engine, command.task_id) == ("retry_task", "celery", "t-1")
    assert (command.agent_id, command.worker_id, command.queue) == ("a1", None, None)
    assert (command.issued_by, command.issued_at) == ("key:k1", NOW)
    assert command.deadline == NOW + 30 * SECOND
    assert command.idempotency_key == "once"
    assert command.target == {"type": "task", "id": "t-1", "engine": "celery"}
    assert command.parameters == {"engine": "celery", "task_id": "t-1"}


def test_the_usual_way(session: Make, claimed: Make) -> None:
    told = claimed(session(), "submit_task", **SUBMIT)
    assert told.now.status is CommandStatus.CLAIMED
    assert told.now.attempts == 1
    assert told.now.claim.session_id == "s1"
    assert told.now.claim.token == "t1"

    taken = told.add(decisions.acknowledge(told.now, token="t1", at=LATER))
    assert taken.status is CommandStatus.ACKNOWLEDGED
    assert taken.acknowledged_at == LATER

    done = told.add(succeed(taken))
    assert done.status is CommandStatus.SUCCEEDED
    assert done.finished_at == LATER
    assert done.result == {"task_id": "n"}
    assert done.version == 4


def test_a_result_may_overtake_the_acknowledgement(session: Make, claimed: Make) -> None:
    told = claimed(session(), "submit_task", **SUBMIT)
    told.add(succeed(told.now))

    assert told.now.status is CommandStatus.SUCCEEDED
    assert decisions.acknowledge(told.now, token="t1", at=LATER) is None


def test_a_second_acknowledgement_says_nothing_new(session: Make, claimed: Make) -> None:
    told = claimed(session(), "submit_task", **SUBMIT)
    told.add(decisions.acknowledge(told.now, token=None, at=LATER))

    assert decisions.acknowledge(told.now, token="t1", at=LATER) is None


def test_only_one_replica_can_claim(session: Make, claimed: Make) -> None:
    told = claimed(session(), "submit_task", **SUBMIT)

    with pytest.raises(Conflict, match="the command is claimed"):
        claim(told.now, session("s2", worker="w2"))


def test_a_command_is_not_sent_after_its_deadline(session: Make, command: Make) -> None:
    waiting = command("submit_task", **SUBMIT)

    with pytest.raises(Conflict, match="time of the command is over"):
        claim(waiting, session(), at=DEADLINE)
    assert claim(waiting, session(), at=DEADLINE - 1).kind == "command.claimed"


def test_a_session_that_does_not_fit_cannot_claim(session: Make, command: Make) -> None:
    waiting = command("submit_task", **SUBMIT)

    with pytest.raises(Conflict, match=r"session s1 does not fit: .* has engine celery"):
        claim(waiting, session(engines="rq"))


def test_a_purge_is_claimed_for_a_known_depth(session: Make, command: Make) -> None:
    purge = command("purge_queue", **PURGE)

    with pytest.raises(Conflict, match="depth of queue mail is not known"):
        claim(purge, session())
    entry = decisions.claim(
        purge, session(), token="t", at=LATER, replica_id=ReplicaId("r1"), depth=0
    )
    assert entry.data["depth"] == 0


def test_a_forced_purge_needs_no_depth(session: Make, command: Make) -> None:
    forced = command("purge_queue", engine="celery", parameters={"queue": "mail", "force": True})

    assert claim(forced, session()).data["depth"] is None


def test_a_failed_purge_says_for_which_depth_it_was(session: Make, claimed: Make) -> None:
    told = claimed(session(), "purge_queue", **PURGE)
    told.add(fail(told.now, error="confirm_token mismatch"))

    assert told.now.status is CommandStatus.FAILED
    assert "confirmed for a depth of 7" in told.now.note


def test_a_failure_keeps_the_error(session: Make, claimed: Make) -> None:
    told = claimed(session(), "submit_task", **SUBMIT)
    told.add(fail(told.now, error="no such task"))

    assert told.now.status is CommandStatus.FAILED
    assert told.now.error == "no such task"
    assert told.now.note is None


def test_an_indeterminate_failure_is_unknown(session: Make, claimed: Make) -> None:
    told = claimed(session(), "submit_task", **SUBMIT)
    told.add(fail(told.now, {"indeterminate": True, "operation": "submit"}, "timed out"))

    assert told.now.status is CommandStatus.UNKNOWN
    assert told.now.result == {"indeterminate": True, "operation": "submit"}
    assert told.now.note == "the agent cannot tell whether it happened"


def test_nobody_answers_what_was_never_sent(command: Make) -> None:
    waiting = command("submit_task", **SUBMIT)

    with pytest.raises(Conflict, match="never sent"):
        succeed(waiting)
    with pytest.raises(Conflict, match="never sent"):
        decisions.acknowledge(waiting, token="t1", at=LATER)


class TestLateResults:
    def test_the_first_is_recorded_beside_the_final_state(
        self, session: Make, claimed: Make
    ) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)
        told.add(decisions.expire(told.now, at=DEADLINE))
        told.add(succeed(told.now, at=DEADLINE + SECOND))

        assert told.now.status is CommandStatus.TIMED_OUT
        assert told.now.finished_at == DEADLINE
        assert told.now.result is None
        assert told.now.late is not None
        assert told.now.late.succeeded
        assert told.now.late.result == {"task_id": "n"}
        assert told.now.late.at == DEADLINE + SECOND

    def test_only_the_first_is_kept(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)
        told.add(decisions.expire(told.now, at=DEADLINE))
        told.add(succeed(told.now))

        assert fail(told.now) is None

    def test_the_same_result_again_is_nothing_new(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)
        told.add(succeed(told.now))

        assert succeed(told.now) is None

    def test_a_different_result_is_worth_recording(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)
        told.add(fail(told.now))
        told.add(succeed(told.now))

        assert told.now.status is CommandStatus.FAILED
        assert told.now.late.succeeded


class TestLostSessions:
    def test_what_must_not_be_repeated_waits_for_a_late_result(
        self, session: Make, claimed: Make
    ) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)
        told.add(decisions.lose_session(told.now, SessionId("s1"), at=LATER))

        assert told.now.status is CommandStatus.CLAIMED
        assert told.now.session_lost_at == LATER
        with pytest.raises(Conflict, match="the command is claimed"):
            claim(told.now, session("s2"))
        assert told.add(succeed(told.now)).status is CommandStatus.SUCCEEDED

    @pytest.mark.parametrize("action", ["cancel_task", "reconcile_task"])
    def test_what_may_be_repeated_goes_to_the_same_worker(
        self, session: Make, claimed: Make, action: str
    ) -> None:
        told = claimed(session(), action, **CANCEL)
        told.add(decisions.acknowledge(told.now, token="t1", at=LATER))
        told.add(decisions.lose_session(told.now, SessionId("s1"), at=LATER))
        assert told.now.status is CommandStatus.ISSUED

        with pytest.raises(Conflict, match="worker w1 got the command before"):
            claim(told.now, session("s2", worker="w2"))
        told.add(claim(told.now, session("s3", worker="w1"), "t2"))

        assert told.now.attempts == 2
        assert told.now.claim.token == "t2"
        assert told.now.session_lost_at is None
        assert told.now.acknowledged_at is None

    def test_a_worker_without_an_id_gets_nothing_twice(self, session: Make, claimed: Make) -> None:
        told = claimed(session(worker=""), "cancel_task", **CANCEL)
        told.add(decisions.lose_session(told.now, SessionId("s1"), at=LATER))

        assert told.now.status is CommandStatus.CLAIMED

    def test_other_sessions_do_not_matter(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)

        assert decisions.lose_session(told.now, SessionId("s2"), at=LATER) is None

    def test_it_is_lost_once(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)
        told.add(decisions.lose_session(told.now, SessionId("s1"), at=LATER))

        assert decisions.lose_session(told.now, SessionId("s1"), at=LATER) is None

    def test_nothing_is_lost_after_the_end(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)
        told.add(succeed(told.now))

        assert decisions.lose_session(told.now, SessionId("s1"), at=LATER) is None

    def test_the_word_of_the_first_delivery_counts_while_the_second_waits(
        self, session: Make, claimed: Make
    ) -> None:
        told = claimed(session(), "cancel_task", **CANCEL)
        told.add(decisions.lose_session(told.now, SessionId("s1"), at=LATER))
        told.add(succeed(told.now, token="t1"))

        assert told.now.status is CommandStatus.SUCCEEDED

    def test_an_old_acknowledgement_is_not_that_of_the_new_delivery(
        self, session: Make, claimed: Make
    ) -> None:
        told = claimed(session(), "cancel_task", **CANCEL)
        told.add(decisions.lose_session(told.now, SessionId("s1"), at=LATER))
        assert decisions.acknowledge(told.now, token="t1", at=LATER) is None

        told.add(claim(told.now, session("s3"), "t2"))
        assert decisions.acknowledge(told.now, token="t1", at=LATER) is None
        told.add(decisions.acknowledge(told.now, token="t2", at=LATER))
        assert told.now.status is CommandStatus.ACKNOWLEDGED


class TestDeadlines:
    def test_not_before_the_deadline(self, command: Make) -> None:
        assert decisions.expire(command("submit_task", **SUBMIT), at=DEADLINE - 1) is None

    def test_never_sent(self, story: Make) -> None:
        told = story("submit_task", **SUBMIT)
        told.add(decisions.expire(told.now, at=DEADLINE))

        assert told.now.status is CommandStatus.TIMED_OUT
        assert "nothing was sent" in told.now.note

    def test_sent_and_the_session_is_alive(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)
        told.add(decisions.acknowledge(told.now, token="t1", at=LATER))
        told.add(decisions.expire(told.now, at=DEADLINE))

        assert told.now.status is CommandStatus.TIMED_OUT
        assert "may still carry it out" in told.now.note

    @pytest.mark.parametrize("action", ["retry_task", "cancel_task"])
    def test_sent_and_the_session_is_lost(self, session: Make, claimed: Make, action: str) -> None:
        told = claimed(session(), action, **CANCEL)
        told.add(decisions.lose_session(told.now, SessionId("s1"), at=LATER))
        told.add(decisions.expire(told.now, at=DEADLINE))

        assert told.now.status is CommandStatus.UNKNOWN
        assert "the connection broke" in told.now.note

    def test_sent_twice_without_a_result(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "cancel_task", **CANCEL)
        told.add(decisions.lose_session(told.now, SessionId("s1"), at=LATER))
        told.add(claim(told.now, session("s2")))
        told.add(decisions.expire(told.now, at=DEADLINE))

        assert told.now.status is CommandStatus.UNKNOWN
        assert "sent again" in told.now.note

    def test_not_after_the_end(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)
        told.add(succeed(told.now))

        assert decisions.expire(told.now, at=DEADLINE) is None


class TestCancelling:
    def test_a_waiting_command(self, story: Make) -> None:
        told = story("submit_task", **SUBMIT)
        told.add(decisions.cancel(told.now, by="key:k2", at=LATER))

        assert told.now.status is CommandStatus.CANCELLED
        assert told.now.finished_at == LATER
        assert told.entries[-1].entry.actor == "key:k2"

    def test_not_one_that_was_sent(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)

        with pytest.raises(Conflict, match="wait for its result"):
            decisions.cancel(told.now, by="key:k2", at=LATER)

    def test_not_one_that_waits_for_its_worker_to_come_back(
        self, session: Make, claimed: Make
    ) -> None:
        told = claimed(session(), "cancel_task", **CANCEL)
        told.add(decisions.lose_session(told.now, SessionId("s1"), at=LATER))

        with pytest.raises(Conflict, match="wait for its result"):
            decisions.cancel(told.now, by="key:k2", at=LATER)

    def test_not_one_that_has_ended(self, story: Make) -> None:
        told = story("submit_task", **SUBMIT)
        told.add(decisions.cancel(told.now, by="key:k2", at=LATER))

        with pytest.raises(Conflict, match="ended already: cancelled"):
            decisions.cancel(told.now, by="key:k2", at=LATER)


class TestFolding:
    def test_an_entry_that_cannot_follow_names_state_and_entry(
        self, session: Make, claimed: Make
    ) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)
        claimed_twice = replace(told.entries[-1], version=3)

        with pytest.raises(Conflict, match=r"command\.claimed, cannot follow .* is claimed"):
            fold(told.now, claimed_twice)

    def test_entries_come_in_order(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "submit_task", **SUBMIT)

        with pytest.raises(Conflict, match=r"cannot follow entry 0, after which .* nothing"):
            fold(None, told.entries[1])
        acknowledged = replace(told.entries[1], version=4, entry=entry_named("acknowledged"))
        with pytest.raises(Conflict, match="entry 4 of command:c1"):
            fold(told.now, acknowledged)
        assert fold(told.now, replace(acknowledged, version=3)).acknowledged_at == LATER

    @pytest.mark.parametrize(
        ("so_far", "may_follow"),
        [
            ("", "claimed timed_out cancelled"),
            ("claimed", "acknowledged session_lost released succeeded failed unknown timed_out"),
            (
                "claimed acknowledged",
                "session_lost released succeeded failed unknown timed_out",
            ),
            ("claimed session_lost", "acknowledged succeeded failed unknown timed_out"),
            ("claimed released", "claimed succeeded failed unknown timed_out"),
            ("claimed succeeded", "late_result"),
            ("claimed timed_out", "late_result"),
            ("claimed unknown late_result", ""),
            ("timed_out", ""),
            ("cancelled", ""),
        ],
    )
    def test_what_may_follow_what(self, story: Make, so_far: str, may_follow: str) -> None:
        told = story("cancel_task", **CANCEL)
        for name in so_far.split():
            told.add(entry_named(name))

        accepted = set()
        for kind in CommandEntry:
            recorded = Recorded(
                cursor="",
                stream="command:c1",
                version=told.now.version + 1,
                entry=entry_named(kind.removeprefix("command.")),
                hash=b"",
            )
            with contextlib.suppress(Conflict):
                fold(told.now, recorded)
                accepted.add(kind.removeprefix("command."))
        assert accepted == set(may_follow.split())

    def test_entries_of_other_streams_are_refused(self, story: Make) -> None:
        told = story("submit_task", **SUBMIT)
        foreign = replace(told.entries[0].entry, kind="agent.minted")
        recorded = Recorded(cursor="2", stream="command:c1", version=2, entry=foreign, hash=b"")

        with pytest.raises(Conflict, match=r"agent\.minted is not an entry of command:c1"):
            fold(told.now, recorded)

    def test_a_command_survives_its_json_document(self, session: Make, claimed: Make) -> None:
        told = claimed(session(), "purge_queue", **PURGE)
        told.add(decisions.expire(told.now, at=DEADLINE))
        told.add(succeed(told.now))

        document = json.dumps(told.now.to_data(), allow_nan=False)

        assert Command.from_data(json.loads(document)) == told.now
        assert told.now.claim.depth == 7
