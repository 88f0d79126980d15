-- What failures have in common. Older tasks get their fingerprints by `taskdeck replay`.

ALTER TABLE tasks ADD COLUMN fingerprint TEXT;
CREATE INDEX tasks_fingerprint ON tasks (project, fingerprint, last_event_at)
    WHERE fingerprint IS NOT NULL;

-- How often each kind came up in an hour; the document has its minutes.
CREATE TABLE failure_hours (
    project     INTEGER NOT NULL,
    hour        INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    engine      TEXT NOT NULL,
    name        TEXT NOT NULL,
    failed      INTEGER NOT NULL,
    retried     INTEGER NOT NULL,
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    document    TEXT NOT NULL,
    PRIMARY KEY (project, hour, fingerprint, engine, name)
) STRICT, WITHOUT ROWID;

-- The kinds that came up on a day, so many at most (domain/projections/failure_hours.py).
CREATE TABLE failure_kinds (
    project     INTEGER NOT NULL,
    day         INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    exception   TEXT NOT NULL,
    message     TEXT NOT NULL,
    place       TEXT NOT NULL,
    PRIMARY KEY (project, day, fingerprint)
) STRICT, WITHOUT ROWID;
