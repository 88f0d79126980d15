-- What failures have in common. Older tasks get their fingerprints by `taskdeck replay`.

ALTER TABLE tasks ADD COLUMN fingerprint text COLLATE "C";
CREATE INDEX tasks_fingerprint ON tasks (project, fingerprint, last_event_at)
    WHERE fingerprint IS NOT NULL;

-- How often each kind came up in an hour; the document has its minutes.
CREATE TABLE failure_hours (
    hour        bigint NOT NULL,
    first_at    bigint NOT NULL,
    last_at     bigint NOT NULL,
    failed      bigint NOT NULL,
    retried     bigint NOT NULL,
    project     integer NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    engine      text COLLATE "C" NOT NULL,
    name        text COLLATE "C" NOT NULL,
    document    text COLLATE "C" NOT NULL,
    PRIMARY KEY (project, hour, fingerprint, engine, name)
) PARTITION BY RANGE (hour);

-- The kinds that came up on a day, so many at most (domain/projections/failure_hours.py).
CREATE TABLE failure_kinds (
    day         bigint NOT NULL,
    project     integer NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    exception   text COLLATE "C" NOT NULL,
    message     text COLLATE "C" NOT NULL,
    place       text COLLATE "C" NOT NULL,
    PRIMARY KEY (project, day, fingerprint)
) PARTITION BY RANGE (day);
