-- name: task
SELECT engine, task_id, document FROM tasks
 WHERE project = %(project)s AND engine = %(engine)s AND task_id = %(task_id)s;

-- name: running
SELECT engine, task_id, document FROM tasks
 WHERE project = %(project)s AND state = 'started'
   AND (%(workers)s::text[] IS NULL OR worker = ANY(%(workers)s))
 ORDER BY last_event_at, engine, task_id
 LIMIT 1000;

-- name: at_work
SELECT worker, array_agg(last_event_at)
  FROM (SELECT coalesce(worker, '') AS worker, last_event_at FROM tasks
         WHERE project = %(project)s AND state = 'started'
         ORDER BY last_event_at, engine, task_id
         LIMIT 1000) AS longest
 GROUP BY worker;

-- name: oldest_waiting
SELECT engine, queue, min(last_event_at) FROM tasks
 WHERE project = %(project)s AND state = 'received' AND queue IS NOT NULL
 GROUP BY engine, queue;

-- name: queues
SELECT engine, queue, depth, depth_at FROM queues
 WHERE project = %(project)s
 ORDER BY engine, queue;

-- name: queue_page
-- Ordered by `queue_place`.
SELECT engine, queue, depth, depth_at FROM queues
 WHERE project = %(project)s
   AND (%(engine)s::text IS NULL OR engine = %(engine)s)
   AND (%(queue)s::text IS NULL OR queue = %(queue)s)
   AND (%(text)s::text IS NULL OR strpos(lower(queue), lower(%(text)s COLLATE "C")) > 0
        OR strpos(lower(engine), lower(%(text)s COLLATE "C")) > 0)
   AND (coalesce(-depth, 1), engine, queue)
       > (%(after_depth)s::bigint, %(after_engine)s::text, %(after_queue)s::text)
 ORDER BY coalesce(-depth, 1), engine, queue
 LIMIT %(limit)s;

-- name: queue
SELECT engine, queue, depth, depth_at FROM queues
 WHERE project = %(project)s AND engine = %(engine)s AND queue = %(queue)s;

-- name: queue_minutes
SELECT engine, queue, minute, document FROM queue_minutes
 WHERE project = %(project)s AND minute >= %(since)s AND minute < %(until)s
   AND (%(queues)s::text[] IS NULL OR (engine, queue) IN (
           SELECT * FROM unnest(%(engines)s::text[], %(queues)s::text[])
       ))
 ORDER BY minute, engine, queue;

-- name: statistics
SELECT engine, name, minute, document FROM statistics
 WHERE project = %(project)s AND minute >= %(since)s AND minute < %(until)s
   AND (%(engine)s::text IS NULL OR engine = %(engine)s)
   AND (%(name)s::text IS NULL OR name = %(name)s)
 ORDER BY minute, engine, name;

-- name: command
SELECT document FROM commands WHERE id = %(id)s AND project_id = %(project_id)s;

-- name: commands
SELECT document FROM commands
 WHERE project_id = %(project_id)s
   AND (issued_at, id) < (%(before_at)s, %(before_id)s)
   AND (%(statuses)s::text[] IS NULL OR status = ANY(%(statuses)s::text[]))
   AND (%(task_id)s::text IS NULL OR task_id = %(task_id)s)
 ORDER BY issued_at DESC, id DESC
 LIMIT %(limit)s;

-- name: open_commands
SELECT document FROM commands
 WHERE status IN ('issued', 'claimed', 'acknowledged')
 ORDER BY issued_at, id;

-- name: reset
TRUNCATE tasks, filings, statistics, statistics_sums, queues, queue_minutes, failure_hours,
         failure_kinds, workers, commands, bulks, accounts, account_lookups;
