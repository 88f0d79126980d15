-- name: number_project
INSERT INTO project_numbers (project_id) VALUES (?) ON CONFLICT DO NOTHING;

-- name: project_number
SELECT number FROM project_numbers WHERE project_id = ?;

-- name: project_numbers
SELECT number, project_id FROM project_numbers;

-- name: insert_events
INSERT OR IGNORE INTO events
    (project, id, kind, engine, task_id, occurred_at, received_at, data)
VALUES /* rows */;

-- name: last_events
SELECT json_group_array(project || ':' || lower(hex(id)))
  FROM (SELECT project, id FROM events ORDER BY seq DESC LIMIT ?);

-- name: read_events
SELECT seq, project, id, kind, engine, task_id, occurred_at, received_at, data
  FROM events
 WHERE project = :project
   AND seq > :after
   AND (:kind IS NULL OR kind = :kind)
   AND (:engine IS NULL OR engine = :engine)
   AND (:task_id IS NULL OR task_id = :task_id)
   AND (:since IS NULL OR occurred_at >= :since)
   AND (:until IS NULL OR occurred_at < :until)
 ORDER BY seq
 LIMIT :limit;

-- name: read_events_backwards
SELECT seq, project, id, kind, engine, task_id, occurred_at, received_at, data
  FROM events
 WHERE project = :project
   AND seq < :after
   AND (:kind IS NULL OR kind = :kind)
   AND (:engine IS NULL OR engine = :engine)
   AND (:task_id IS NULL OR task_id = :task_id)
   AND (:since IS NULL OR occurred_at >= :since)
   AND (:until IS NULL OR occurred_at < :until)
 ORDER BY seq DESC
 LIMIT :limit;

-- name: read_events_of_task
SELECT seq, project, id, kind, engine, task_id, occurred_at, received_at, data
  FROM events INDEXED BY events_task
 WHERE project = :project AND engine = :engine AND task_id = :task_id AND task_id <> ''
   AND seq > :after
   AND (:kind IS NULL OR kind = :kind)
   AND (:since IS NULL OR occurred_at >= :since)
   AND (:until IS NULL OR occurred_at < :until)
 ORDER BY seq
 LIMIT :limit;

-- name: read_events_of_task_backwards
SELECT seq, project, id, kind, engine, task_id, occurred_at, received_at, data
  FROM events INDEXED BY events_task
 WHERE project = :project AND engine = :engine AND task_id = :task_id AND task_id <> ''
   AND seq < :after
   AND (:kind IS NULL OR kind = :kind)
   AND (:since IS NULL OR occurred_at >= :since)
   AND (:until IS NULL OR occurred_at < :until)
 ORDER BY seq DESC
 LIMIT :limit;

-- name: scan_events
SELECT seq, project, id, kind, engine, task_id, occurred_at, received_at, data
  FROM events
 WHERE seq > ?
 ORDER BY seq
 LIMIT ?;

-- name: count_events
-- Roughly: the numbers of copies are left out, and pruning takes from the beginning.
SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM events;
