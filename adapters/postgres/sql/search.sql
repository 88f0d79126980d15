-- A search is what is wanted, one of the beginnings, some of the conditions, and the end. Parameters are bound in the
-- order of the parts; no part ever holds a value.

-- name: tasks
SELECT engine, task_id, document

-- name: items
SELECT engine, task_id, state, last_event_at

-- name: from_newest
FROM tasks
 WHERE state <> '' AND project = %s AND last_event_at >= %s AND last_event_at <= %s

-- name: from_state
FROM tasks
 WHERE state <> '' AND project = %s AND state = %s AND last_event_at >= %s AND last_event_at <= %s

-- name: from_name
FROM tasks
 WHERE state <> '' AND project = %s AND name = %s AND last_event_at >= %s AND last_event_at <= %s

-- name: from_id
FROM tasks
 WHERE state <> '' AND project = %s AND task_id = %s AND last_event_at >= %s AND last_event_at <= %s

-- name: from_fingerprint
FROM tasks
 WHERE state <> '' AND project = %s AND fingerprint = %s
   AND last_event_at >= %s AND last_event_at <= %s

-- name: floor_newest
SELECT last_event_at FROM tasks
 WHERE state <> '' AND project = %s AND last_event_at >= %s AND last_event_at <= %s
 ORDER BY last_event_at DESC LIMIT 1 OFFSET %s;

-- name: floor_state
SELECT last_event_at FROM tasks
 WHERE state <> '' AND project = %s AND state = %s AND last_event_at >= %s AND last_event_at <= %s
 ORDER BY last_event_at DESC LIMIT 1 OFFSET %s;

-- name: floor_name
SELECT last_event_at FROM tasks
 WHERE state <> '' AND project = %s AND name = %s AND last_event_at >= %s AND last_event_at <= %s
 ORDER BY last_event_at DESC LIMIT 1 OFFSET %s;

-- name: floor_fingerprint
SELECT last_event_at FROM tasks
 WHERE state <> '' AND project = %s AND fingerprint = %s
   AND last_event_at >= %s AND last_event_at <= %s
 ORDER BY last_event_at DESC LIMIT 1 OFFSET %s;

-- name: before
(last_event_at < %s OR (engine, task_id) < (%s, %s))

-- name: not
NOT

-- name: state_is
(state = ANY(%s::text[]))

-- name: id_is
(task_id = ANY(%s::text[]))

-- name: id_like
(task_id LIKE ANY(%s::text[]))

-- name: name_is
(name = ANY(%s::text[]))

-- name: name_like
(name LIKE ANY(%s::text[]))

-- name: engine_is
(engine = ANY(%s::text[]))

-- name: engine_like
(engine LIKE ANY(%s::text[]))

-- name: queue_is
((queue = ANY(%s::text[])) IS TRUE)

-- name: queue_like
((queue LIKE ANY(%s::text[])) IS TRUE)

-- name: worker_is
((worker = ANY(%s::text[])) IS TRUE)

-- name: worker_like
((worker LIKE ANY(%s::text[])) IS TRUE)

-- name: fingerprint_is
((fingerprint = ANY(%s::text[])) IS TRUE)

-- name: fingerprint_like
((fingerprint LIKE ANY(%s::text[])) IS TRUE)

-- name: in_document
EXISTS (SELECT FROM unnest(%s::text[]) AS needle WHERE strpos(lower(document), needle) > 0)

-- name: in_id_or_document
(EXISTS (SELECT FROM unnest(%s::text[]) AS said WHERE strpos(lower(task_id), said) > 0)
 OR EXISTS (SELECT FROM unnest(%s::text[]) AS needle WHERE strpos(lower(document), needle) > 0))

-- name: end
ORDER BY last_event_at DESC, engine DESC, task_id DESC LIMIT %s

-- name: children
SELECT engine, task_id, document FROM tasks
 WHERE state <> '' AND project = %(project)s AND parent = %(parent)s AND engine = %(engine)s
 ORDER BY last_event_at DESC, task_id DESC LIMIT %(limit)s;

-- name: told
-- `column` is one of state, name and worker (task_selection.py).
SELECT t.engine, t.task_id, t.{column}
  FROM unnest(%(engine)b::text[], %(task_id)b::text[]) AS wanted (engine, task_id)
  JOIN tasks AS t USING (engine, task_id)
 WHERE t.project = %(project)s AND t.state <> '';

-- name: newest_failed
SELECT found.engine, found.task_id, found.document
  FROM unnest(%(fingerprints)s::text[]) AS wanted (fingerprint),
       LATERAL (SELECT engine, task_id, document FROM tasks AS t
                 WHERE t.state <> ''
                   AND t.project = %(project)s
                   AND t.fingerprint = wanted.fingerprint
                 ORDER BY last_event_at DESC, engine DESC, task_id DESC LIMIT 1) AS found;
