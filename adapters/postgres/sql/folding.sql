-- What a fold reads and writes. Rows are claimed first: those that are not there yet are inserted
-- empty, in the order of keys, then all are locked in the same order, then folded and saved. So no two
-- writers wait in a circle, and none overwrites what the other did. Tasks are claimed by their filings.
-- A load looks up key by key, whatever the planner believes of a table that grows quickly.

-- name: file_together
SELECT pg_advisory_xact_lock_shared((%(lock)s::int4[])[1], (%(lock)s::int4[])[2]);

-- name: file_alone
SELECT pg_advisory_xact_lock((%(lock)s::int4[])[1], (%(lock)s::int4[])[2]);

-- name: find_filings
-- The oldest day of a hash first.
SELECT wanted.place, found.filed_at
  FROM unnest(%(hash)b::bigint[]) WITH ORDINALITY AS wanted (hash, place),
       LATERAL (SELECT filed_at FROM filings AS f WHERE f.hash = wanted.hash OFFSET 0) AS found
 ORDER BY found.filed_at;

-- name: file
-- What is there already is locked all the same.
INSERT INTO filings (hash, filed_at)
SELECT * FROM unnest(%(hash)b::bigint[], %(filed_at)b::bigint[])
ON CONFLICT (hash, filed_at) DO UPDATE SET hash = excluded.hash;

-- name: load_tasks
SELECT wanted.place, found.document
  FROM unnest(%(project)b::integer[], %(engine)b::text[], %(task_id)b::text[],
              %(filed_at)b::bigint[])
       WITH ORDINALITY AS wanted (project, engine, task_id, filed_at, place),
       LATERAL (SELECT document FROM {table} AS t
                 WHERE t.project = wanted.project
                   AND t.engine = wanted.engine
                   AND t.task_id = wanted.task_id
                   AND t.filed_at = wanted.filed_at
                   FOR UPDATE) AS found
 WHERE found.document <> '';

-- name: save_tasks
INSERT INTO tasks
    (project, engine, task_id, filed_at, state, name, queue, worker, parent, fingerprint,
     last_event_at, document)
SELECT *
  FROM unnest(
           %(project)b::integer[], %(engine)b::text[], %(task_id)b::text[], %(filed_at)b::bigint[],
           %(state)b::text[], %(name)b::text[], %(queue)b::text[], %(worker)b::text[],
           %(parent)b::text[], %(fingerprint)b::text[], %(last_event_at)b::bigint[], %(document)b::text[]
       )
ON CONFLICT (project, task_id, engine, filed_at) DO UPDATE
   SET state = excluded.state,
       name = excluded.name,
       queue = excluded.queue,
       worker = excluded.worker,
       parent = excluded.parent,
       fingerprint = excluded.fingerprint,
       last_event_at = excluded.last_event_at,
       document = excluded.document;

-- name: claim_statistics
INSERT INTO statistics (project, minute, engine, name, document)
SELECT project, minute, engine, name, ''
  FROM unnest(%(project)b::integer[], %(minute)b::bigint[], %(engine)b::text[], %(name)b::text[])
       AS wanted (project, minute, engine, name)
ON CONFLICT DO NOTHING;

-- name: load_statistics
SELECT wanted.place, found.document
  FROM unnest(%(project)b::integer[], %(minute)b::bigint[], %(engine)b::text[], %(name)b::text[])
       WITH ORDINALITY AS wanted (project, minute, engine, name, place),
       LATERAL (SELECT document FROM {table} AS s
                 WHERE s.project = wanted.project
                   AND s.minute = wanted.minute
                   AND s.engine = wanted.engine
                   AND s.name = wanted.name
                   FOR UPDATE) AS found
 WHERE found.document <> '';

-- name: save_statistics
INSERT INTO statistics (project, minute, engine, name, document)
SELECT *
  FROM unnest(
           %(project)b::integer[], %(minute)b::bigint[], %(engine)b::text[], %(name)b::text[],
           %(document)b::text[]
       )
ON CONFLICT (project, minute, engine, name) DO UPDATE SET document = excluded.document;

-- name: claim_queue_minutes
INSERT INTO queue_minutes (project, minute, engine, queue, document)
SELECT project, minute, engine, queue, ''
  FROM unnest(%(project)b::integer[], %(minute)b::bigint[], %(engine)b::text[], %(queue)b::text[])
       AS wanted (project, minute, engine, queue)
ON CONFLICT DO NOTHING;

-- name: load_queue_minutes
SELECT wanted.place, found.document
  FROM unnest(%(project)b::integer[], %(minute)b::bigint[], %(engine)b::text[], %(queue)b::text[])
       WITH ORDINALITY AS wanted (project, minute, engine, queue, place),
       LATERAL (SELECT document FROM {table} AS m
                 WHERE m.project = wanted.project
                   AND m.minute = wanted.minute
                   AND m.engine = wanted.engine
                   AND m.queue = wanted.queue
                   FOR UPDATE) AS found
 WHERE found.document <> '';

-- name: save_queue_minutes
INSERT INTO queue_minutes (project, minute, engine, queue, document)
SELECT *
  FROM unnest(
           %(project)b::integer[], %(minute)b::bigint[], %(engine)b::text[], %(queue)b::text[],
           %(document)b::text[]
       )
ON CONFLICT (project, minute, engine, queue) DO UPDATE SET document = excluded.document;

-- name: claim_failure_hours
INSERT INTO failure_hours
    (project, hour, fingerprint, engine, name, failed, retried, first_at, last_at, document)
SELECT project, hour, fingerprint, engine, name, 0, 0, 0, 0, ''
  FROM unnest(%(project)b::integer[], %(hour)b::bigint[], %(fingerprint)b::text[],
              %(engine)b::text[], %(name)b::text[])
       AS wanted (project, hour, fingerprint, engine, name)
ON CONFLICT DO NOTHING;

-- name: load_failure_hours
SELECT wanted.place, found.document
  FROM unnest(%(project)b::integer[], %(hour)b::bigint[], %(fingerprint)b::text[],
              %(engine)b::text[], %(name)b::text[])
       WITH ORDINALITY AS wanted (project, hour, fingerprint, engine, name, place),
       LATERAL (SELECT document FROM {table} AS h
                 WHERE h.project = wanted.project
                   AND h.hour = wanted.hour
                   AND h.fingerprint = wanted.fingerprint
                   AND h.engine = wanted.engine
                   AND h.name = wanted.name
                   FOR UPDATE) AS found
 WHERE found.document <> '';

-- name: save_failure_hours
INSERT INTO failure_hours
    (project, hour, fingerprint, engine, name, failed, retried, first_at, last_at, document)
SELECT *
  FROM unnest(
           %(project)b::integer[], %(hour)b::bigint[], %(fingerprint)b::text[],
           %(engine)b::text[], %(name)b::text[], %(failed)b::bigint[], %(retried)b::bigint[],
           %(first_at)b::bigint[], %(last_at)b::bigint[], %(document)b::text[]
       )
ON CONFLICT (project, hour, fingerprint, engine, name) DO UPDATE
   SET failed = excluded.failed,
       retried = excluded.retried,
       first_at = excluded.first_at,
       last_at = excluded.last_at,
       document = excluded.document;

-- name: save_queues
-- The latest measurement stands; of two at one time the higher (domain: Queue.measure). A queue that is
-- merely named is not touched again: an upsert would lock it, even where it changes nothing.
INSERT INTO queues AS stored (project, engine, queue, depth, depth_at)
SELECT *
  FROM unnest(
           %(project)b::integer[], %(engine)b::text[], %(queue)b::text[], %(depth)b::bigint[],
           %(depth_at)b::bigint[]
       ) AS named (project, engine, queue, depth, depth_at)
 WHERE depth IS NOT NULL
    OR NOT EXISTS (SELECT FROM queues AS q
                    WHERE q.project = named.project
                      AND q.engine = named.engine
                      AND q.queue = named.queue)
ON CONFLICT (project, engine, queue) DO UPDATE
   SET depth = excluded.depth, depth_at = excluded.depth_at
 WHERE excluded.depth IS NOT NULL
   AND (excluded.depth_at > stored.depth_at
        OR (excluded.depth_at = stored.depth_at AND excluded.depth > coalesce(stored.depth, -1)));

-- name: claim_health
INSERT INTO worker_health (project_id, agent_id, worker_id, document)
SELECT project_id, agent_id, worker_id, ''
  FROM unnest(%(project_id)b::text[], %(agent_id)b::text[], %(worker_id)b::text[])
       AS wanted (project_id, agent_id, worker_id)
ON CONFLICT DO NOTHING;

-- name: load_health
SELECT wanted.place, found.document
  FROM unnest(%(project_id)b::text[], %(agent_id)b::text[], %(worker_id)b::text[])
       WITH ORDINALITY AS wanted (project_id, agent_id, worker_id, place),
       LATERAL (SELECT document FROM worker_health AS h
                 WHERE h.project_id = wanted.project_id
                   AND h.agent_id = wanted.agent_id
                   AND h.worker_id = wanted.worker_id
                   FOR UPDATE) AS found
 WHERE found.document <> '';

-- name: save_health
INSERT INTO worker_health (project_id, agent_id, worker_id, node, lost, document)
SELECT *
  FROM unnest(
           %(project_id)b::text[], %(agent_id)b::text[], %(worker_id)b::text[],
           %(node)b::text[], %(lost)b::bigint[], %(document)b::text[]
       )
ON CONFLICT (project_id, agent_id, worker_id) DO UPDATE
   SET node = excluded.node, lost = excluded.lost, document = excluded.document;
