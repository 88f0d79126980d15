-- name: lazily
-- Nothing here must survive a crash of the server: every replica says it anew.
SET LOCAL synchronous_commit = off;

-- name: beat
UPDATE replicas SET beat_at = clock_timestamp() WHERE id = %(replica)s RETURNING true;

-- name: join
INSERT INTO replicas (id, name, version, started_at, beat_at)
VALUES (%(replica)s, %(name)s, %(version)s, clock_timestamp(), clock_timestamp())
ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at;

-- name: leave
DELETE FROM replicas WHERE id = %(replica)s;

-- name: now
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;

-- name: replicas
SELECT id, name, version, (extract(epoch FROM started_at) * 1000000)::bigint, (extract(epoch FROM beat_at) * 1000000)::bigint,
       (SELECT count(*) FROM live_sessions AS s WHERE s.replica_id = r.id)
  FROM replicas AS r
 WHERE beat_at >= clock_timestamp() - make_interval(secs => %(seconds)s)
 ORDER BY started_at, id;

-- name: give_up_silent
DELETE FROM replicas WHERE beat_at < clock_timestamp() - make_interval(secs => %(seconds)s);

-- name: register
INSERT INTO live_sessions (opened_at, session_id, replica_id, project_id, agent_id, hello)
VALUES (%(opened_at)s, %(session)s, %(replica)s, %(project)s, %(agent)s, %(hello)s)
ON CONFLICT DO NOTHING;

-- name: unregister
DELETE FROM live_sessions WHERE session_id = %(session)s;

-- name: sessions
SELECT session_id, project_id, agent_id, opened_at, hello
  FROM live_sessions
 WHERE project_id = %(project)s
 ORDER BY opened_at, session_id;

-- name: orphans
SELECT session_id, project_id, agent_id, opened_at, hello
  FROM live_sessions AS s
 WHERE NOT EXISTS (SELECT FROM replicas AS r WHERE r.id = s.replica_id)
 ORDER BY opened_at, session_id
 LIMIT 5000;
