-- name: stream_version
SELECT coalesce(max(version), 0) FROM journal WHERE stream = ?;

-- name: stream_versions
SELECT json_group_object(wanted.value, (
           SELECT coalesce(max(j.version), 0) FROM journal AS j WHERE j.stream = wanted.value
       ))
  FROM json_each(?) AS wanted;

-- name: last_hash
SELECT hash FROM journal ORDER BY seq DESC LIMIT 1;

-- name: count
SELECT count(*) FROM journal;

-- name: last_seq
SELECT coalesce(max(seq), 0) FROM journal;

-- name: insert_entries
INSERT INTO journal (seq, stream, version, kind, at, actor, project_id, data, hash)
VALUES /* rows */;

-- name: read_stream
SELECT seq, stream, version, kind, at, actor, project_id, data, hash
  FROM journal WHERE stream = ? AND version > ? ORDER BY version LIMIT ?;

-- name: follow
SELECT seq, stream, version, kind, at, actor, project_id, data, hash
  FROM journal WHERE seq > ? ORDER BY seq LIMIT ?;

-- name: audit
SELECT seq, stream, version, kind, at, actor, project_id, data, hash
  FROM journal
 WHERE project_id = :project_id AND seq < :before
   AND (:actor IS NULL OR actor = :actor
        OR substr(actor, 1, length(:actor) + 1) IN (:actor || ':', :actor || '@'))
   AND (:kind IS NULL OR kind = :kind OR substr(kind, 1, length(:kind) + 1) = :kind || '.')
   AND (:since IS NULL OR at >= :since)
   AND (:until IS NULL OR at < :until)
 ORDER BY seq DESC LIMIT :limit;

-- name: load_commands
SELECT json_group_array(json(c.document))
  FROM json_each(?) AS wanted
  JOIN commands AS c ON c.id = wanted.value;

-- name: save_commands
INSERT INTO commands (id, project_id, status, task_id, issued_at, document)
VALUES /* rows */
ON CONFLICT (id) DO UPDATE SET status = excluded.status, document = excluded.document;

-- name: load_account
SELECT document FROM accounts WHERE stream = ?;

-- name: save_account
INSERT INTO accounts (stream, kind, created_at, document) VALUES (?, ?, ?, ?)
ON CONFLICT (stream) DO UPDATE SET document = excluded.document;

-- name: forget_lookups
DELETE FROM account_lookups WHERE stream = ?;

-- name: save_lookup
INSERT INTO account_lookups (kind, lookup, stream) VALUES (?, ?, ?);

-- name: account_by_lookup
SELECT document FROM account_lookups AS l JOIN accounts USING (stream)
 WHERE l.kind = ? AND l.lookup = ?;

-- name: account_by_stream
SELECT document FROM accounts WHERE stream = ?;

-- name: accounts_by_stream
SELECT json_group_array(json(document))
  FROM accounts WHERE stream IN (SELECT value FROM json_each(?));

-- name: accounts_of_kind
SELECT document FROM accounts WHERE kind = ? ORDER BY created_at, stream;
