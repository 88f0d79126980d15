-- name: task
SELECT engine, task_id, document FROM tasks
 WHERE project = ? AND engine = ? AND task_id = ?;

-- name: running
SELECT engine, task_id, document FROM tasks INDEXED BY tasks_state
 WHERE project = ? AND state = 'started'
   AND (? IS NULL OR worker IN (SELECT value FROM json_each(?)))
 ORDER BY last_event_at, engine, task_id
 LIMIT 1000;

-- name: at_work
SELECT json_group_array(json_array(worker, last_event_at))
  FROM (SELECT coalesce(worker, '') AS worker, last_event_at FROM tasks INDEXED BY tasks_state
         WHERE project = ? AND state = 'started'
         ORDER BY last_event_at, engine, task_id
         LIMIT 1000);

-- name: oldest_waiting
SELECT engine, queue, min(last_event_at) FROM tasks INDEXED BY tasks_state
 WHERE project = ? AND state = 'received' AND queue IS NOT NULL
 GROUP BY engine, queue;

-- name: queues
SELECT engine, queue, depth, depth_at FROM queues WHERE project = ? ORDER BY engine, queue;

-- name: queue_page
-- Ordered by `queue_place`.
SELECT engine, queue, depth, depth_at FROM queues
 WHERE project = :project
   AND (:engine IS NULL OR engine = :engine)
   AND (:queue IS NULL OR queue = :queue)
   AND (:text IS NULL OR instr(lower(queue), lower(:text)) OR instr(lower(engine), lower(:text)))
   AND (coalesce(-depth, 1), engine, queue) > (:after_depth, :after_engine, :after_queue)
 ORDER BY coalesce(-depth, 1), engine, queue
 LIMIT :limit;

-- name: queue
SELECT engine, queue, depth, depth_at FROM queues
 WHERE project = ? AND engine = ? AND queue = ?;

-- name: queue_minutes
SELECT json_group_array(json_array(engine, queue, minute, json(document)))
  FROM (SELECT * FROM queue_minutes
         WHERE project = :project AND minute >= :since AND minute < :until
           AND (:queues IS NULL OR (engine, queue) IN (
                   SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')
                     FROM json_each(:queues)
               ))
         ORDER BY minute, engine, queue);

-- name: statistics
SELECT json_group_array(json_array(engine, name, minute, json(document)))
  FROM (SELECT * FROM statistics
         WHERE project = :project AND minute >= :since AND minute < :until
           AND (:engine IS NULL OR engine = :engine)
           AND (:name IS NULL OR name = :name)
         ORDER BY minute, engine, name);

-- name: command
SELECT document FROM commands WHERE id = ? AND project_id = ?;

-- name: commands
SELECT document FROM commands INDEXED BY commands_newest
 WHERE project_id = :project
   AND (issued_at, id) < (:before_at, :before_id)
   AND (:statuses IS NULL OR status IN (SELECT value FROM json_each(:statuses)))
   AND (:task_id IS NULL OR task_id = :task_id)
 ORDER BY issued_at DESC, id DESC
 LIMIT :limit;

-- name: open_commands
SELECT document FROM commands
 WHERE status IN ('issued', 'claimed', 'acknowledged')
 ORDER BY issued_at, id;

-- name: reset
DELETE FROM tasks;
DELETE FROM statistics;
DELETE FROM statistics_sums;
DELETE FROM queues;
DELETE FROM queue_minutes;
DELETE FROM failure_hours;
DELETE FROM failure_kinds;
DELETE FROM workers;
DELETE FROM commands;
DELETE FROM bulks;
DELETE FROM accounts;
DELETE FROM account_lookups;
