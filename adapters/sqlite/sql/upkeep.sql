-- name: prune_events
-- The oldest come first: where the first one is young, nothing is read.
DELETE FROM events WHERE seq IN (
    SELECT seq FROM (SELECT seq, received_at FROM events ORDER BY seq LIMIT :slice)
     WHERE received_at < :before
);

-- name: prune_tasks
DELETE FROM tasks WHERE rowid IN (
    SELECT t.rowid FROM project_numbers AS p JOIN tasks AS t ON t.project = p.number
     WHERE t.last_event_at < :before LIMIT :slice
);

-- name: prune_workers
-- Each start of a process may be a worker of its own.
DELETE FROM workers WHERE (project_id, agent_id, worker_id) IN (
    SELECT project_id, agent_id, worker_id FROM workers
     WHERE left_at < :before LIMIT :slice
);

-- name: prune_worker_health
DELETE FROM worker_health WHERE (project_id, agent_id, worker_id) IN (
    SELECT project_id, agent_id, worker_id FROM worker_health AS h
     WHERE NOT EXISTS (
        SELECT 1 FROM workers AS w
         WHERE (w.project_id, w.agent_id, w.worker_id) = (h.project_id, h.agent_id, h.worker_id)
     ) LIMIT :slice
);

-- name: prune_commands
DELETE FROM commands WHERE rowid IN (
    SELECT rowid FROM commands WHERE issued_at < :before
       AND status NOT IN ('issued', 'claimed', 'acknowledged') LIMIT :slice
);

-- name: prune_statistics
DELETE FROM statistics WHERE (project, minute, engine, name) IN (
    SELECT s.project, s.minute, s.engine, s.name
      FROM project_numbers AS p JOIN statistics AS s ON s.project = p.number
     WHERE s.minute < :before LIMIT :slice
);

-- name: prune_queue_minutes
DELETE FROM queue_minutes WHERE (project, minute, engine, queue) IN (
    SELECT m.project, m.minute, m.engine, m.queue
      FROM project_numbers AS p JOIN queue_minutes AS m ON m.project = p.number
     WHERE m.minute < :before LIMIT :slice
);

-- name: unseen_queues
SELECT project, engine, queue FROM queues WHERE depth_at < :before
EXCEPT
SELECT project, engine, queue FROM queue_minutes;

-- name: prune_queue
-- Unless it was measured meanwhile. One that was merely named comes back with its next task.
DELETE FROM queues
 WHERE project = :project AND engine = :engine AND queue = :queue AND depth_at < :before;

-- name: prune_statistics_sums
DELETE FROM statistics_sums WHERE (project, whole, length, start, engine, name) IN (
    SELECT s.project, s.whole, s.length, s.start, s.engine, s.name
      FROM project_numbers AS p
      CROSS JOIN (VALUES (0), (1)) AS whole
      CROSS JOIN json_each(:lengths) AS of
      CROSS JOIN statistics_sums AS s
     WHERE s.project = p.number AND s.whole = whole.column1 AND s.length = of.value
       AND s.start < :before LIMIT :slice
);

-- name: prune_failure_hours
DELETE FROM failure_hours WHERE (project, hour, fingerprint, engine, name) IN (
    SELECT h.project, h.hour, h.fingerprint, h.engine, h.name
      FROM project_numbers AS p JOIN failure_hours AS h ON h.project = p.number
     WHERE h.hour < :before LIMIT :slice
);

-- name: prune_failure_kinds
DELETE FROM failure_kinds WHERE (project, day, fingerprint) IN (
    SELECT k.project, k.day, k.fingerprint
      FROM project_numbers AS p JOIN failure_kinds AS k ON k.project = p.number
     WHERE k.day < :before LIMIT :slice
);

-- name: oldest
-- Each is the first entry of an index, once for each project.
WITH RECURSIVE ordering (project_id) AS (
    SELECT min(project_id) FROM commands
    UNION ALL
    SELECT (SELECT min(c.project_id) FROM commands AS c WHERE c.project_id > o.project_id)
      FROM ordering AS o WHERE o.project_id IS NOT NULL
)
SELECT 'events', (SELECT received_at FROM events ORDER BY seq LIMIT 1)
UNION ALL
SELECT 'tasks', min((SELECT min(t.last_event_at) FROM tasks AS t WHERE t.project = p.number))
  FROM project_numbers AS p
UNION ALL
SELECT 'commands', min((SELECT min(c.issued_at) FROM commands AS c WHERE c.project_id = o.project_id))
  FROM ordering AS o
UNION ALL
SELECT 'statistics', min(least) FROM (
    SELECT (SELECT min(s.minute) FROM statistics AS s WHERE s.project = p.number) AS least
      FROM project_numbers AS p
    UNION ALL
    SELECT (SELECT min(m.minute) FROM queue_minutes AS m WHERE m.project = p.number)
      FROM project_numbers AS p
);
