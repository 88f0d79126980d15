"""What an examination finds, and that it changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from taskdeck.adapters.postgres.database import conninfo
from taskdeck.adapters.postgres.diagnosis import PostgresDiagnosis
from taskdeck.adapters.sqlite.database import SqliteDatabase
from taskdeck.adapters.sqlite.diagnosis import SqliteDiagnosis
from taskdeck.domain.diagnosis import Verdict
from taskdeck.domain.retention import RetentionDays
from taskdeck.ports.diagnosis import Diagnosis

from ..postgres_server import PostgresServer


async def found(diagnosis: Diagnosis) -> Mapping[str, Verdict]:
    return {finding.what: finding.verdict async for finding in diagnosis.examine()}


def postgres(url: str, days: RetentionDays | None = None) -> PostgresDiagnosis:
    target = conninfo(url)
    return PostgresDiagnosis(target, listen=target, read=target, days=days or RetentionDays())


def worst_about(words: str, findings: Mapping[str, Verdict]) -> Verdict:
    (verdict,) = [verdict for what, verdict in findings.items() if words in what]
    return verdict


async def test_a_good_database(postgres_url: str) -> None:
    findings = await found(postgres(postgres_url))
    assert Verdict.FAIL not in findings.values()
    assert worst_about("notifications arrive", findings) is Verdict.OK
    assert worst_about("may make partitions", findings) is Verdict.OK
    assert worst_about("for reading follows", findings) is Verdict.OK
    # The tests' own server gives durability up for speed.
    assert worst_about("fsync=off", findings) is Verdict.WARN


async def test_an_empty_database_stays_empty(postgres_server: PostgresServer) -> None:
    name = postgres_server.create()
    try:
        findings = await found(postgres(postgres_server.url_of(name)))
        assert worst_about("the database is empty", findings) is Verdict.OK
        with psycopg.connect(postgres_server.url_of(name)) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            ).fetchone()
        assert row == (0,)
    finally:
        postgres_server.drop(name)


@pytest.mark.parametrize(
    ("change", "words", "verdict"),
    [
        ("INSERT INTO schema_versions VALUES (9999)", "schema 9999", Verdict.FAIL),
        ("DELETE FROM schema_versions WHERE version > 1", "becomes", Verdict.OK),
        ("DROP TABLE events CASCADE; CREATE TABLE events (a int)", "reach -1", Verdict.WARN),
        (
            "CREATE TABLE events_20200101 PARTITION OF events FOR VALUES FROM (1577836800000000) "
            "TO (1577923200000000)",
            "should have been gone",
            Verdict.WARN,
        ),
    ],
)
async def test_what_is_wrong_is_found(
    postgres_url: str, change: str, words: str, verdict: Verdict
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(change.encode())
    assert worst_about(words, await found(postgres(postgres_url))) is verdict


async def test_more_days_than_the_server_has_locks_for(postgres_url: str) -> None:
    few = await found(postgres(postgres_url))
    assert worst_about("table of locks", few) is Verdict.OK
    years = RetentionDays(events=3_650, tasks=3_650, commands=36_500, statistics=36_500)
    many = await found(postgres(postgres_url, years))
    assert worst_about("table of locks", many) is Verdict.WARN


async def test_a_role_without_rights(postgres_server: PostgresServer, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS taskdeck_reader")
        connection.execute("CREATE ROLE taskdeck_reader LOGIN")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO taskdeck_reader")
        try:
            findings = await found(postgres(postgres_url.replace("postgres@", "taskdeck_reader@")))
            assert worst_about("may not make partitions", findings) is Verdict.FAIL
        finally:
            connection.execute("DROP OWNED BY taskdeck_reader")
            connection.execute("DROP ROLE taskdeck_reader")


async def test_a_server_that_is_away() -> None:
    findings = await found(postgres("postgresql://postgres@127.0.0.1:1/none"))
    assert list(findings.values()) == [Verdict.FAIL]


async def test_a_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "taskdeck.db"
    assert list((await found(SqliteDiagnosis(path))).values()) == [Verdict.FAIL]
    assert not path.exists()
    database = SqliteDatabase(path)
    await database.open()
    await database.close()
    assert set((await found(SqliteDiagnosis(path))).values()) == {Verdict.OK}


async def test_a_damaged_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "taskdeck.db"
    path.write_bytes(b"this is not a database" * 500)
    assert Verdict.FAIL in (await found(SqliteDiagnosis(path))).values()
