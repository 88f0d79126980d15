-- Under which day a task is filed, by a hash of its key (filing.py). A partition has ten days, so that a
-- task is looked for in few of them.
CREATE TABLE filings (
    filed_at bigint NOT NULL,
    hash     bigint NOT NULL,
    PRIMARY KEY (hash, filed_at)
) PARTITION BY RANGE (filed_at);

-- What filing.py computes: the first eight bytes of a SHA-256.
CREATE FUNCTION task_hash(project integer, engine text, task_id text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ('x' || encode(
        substr(sha256(convert_to(project || ':' || engine || ':' || task_id, 'UTF8')), 1, 8), 'hex'
    ))::bit(64)::bigint
$$;

-- Whoever files tasks now waits until those that are there are noted (locks.py: FILING).
SELECT pg_advisory_xact_lock(8008810, 5);

DO $$
DECLARE
    a_day constant bigint := 86400000000;
    partition regclass;
    day integer;
    first integer;
BEGIN
    FOR partition, day IN
        SELECT c.oid, to_date(right(c.relname, 8), 'YYYYMMDD') - date '1970-01-01'
          FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'tasks'::regclass AND NOT i.inhdetachpending
         ORDER BY 2
    LOOP
        first := day - day % 10;
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS %I PARTITION OF filings FOR VALUES FROM (%s) TO (%s)',
            'filings_' || to_char(date '1970-01-01' + first, 'YYYYMMDD'),
            first * a_day, (first + 10) * a_day
        );
        EXECUTE format(
            'INSERT INTO filings SELECT filed_at, task_hash(project, engine, task_id) FROM %s '
            'ORDER BY 2 ON CONFLICT DO NOTHING', partition
        );
    END LOOP;
END $$;

-- Replicas of the version before claim a new task by a row without a state, which later ones never write.
CREATE FUNCTION file_claimed_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO filings VALUES (NEW.filed_at, task_hash(NEW.project, NEW.engine, NEW.task_id))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER file_claimed_task AFTER INSERT ON tasks
    FOR EACH ROW WHEN (NEW.state = '') EXECUTE FUNCTION file_claimed_task();
