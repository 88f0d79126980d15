-- A search is what is wanted, one of the beginnings, some of the conditions, and the end. Parameters are bound in the
-- order of the parts; no part ever holds a value.

-- name: tasks
SELECT engine, task_id, document

-- name: items
SELECT engine, task_id, state, last_event_at

-- name: from_newest
FROM tasks INDEXED BY tasks_newest
 WHERE project = ? AND last_event_at >= ? AND last_event_at <= ?

-- name: from_state
FROM tasks INDEXED BY tasks_state
 WHERE project = ? AND state = ? AND last_event_at >= ? AND last_event_at <= ?

-- name: from_name
FROM tasks INDEXED BY tasks_name
 WHERE project = ? AND name = ? AND last_event_at >= ? AND last_event_at <= ?

-- name: from_id
FROM tasks INDEXED BY tasks_id
 WHERE project = ? AND task_id = ? AND last_event_at >= ? AND last_event_at <= ?

-- name: from_fingerprint
FROM tasks INDEXED BY tasks_fingerprint
 WHERE project = ? AND fingerprint = ? AND last_event_at >= ? AND last_event_at <= ?

-- name: floor_newest
SELECT last_event_at FROM tasks INDEXED BY tasks_newest
 WHERE project = ? AND last_event_at >= ? AND last_event_at <= ?
 ORDER BY last_event_at DESC LIMIT 1 OFFSET ?;

-- name: floor_state
SELECT last_event_at FROM tasks INDEXED BY tasks_state
 WHERE project = ? AND state = ? AND last_event_at >= ? AND last_event_at <= ?
 ORDER BY last_event_at DESC LIMIT 1 OFFSET ?;

-- name: floor_name
SELECT last_event_at FROM tasks INDEXED BY tasks_name
 WHERE project = ? AND name = ? AND last_event_at >= ? AND last_event_at <= ?
 ORDER BY last_event_at DESC LIMIT 1 OFFSET ?;

-- name: floor_fingerprint
SELECT last_event_at FROM tasks INDEXED BY tasks_fingerprint
 WHERE project = ? AND fingerprint = ? AND last_event_at >= ? AND last_event_at <= ?
 ORDER BY last_event_at DESC LIMIT 1 OFFSET ?;

-- name: before
(last_event_at < ? OR (engine, task_id) < (?, ?))

-- name: not
NOT

-- name: state_is
(state IN (SELECT value FROM json_each(?)))

-- name: id_is
(task_id IN (SELECT value FROM json_each(?)))

-- name: id_like
EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE task_id GLOB wanted.value)

-- name: name_is
(name IN (SELECT value FROM json_each(?)))

-- name: name_like
EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE name GLOB wanted.value)

-- name: engine_is
(engine IN (SELECT value FROM json_each(?)))

-- name: engine_like
EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE engine GLOB wanted.value)

-- name: queue_is
((queue IN (SELECT value FROM json_each(?))) IS TRUE)

-- name: queue_like
EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE queue GLOB wanted.value)

-- name: worker_is
((worker IN (SELECT value FROM json_each(?))) IS TRUE)

-- name: worker_like
EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE worker GLOB wanted.value)

-- name: fingerprint_is
((fingerprint IN (SELECT value FROM json_each(?))) IS TRUE)

-- name: fingerprint_like
EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE fingerprint GLOB wanted.value)

-- name: in_document
EXISTS (SELECT 1 FROM json_each(?) AS needle WHERE instr(lower(document), needle.value))

-- name: in_id_or_document
(EXISTS (SELECT 1 FROM json_each(?) AS said WHERE instr(lower(task_id), said.value))
 OR EXISTS (SELECT 1 FROM json_each(?) AS needle WHERE instr(lower(document), needle.value)))

-- name: end
ORDER BY last_event_at DESC, engine DESC, task_id DESC LIMIT ?

-- name: tasks_as_json
SELECT json_group_array(json_array(engine, task_id, json(document))) FROM

-- name: items_as_json
SELECT json_group_array(json_array(engine, task_id, state, last_event_at)) FROM

-- name: children
SELECT engine, task_id, document FROM tasks INDEXED BY tasks_parent
 WHERE project = ? AND parent = ? AND engine = ?
 ORDER BY last_event_at DESC, task_id DESC LIMIT ?;

-- name: told
-- `column` is one of state, name and worker (task_selection.py).
SELECT json_group_array(json_array(t.engine, t.task_id, t.{column}))
  FROM json_each(?) AS wanted
  JOIN tasks AS t INDEXED BY tasks_id
    ON t.project = ?
   AND t.task_id = json_extract(wanted.value, '$[1]')
   AND t.engine = json_extract(wanted.value, '$[0]');

-- name: newest_failed
SELECT t.engine, t.task_id, t.document
  FROM json_each(?) AS wanted
  JOIN tasks AS t
    ON t.rowid = (SELECT newest.rowid FROM tasks AS newest INDEXED BY tasks_fingerprint
                   WHERE newest.project = ? AND newest.fingerprint = wanted.value
                   ORDER BY last_event_at DESC, engine DESC, task_id DESC LIMIT 1);
