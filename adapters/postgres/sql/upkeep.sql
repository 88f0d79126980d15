-- name: try_lock
-- Of the session: DETACH … CONCURRENTLY is refused in a transaction.
SELECT pg_try_advisory_lock((%(lock)s::int4[])[1], (%(lock)s::int4[])[2]);

-- name: unlock
SELECT pg_advisory_unlock((%(lock)s::int4[])[1], (%(lock)s::int4[])[2]);

-- name: short_waits
SELECT set_config('lock_timeout', '5s', false), set_config('statement_timeout', '60s', false);

-- name: long_waits
SELECT set_config('statement_timeout', '30min', false);

-- name: partitions
-- Every partition by its day, the oldest first; `pending` ones were interrupted while they were detached.
-- Those with a command that is still open stay until it has ended.
SELECT p.relname, c.relname, to_date(right(c.relname, 8), 'YYYYMMDD') - date '1970-01-01',
       i.inhdetachpending
  FROM pg_inherits AS i
  JOIN pg_class AS c ON c.oid = i.inhrelid
  JOIN pg_class AS p ON p.oid = i.inhparent
 WHERE p.oid = ANY((%(tables)s::text[])::regclass[])
   AND c.oid NOT IN (SELECT tableoid FROM commands
                      WHERE status IN ('issued', 'claimed', 'acknowledged'))
 ORDER BY 3, 1;

-- name: left_behind
-- Detached by somebody who died before the DROP: named like a partition, and of no table.
SELECT c.relname
  FROM pg_class AS c
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
   AND c.relname ~ %(names)s;

-- name: detach
ALTER TABLE {table} DETACH PARTITION {partition} CONCURRENTLY;

-- name: finish_detaching
ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE;

-- name: drop
DROP TABLE IF EXISTS {partition};

-- name: prune_workers
-- Each start of a process may be a worker of its own.
WITH gone AS (
    DELETE FROM workers WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM workers
         WHERE left_at < %(before)s
         LIMIT %(slice)s
    ))
    RETURNING project_id, agent_id, worker_id
), unhealthy AS (
    DELETE FROM worker_health AS h USING gone AS g
     WHERE (h.project_id, h.agent_id, h.worker_id) = (g.project_id, g.agent_id, g.worker_id)
)
SELECT count(*) FROM gone;

-- name: prune_queues
-- Agents choose the names. One that is seen meanwhile comes back with its next task.
DELETE FROM queues AS q
 WHERE q.depth_at < %(before)s
   AND NOT EXISTS (SELECT FROM queue_minutes AS m
                    WHERE (m.project, m.engine, m.queue) = (q.project, q.engine, q.queue));

-- name: not_analysed
-- Partitions are analysed by autovacuum, the tables as a whole by nobody.
SELECT c.relname
  FROM pg_class AS c LEFT JOIN pg_stat_user_tables AS s ON s.relid = c.oid
 WHERE c.oid = ANY((%(tables)s::text[])::regclass[])
   AND coalesce(s.last_analyze, '-infinity') < now() - interval '1 day';

-- name: analyse
ANALYZE {table};
