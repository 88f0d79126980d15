-- What a fold reads and writes. Each read gives one row, a JSON text made by SQLite: stepping through
-- many rows would hand the interpreter's lock back and forth for each of them (see statements.py).

-- name: load_tasks
SELECT json_group_array(json_array(t.project, t.engine, t.task_id, json(t.document)))
  FROM json_each(?) AS wanted
  JOIN tasks AS t
    ON t.project = json_extract(wanted.value, '$[0]')
   AND t.engine = json_extract(wanted.value, '$[1]')
   AND t.task_id = json_extract(wanted.value, '$[2]');

-- name: save_tasks
INSERT INTO tasks
    (project, engine, task_id, state, name, queue, worker, parent, fingerprint, last_event_at, document)
VALUES /* rows */
ON CONFLICT (project, engine, task_id) DO UPDATE
   SET state = excluded.state,
       name = excluded.name,
       queue = excluded.queue,
       worker = excluded.worker,
       parent = excluded.parent,
       fingerprint = excluded.fingerprint,
       last_event_at = excluded.last_event_at,
       document = excluded.document;

-- name: load_statistics
SELECT json_group_array(json_array(s.project, s.engine, s.name, s.minute, json(s.document)))
  FROM json_each(?) AS wanted
  JOIN statistics AS s
    ON s.project = json_extract(wanted.value, '$[0]')
   AND s.engine = json_extract(wanted.value, '$[1]')
   AND s.name = json_extract(wanted.value, '$[2]')
   AND s.minute = json_extract(wanted.value, '$[3]');

-- name: save_statistics
INSERT INTO statistics (project, engine, name, minute, document)
VALUES /* rows */
ON CONFLICT (project, minute, engine, name) DO UPDATE SET document = excluded.document;

-- name: load_queue_minutes
SELECT json_group_array(json_array(m.project, m.engine, m.queue, m.minute, json(m.document)))
  FROM json_each(?) AS wanted
  JOIN queue_minutes AS m
    ON m.project = json_extract(wanted.value, '$[0]')
   AND m.engine = json_extract(wanted.value, '$[1]')
   AND m.queue = json_extract(wanted.value, '$[2]')
   AND m.minute = json_extract(wanted.value, '$[3]');

-- name: save_queue_minutes
INSERT INTO queue_minutes (project, engine, queue, minute, document)
VALUES /* rows */
ON CONFLICT (project, minute, engine, queue) DO UPDATE SET document = excluded.document;

-- name: save_queues
-- The latest measurement stands; of two at one time the higher (domain: Queue.measure).
INSERT INTO queues (project, engine, queue, depth, depth_at)
VALUES /* rows */
ON CONFLICT (project, engine, queue) DO UPDATE
   SET depth = excluded.depth, depth_at = excluded.depth_at
 WHERE excluded.depth IS NOT NULL
   AND (excluded.depth_at > depth_at
        OR (excluded.depth_at = depth_at AND excluded.depth > coalesce(depth, -1)));

-- name: load_health
SELECT json_group_array(json_array(h.project_id, h.agent_id, h.worker_id, json(h.document)))
  FROM json_each(?) AS wanted
  JOIN worker_health AS h
    ON h.project_id = json_extract(wanted.value, '$[0]')
   AND h.agent_id = json_extract(wanted.value, '$[1]')
   AND h.worker_id = json_extract(wanted.value, '$[2]');

-- name: save_health
INSERT INTO worker_health (project_id, agent_id, worker_id, node, lost, document)
VALUES /* rows */
ON CONFLICT (project_id, agent_id, worker_id) DO UPDATE
   SET node = excluded.node, lost = excluded.lost, document = excluded.document;
