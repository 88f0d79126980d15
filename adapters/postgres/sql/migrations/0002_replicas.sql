-- Who is alive, by the database's clock, and which session is held where. Neither is in a log.

CREATE TABLE replicas (
    started_at timestamptz NOT NULL,
    beat_at    timestamptz NOT NULL,
    id         text COLLATE "C" PRIMARY KEY,
    name       text COLLATE "C" NOT NULL,
    version    text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE live_sessions (
    opened_at  bigint NOT NULL,
    session_id text COLLATE "C" PRIMARY KEY,
    replica_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    agent_id   text COLLATE "C" NOT NULL,
    hello      text COLLATE "C" NOT NULL
);
CREATE INDEX live_sessions_project ON live_sessions (project_id, opened_at);
CREATE INDEX live_sessions_replica ON live_sessions (replica_id);
