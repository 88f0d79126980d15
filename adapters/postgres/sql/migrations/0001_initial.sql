-- Both logs, and the views folded from them. Times are microseconds since the epoch, UTC. Names are
-- compared byte by byte ("C"); those that agents make are escaped where they hold U+0000 (texts.py).

CREATE TABLE project_numbers (
    number     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id text COLLATE "C" NOT NULL UNIQUE
);

-- What is added to a transaction id to make `events.batch`: it goes on rising in a restored copy of
-- the database, whose cluster counts transactions anew.
CREATE TABLE event_clock (
    base    bigint NOT NULL,
    cluster bigint NOT NULL
);
INSERT INTO event_clock SELECT 0, system_identifier FROM pg_control_system();

CREATE TYPE event_kind AS ENUM (
    'task.sent', 'task.received', 'task.started', 'task.succeeded', 'task.failed', 'task.retried',
    'task.revoked', 'task.rejected', 'worker.online', 'worker.offline', 'worker.heartbeat',
    'queue.depth_report', 'schedule.snapshot', 'schedule.created', 'schedule.updated',
    'schedule.deleted', 'schedule.run_started', 'schedule.run_completed', 'unknown'
);

-- The log of what agents report, a partition for each UTC day of receipt. (batch, n) is the order of
-- storage. A row without a kind marks an event that is stored under another day (storing.py). Each
-- partition has a unique index on (project, id) of its own: the parent could not have it.
CREATE TABLE events (
    batch       bigint NOT NULL,
    occurred_at bigint NOT NULL,
    received_at bigint NOT NULL,
    id          uuid NOT NULL,
    project     integer NOT NULL,
    n           integer NOT NULL,
    kind        event_kind,
    engine      text COLLATE "C" NOT NULL,
    task_id     text COLLATE "C" NOT NULL,
    data        text COLLATE "C" NOT NULL
) PARTITION BY RANGE (received_at);
-- Without n: the rows of a batch then share one key, in a few bytes each.
CREATE INDEX events_order ON events (project, batch) WHERE kind IS NOT NULL;
-- By hash, because ids of tasks are long: half the size of an index of the ids.
CREATE INDEX events_task ON events (hashtextextended(task_id, 0)) WHERE task_id <> '';

-- The log of what the brain and its operators decide.
CREATE TABLE journal (
    seq        bigint PRIMARY KEY,
    version    integer NOT NULL,
    at         bigint NOT NULL,
    stream     text COLLATE "C" NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    actor      text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    data       text COLLATE "C" NOT NULL,
    hash       bytea NOT NULL
);
CREATE UNIQUE INDEX journal_stream ON journal (stream, version);
CREATE INDEX journal_project ON journal (project_id, seq);

-- A row with an empty state or document is claimed by the transaction that is folding it, and seen by
-- no other.
-- Filed under the UTC day it was first heard of; a task stays in its partition.
CREATE TABLE tasks (
    filed_at      bigint NOT NULL,
    last_event_at bigint NOT NULL,
    project       integer NOT NULL,
    engine        text COLLATE "C" NOT NULL,
    task_id       text COLLATE "C" NOT NULL,
    state         text COLLATE "C" NOT NULL,
    name          text COLLATE "C" NOT NULL,
    queue         text COLLATE "C",
    worker        text COLLATE "C",
    parent        text COLLATE "C",
    document      text COLLATE "C" NOT NULL,
    PRIMARY KEY (project, task_id, engine, filed_at)
) PARTITION BY RANGE (filed_at);
CREATE INDEX tasks_parent ON tasks (project, parent) WHERE parent IS NOT NULL;
CREATE INDEX tasks_newest ON tasks (project, last_event_at) WHERE state <> '';
CREATE INDEX tasks_state ON tasks (project, state, last_event_at) WHERE state <> '';
CREATE INDEX tasks_name ON tasks (project, name, last_event_at) WHERE state <> '';

CREATE TABLE statistics (
    minute   bigint NOT NULL,
    project  integer NOT NULL,
    engine   text COLLATE "C" NOT NULL,
    name     text COLLATE "C" NOT NULL,
    document text COLLATE "C" NOT NULL,
    PRIMARY KEY (project, minute, engine, name)
) PARTITION BY RANGE (minute);

CREATE TABLE queues (
    depth_at bigint NOT NULL,
    depth    bigint,
    project  integer NOT NULL,
    engine   text COLLATE "C" NOT NULL,
    queue    text COLLATE "C" NOT NULL,
    PRIMARY KEY (project, engine, queue)
) WITH (fillfactor = 50);

CREATE TABLE queue_minutes (
    minute   bigint NOT NULL,
    project  integer NOT NULL,
    engine   text COLLATE "C" NOT NULL,
    queue    text COLLATE "C" NOT NULL,
    document text COLLATE "C" NOT NULL,
    PRIMARY KEY (project, minute, engine, queue)
) PARTITION BY RANGE (minute);

CREATE TABLE workers (
    opened_at  bigint NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    agent_id   text COLLATE "C" NOT NULL,
    worker_id  text COLLATE "C" NOT NULL,
    document   text COLLATE "C" NOT NULL,
    PRIMARY KEY (project_id, agent_id, worker_id)
);

-- Soft state: what heartbeats say. Not in the logs, so a replay leaves it alone.
CREATE TABLE worker_health (
    project_id text COLLATE "C" NOT NULL,
    agent_id   text COLLATE "C" NOT NULL,
    worker_id  text COLLATE "C" NOT NULL,
    document   text COLLATE "C" NOT NULL,
    PRIMARY KEY (project_id, agent_id, worker_id)
) WITH (fillfactor = 50);

CREATE TABLE commands (
    issued_at  bigint NOT NULL,
    id         text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    status     text COLLATE "C" NOT NULL,
    task_id    text COLLATE "C",
    document   text COLLATE "C" NOT NULL,
    PRIMARY KEY (id, issued_at)
) PARTITION BY RANGE (issued_at);
CREATE INDEX commands_newest ON commands (project_id, issued_at, id);
CREATE INDEX commands_open ON commands (issued_at)
    WHERE status IN ('issued', 'claimed', 'acknowledged');

-- Projects, agents, API keys and users.
CREATE TABLE accounts (
    created_at bigint NOT NULL,
    stream     text COLLATE "C" PRIMARY KEY,
    kind       text COLLATE "C" NOT NULL,
    document   text COLLATE "C" NOT NULL
);

-- The names and hashes of tokens that accounts are found by; none once revoked.
CREATE TABLE account_lookups (
    kind   text COLLATE "C" NOT NULL,
    lookup text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, lookup)
);
CREATE INDEX account_lookups_stream ON account_lookups (stream);

-- Not in the logs, so a replay leaves both alone: hashes of passwords, and who is logged in.
CREATE TABLE credentials (
    user_id  text COLLATE "C" PRIMARY KEY,
    password text COLLATE "C" NOT NULL
);

CREATE TABLE logins (
    opened_at  bigint NOT NULL,
    seen_at    bigint NOT NULL,
    id         text COLLATE "C" PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    user_id    text COLLATE "C" NOT NULL,
    address    text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX logins_user ON logins (user_id);
