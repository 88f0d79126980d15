"""Every setting: its variable, default, reading and meaning."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ..domain.errors import ConfigurationError
from ..domain.redaction import DEFAULT_NAMES
from .variables import (
    Variable,
    database_url,
    field_names,
    networks,
    one_of,
    path,
    postgres_url,
    secret_text,
    whole,
    without_password,
)


def _setting(default: Any, variable: Variable) -> Any:
    plain = not variable.secret and variable.shown is str
    return field(default=default, metadata={"variable": variable}, repr=plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The configuration of one brain. Fields that are None have a default that depends on others."""

    home: Path = _setting(
        Path("~/.taskdeck").expanduser(),
        Variable("Z4J_BRAIN_HOME", path, "folder of the database, the secret and the lock"),
    )
    database_url: str | None = _setting(
        None,
        Variable(
            "Z4J_DATABASE_URL",
            database_url,
            "sqlite:///path or postgresql://…; default: taskdeck.db in the home",
            shown=without_password,
        ),
    )
    database_read_url: str | None = _setting(
        None,
        Variable(
            "Z4J_DATABASE_READ_URL",
            postgres_url,
            "a PostgreSQL server that follows the first one, for what people read",
            shown=without_password,
        ),
    )
    database_listen_url: str | None = _setting(
        None,
        Variable(
            "Z4J_DATABASE_LISTEN_URL",
            postgres_url,
            "the PostgreSQL server itself, where Z4J_DATABASE_URL goes through PgBouncer",
            shown=without_password,
        ),
    )
    statement_timeout_ms: int = _setting(
        10_000,
        Variable(
            "Z4J_DB_STATEMENT_TIMEOUT_MS",
            whole(100, 600_000),
            "how long PostgreSQL may work on a statement",
        ),
    )
    database_pooled: str | None = _setting(
        None,
        Variable(
            "Z4J_DATABASE_POOLED",
            one_of("yes", "no"),
            "whether Z4J_DATABASE_URL goes through PgBouncer in transaction mode; default: yes "
            "where Z4J_DATABASE_LISTEN_URL is set",
        ),
    )
    secret: str | None = _setting(
        None,
        Variable(
            "Z4J_SECRET",
            secret_text,
            "master secret; default: the file secret in the home",
            secret=True,
        ),
    )
    bind_host: str = _setting(
        "127.0.0.1", Variable("Z4J_BIND_HOST", str, "address to listen on; 0.0.0.0 for all")
    )
    bind_port: int = _setting(7700, Variable("Z4J_BIND_PORT", whole(0, 65535), "port"))
    public_url: str | None = _setting(
        None, Variable("Z4J_PUBLIC_URL", str, "how agents and people reach the brain")
    )
    login_idle_minutes: int = _setting(
        720,
        Variable("Z4J_LOGIN_IDLE_MINUTES", whole(5, 43_200), "silence that ends a user's session"),
    )
    login_hours: int = _setting(
        168,
        Variable("Z4J_LOGIN_HOURS", whole(1, 8_760), "how long a user's session lasts at most"),
    )
    registry_backend: str | None = _setting(
        None,
        Variable(
            "Z4J_REGISTRY_BACKEND",
            one_of("local", "postgres_notify"),
            "where live sessions are known; default: postgres_notify on PostgreSQL, else local",
        ),
    )
    event_retention_days: int = _setting(
        30, Variable("Z4J_EVENT_RETENTION_DAYS", whole(1, 3_650), "whole days events are kept")
    )
    task_retention_days: int = _setting(
        30, Variable("Z4J_TASK_RETENTION_DAYS", whole(1, 3_650), "… tasks, from their first event")
    )
    command_retention_days: int = _setting(
        90, Variable("Z4J_COMMAND_RETENTION_DAYS", whole(1, 3_650), "… commands")
    )
    statistics_retention_days: int = _setting(
        90,
        Variable("Z4J_STATISTICS_RETENTION_DAYS", whole(1, 3_650), "… minutes of tasks and queues"),
    )
    metrics_public: str = _setting(
        "no",
        Variable(
            "Z4J_METRICS_PUBLIC",
            one_of("yes", "no"),
            "whether /metrics answers everybody; no: it takes an API key for every project",
        ),
    )
    metrics_names: int = _setting(
        100,
        Variable(
            "Z4J_METRICS_NAMES",
            whole(0, 10_000),
            "task names, and queues, with metrics of their own; the others are one",
        ),
    )
    workers: int = _setting(
        1,
        Variable(
            "Z4J_WORKERS",
            whole(1, 64),
            "replicas of this machine that share the port; SQLite has one",
        ),
    )
    trusted_proxies: str = _setting(
        "",
        Variable(
            "Z4J_TRUSTED_PROXIES",
            networks,
            "addresses or networks whose X-Forwarded-For and -Proto are believed, with commas",
        ),
    )
    api_rate: int = _setting(
        100, Variable("Z4J_API_RATE", whole(1, 100_000), "requests a second of a key or session")
    )
    sessions_per_agent: int = _setting(
        1024,
        Variable("Z4J_SESSIONS_PER_AGENT", whole(1, 100_000), "live sessions of one agent token"),
    )
    agent_idle_seconds: int = _setting(
        90, Variable("Z4J_AGENT_IDLE_SECONDS", whole(15, 3_600), "silence that ends a session")
    )
    heartbeat_seconds: int = _setting(
        10, Variable("Z4J_HEARTBEAT_SECONDS", whole(1, 3_600), "how often agents report health")
    )
    max_frame_bytes: int = _setting(
        1_048_576,
        Variable("Z4J_MAX_FRAME_BYTES", whole(1_024, 67_108_864), "largest frame of an agent"),
    )
    redact_fields: str = _setting(
        ",".join(DEFAULT_NAMES),
        Variable(
            "Z4J_REDACT_FIELDS",
            field_names,
            "fields of tasks whose values are replaced before they are stored, with commas; "
            "* at an end stands for part of a word; none: agents alone redact",
        ),
    )
    batch_events: int = _setting(
        5_000, Variable("Z4J_BATCH_EVENTS", whole(1, 20_000), "most events in a transaction")
    )
    batch_age_ms: int = _setting(
        4, Variable("Z4J_BATCH_AGE_MS", whole(0, 1_000), "how long a small batch may grow")
    )
    log_level: str = _setting(
        "info", Variable("Z4J_LOG_LEVEL", one_of("debug", "info", "warning", "error"), "log level")
    )
    log_format: str = _setting(
        "auto",
        Variable(
            "Z4J_LOG_FORMAT",
            one_of("auto", "human", "json"),
            "how log lines look; auto: human on a terminal, JSON otherwise",
        ),
    )
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Field -> where its value came from, for those that are not defaults."""

    @property
    def on_postgres(self) -> bool:
        return self.database_url is not None and not self.database_url.startswith("sqlite:")

    @property
    def database_kind(self) -> str:
        return "postgres" if self.on_postgres else "sqlite"

    @property
    def connects_directly(self) -> bool:
        """No pooler stands between the brain and PostgreSQL."""
        pooled = "no" if self.database_listen_url is None else "yes"
        return (self.database_pooled or pooled) == "no"

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        if self.database_url is None:
            return self.home / "taskdeck.db"
        rest = self.database_url.partition("://")[2]
        return Path(rest[1:] if rest.startswith("//") else rest).expanduser()

    @property
    def database_name(self) -> str:
        """For people and logs: no password."""
        if self.on_postgres and self.database_url is not None:
            return without_password(self.database_url)
        return str(self.database_path)

    @property
    def registry(self) -> str:
        """SQLite has no other replicas to hear of."""
        if not self.on_postgres:
            return "local"
        return self.registry_backend or "postgres_notify"

    @property
    def url(self) -> str:
        """How agents and people reach the brain."""
        if self.public_url is not None:
            return self.public_url.rstrip("/")
        host = "127.0.0.1" if self.bind_host in ("0.0.0.0", "::", "") else self.bind_host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.bind_port}"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting, for people."""

    name: str
    value: str
    source: str
    meaning: str


def load_settings(environment: Mapping[str, str] | None = None, **flags: Any) -> Settings:
    """Flags before environment before defaults. Raises ConfigurationError naming the variable."""
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, variable in variables().items():
        if flags.get(name) is not None:
            text, sources[name] = str(flags[name]), "flag"
        elif environment.get(variable.name, "") != "":
            text, sources[name] = environment[variable.name], "environment"
        else:
            continue
        try:
            values[name] = variable.parse(text)
        except ValueError as error:
            shown = "…" if variable.hides(text) else repr(text)
            raise ConfigurationError(f"{variable.name} is {shown}; allowed: {error}.") from None
    return Settings(**values, sources=sources)


def describe(settings: Settings) -> list[SettingRow]:
    """All settings with value, source and meaning; secrets masked."""
    rows = []
    for name, variable in variables().items():
        value = getattr(settings, name)
        shown = "(derived)" if value is None else variable.show(value)
        source = settings.sources.get(name, "default")
        rows.append(SettingRow(variable.name, shown, source, variable.meaning))
    return rows


def variables() -> dict[str, Variable]:
    return {
        each.name: each.metadata["variable"]
        for each in fields(Settings)
        if "variable" in each.metadata
    }
