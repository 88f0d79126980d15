-- Both logs, and the views folded from them. Times are microseconds since the epoch, UTC.

CREATE TABLE project_numbers (
    number     INTEGER PRIMARY KEY,
    project_id TEXT NOT NULL UNIQUE
) STRICT;

-- The log of what agents report. `seq` is the order of storage; ids are unique within a project. With
-- AUTOINCREMENT no number is given again, also when retention has emptied the table: cursors hold them.
CREATE TABLE events (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    project     INTEGER NOT NULL,
    id          BLOB NOT NULL,
    kind        TEXT NOT NULL,
    engine      TEXT NOT NULL,
    task_id     TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    data        TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_id ON events (project, id);
CREATE INDEX events_task ON events (project, engine, task_id) WHERE task_id <> '';

-- The log of what the brain and its operators decide.
CREATE TABLE journal (
    seq        INTEGER PRIMARY KEY,
    stream     TEXT NOT NULL,
    version    INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    project_id TEXT NOT NULL,
    data       TEXT NOT NULL,
    hash       BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX journal_stream ON journal (stream, version);
CREATE INDEX journal_project ON journal (project_id, seq);

CREATE TABLE tasks (
    project       INTEGER NOT NULL,
    engine        TEXT NOT NULL,
    task_id       TEXT NOT NULL,
    state         TEXT NOT NULL,
    name          TEXT NOT NULL,
    queue         TEXT,
    worker        TEXT,
    parent        TEXT,
    last_event_at INTEGER NOT NULL,
    document      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX tasks_id ON tasks (project, task_id, engine);
CREATE INDEX tasks_parent ON tasks (project, parent, last_event_at) WHERE parent IS NOT NULL;
CREATE INDEX tasks_newest ON tasks (project, last_event_at);
CREATE INDEX tasks_state ON tasks (project, state, last_event_at);
CREATE INDEX tasks_name ON tasks (project, name, last_event_at);

CREATE TABLE statistics (
    project  INTEGER NOT NULL,
    minute   INTEGER NOT NULL,
    engine   TEXT NOT NULL,
    name     TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (project, minute, engine, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE queues (
    project  INTEGER NOT NULL,
    engine   TEXT NOT NULL,
    queue    TEXT NOT NULL,
    depth    INTEGER,
    depth_at INTEGER NOT NULL,
    PRIMARY KEY (project, engine, queue)
) STRICT, WITHOUT ROWID;

CREATE TABLE queue_minutes (
    project  INTEGER NOT NULL,
    minute   INTEGER NOT NULL,
    engine   TEXT NOT NULL,
    queue    TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (project, minute, engine, queue)
) STRICT, WITHOUT ROWID;

CREATE TABLE workers (
    project_id TEXT NOT NULL,
    agent_id   TEXT NOT NULL,
    worker_id  TEXT NOT NULL,
    opened_at  INTEGER NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (project_id, agent_id, worker_id)
) STRICT, WITHOUT ROWID;

-- Soft state: what heartbeats say. Not in the logs, so a replay leaves it alone.
CREATE TABLE worker_health (
    project_id TEXT NOT NULL,
    agent_id   TEXT NOT NULL,
    worker_id  TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (project_id, agent_id, worker_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE commands (
    id         TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    status     TEXT NOT NULL,
    task_id    TEXT,
    issued_at  INTEGER NOT NULL,
    document   TEXT NOT NULL
) STRICT;
CREATE INDEX commands_newest ON commands (project_id, issued_at, id);
CREATE INDEX commands_open ON commands (issued_at)
    WHERE status IN ('issued', 'claimed', 'acknowledged');

-- Projects, agents, API keys and users.
CREATE TABLE accounts (
    stream     TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    document   TEXT NOT NULL
) STRICT;

-- The names and hashes of tokens that accounts are found by; none once revoked.
CREATE TABLE account_lookups (
    kind   TEXT NOT NULL,
    lookup TEXT NOT NULL,
    stream TEXT NOT NULL,
    PRIMARY KEY (kind, lookup)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_lookups_stream ON account_lookups (stream);

-- Not in the logs, so a replay leaves both alone: hashes of passwords, and who is logged in.
CREATE TABLE credentials (
    user_id  TEXT PRIMARY KEY,
    password TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE logins (
    id         TEXT PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    user_id    TEXT NOT NULL,
    opened_at  INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    address    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX logins_user ON logins (user_id);
