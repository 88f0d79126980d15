-- name: number_projects
INSERT INTO project_numbers (project_id)
SELECT unnest(%(ids)s::text[])
ON CONFLICT DO NOTHING;

-- name: numbers_of_projects
SELECT number, project_id FROM project_numbers WHERE project_id = ANY(%(ids)s::text[]);

-- name: project_numbers
SELECT number, project_id FROM project_numbers ORDER BY number;

-- name: batch_number
SELECT base + pg_current_xact_id()::text::bigint FROM event_clock;

-- name: copy_events
COPY events (batch, occurred_at, received_at, id, project, n, kind, engine, task_id, data) FROM STDIN;

-- name: insert_events
-- Without a conflict target it is the unique index of each partition that counts. Gives which of the
-- events are new, and which of the marks.
WITH new AS (
    INSERT INTO events
        (batch, occurred_at, received_at, id, project, n, kind, engine, task_id, data)
    SELECT (SELECT base + pg_current_xact_id()::text::bigint FROM event_clock), occurred_at,
           received_at, id::uuid, project, n, kind::event_kind, engine, task_id, data
      FROM unnest(
               %(occurred_at)b::bigint[], %(received_at)b::bigint[], %(id)b::text[],
               %(project)b::integer[], %(n)b::integer[], %(kind)b::text[], %(engine)b::text[],
               %(task_id)b::text[], %(data)b::text[]
           ) AS row (occurred_at, received_at, id, project, n, kind, engine, task_id, data)
    ON CONFLICT DO NOTHING
    RETURNING n, kind
)
SELECT coalesce(array_agg(n) FILTER (WHERE kind IS NOT NULL), '{}'),
       coalesce(array_agg(n) FILTER (WHERE kind IS NULL), '{}')
  FROM new;

-- name: lock
SELECT pg_advisory_xact_lock((%(lock)s::int4[])[1], (%(lock)s::int4[])[2]);

-- name: already_stored
-- Looks into every partition.
SELECT DISTINCT wanted.n
  FROM unnest(%(n)b::integer[], %(project)b::integer[], %(id)b::text[]) AS wanted (n, project, id)
  JOIN events AS e ON e.project = wanted.project AND e.id = wanted.id::uuid;

-- name: read_events
-- What later pages must not miss is left out for now: batches of, and after, transactions that are
-- still under way.
SELECT batch, n, project, id, kind, engine, task_id, occurred_at, received_at, data
  FROM events
 WHERE kind IS NOT NULL
   AND project = %(project)s
   AND batch < (SELECT base + pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                  FROM event_clock)
   AND (batch, n) > (%(after_batch)s, %(after_n)s)
   AND (%(kind)s::event_kind IS NULL OR kind = %(kind)s::event_kind)
   AND (%(engine)s::text IS NULL OR engine = %(engine)s)
   AND (%(task_id)s::text IS NULL OR task_id = %(task_id)s)
   AND (%(since)s::bigint IS NULL OR occurred_at >= %(since)s)
   AND (%(until)s::bigint IS NULL OR occurred_at < %(until)s)
 ORDER BY batch, n
 LIMIT %(limit)s;

-- name: read_events_backwards
SELECT batch, n, project, id, kind, engine, task_id, occurred_at, received_at, data
  FROM events
 WHERE kind IS NOT NULL
   AND project = %(project)s
   AND (batch, n) < (%(after_batch)s, %(after_n)s)
   AND (%(kind)s::event_kind IS NULL OR kind = %(kind)s::event_kind)
   AND (%(engine)s::text IS NULL OR engine = %(engine)s)
   AND (%(task_id)s::text IS NULL OR task_id = %(task_id)s)
   AND (%(since)s::bigint IS NULL OR occurred_at >= %(since)s)
   AND (%(until)s::bigint IS NULL OR occurred_at < %(until)s)
 ORDER BY batch DESC, n DESC
 LIMIT %(limit)s;

-- name: read_events_of_task
-- The events of the task first: with a limit in sight the planner might read the whole log backwards.
WITH history AS MATERIALIZED (
    SELECT batch, n, project, id, kind, engine, task_id, occurred_at, received_at, data
      FROM events
     WHERE hashtextextended(task_id, 0) = hashtextextended(%(task_id)s::text COLLATE "C", 0)
       AND task_id = %(task_id)s AND task_id <> ''
       AND project = %(project)s AND engine = %(engine)s AND kind IS NOT NULL
)
SELECT * FROM history
 WHERE batch < (SELECT base + pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                  FROM event_clock)
   AND (batch, n) > (%(after_batch)s, %(after_n)s)
   AND (%(kind)s::event_kind IS NULL OR kind = %(kind)s::event_kind)
   AND (%(since)s::bigint IS NULL OR occurred_at >= %(since)s)
   AND (%(until)s::bigint IS NULL OR occurred_at < %(until)s)
 ORDER BY batch, n
 LIMIT %(limit)s;

-- name: read_events_of_task_backwards
WITH history AS MATERIALIZED (
    SELECT batch, n, project, id, kind, engine, task_id, occurred_at, received_at, data
      FROM events
     WHERE hashtextextended(task_id, 0) = hashtextextended(%(task_id)s::text COLLATE "C", 0)
       AND task_id = %(task_id)s AND task_id <> ''
       AND project = %(project)s AND engine = %(engine)s AND kind IS NOT NULL
)
SELECT * FROM history
 WHERE (batch, n) < (%(after_batch)s, %(after_n)s)
   AND (%(kind)s::event_kind IS NULL OR kind = %(kind)s::event_kind)
   AND (%(since)s::bigint IS NULL OR occurred_at >= %(since)s)
   AND (%(until)s::bigint IS NULL OR occurred_at < %(until)s)
 ORDER BY batch DESC, n DESC
 LIMIT %(limit)s;

-- name: scan_events
SELECT batch, n, project, id, kind, engine, task_id, occurred_at, received_at, data
  FROM events
 WHERE kind IS NOT NULL
   AND project = %(project)s
   AND (batch, n) > (%(after_batch)s, %(after_n)s)
 ORDER BY batch, n
 LIMIT %(limit)s;

-- name: count_up_to
SELECT count(*) FROM (SELECT FROM events WHERE kind IS NOT NULL LIMIT %(most)s) AS counted;

-- name: estimate_count
SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint
  FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
 WHERE i.inhparent = 'events'::regclass;
