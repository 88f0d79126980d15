-- name: lock
SELECT pg_advisory_xact_lock((%(lock)s::int4[])[1], (%(lock)s::int4[])[2]);

-- name: stream_versions
SELECT stream, max(version) FROM journal WHERE stream = ANY(%(streams)s::text[]) GROUP BY stream;

-- name: count
SELECT count(*) FROM journal;

-- name: last
SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1;

-- name: insert_entries
INSERT INTO journal (seq, stream, version, kind, at, actor, project_id, data, hash)
SELECT *
  FROM unnest(
           %(seq)b::bigint[], %(stream)b::text[], %(version)b::integer[], %(kind)b::text[],
           %(at)b::bigint[], %(actor)b::text[], %(project_id)b::text[], %(data)b::text[],
           %(hash)b::bytea[]
       );

-- name: read_stream
SELECT seq, stream, version, kind, at, actor, project_id, data, hash
  FROM journal WHERE stream = %(stream)s AND version > %(after)s
 ORDER BY version LIMIT %(limit)s;

-- name: follow
SELECT seq, stream, version, kind, at, actor, project_id, data, hash
  FROM journal WHERE seq > %(after)s ORDER BY seq LIMIT %(limit)s;

-- name: audit
SELECT seq, stream, version, kind, at, actor, project_id, data, hash
  FROM journal
 WHERE project_id = %(project_id)s AND seq < %(before)s
   AND (%(actor)s::text IS NULL OR actor = %(actor)s
        OR starts_with(actor, %(actor)s || ':') OR starts_with(actor, %(actor)s || '@'))
   AND (%(kind)s::text IS NULL OR kind = %(kind)s OR starts_with(kind, %(kind)s || '.'))
   AND (%(since)s::bigint IS NULL OR at >= %(since)s)
   AND (%(until)s::bigint IS NULL OR at < %(until)s)
 ORDER BY seq DESC LIMIT %(limit)s;

-- name: load_commands
SELECT document FROM commands WHERE id = ANY(%(ids)s::text[]);

-- name: save_commands
INSERT INTO commands (id, project_id, status, task_id, issued_at, document)
SELECT *
  FROM unnest(
           %(id)b::text[], %(project_id)b::text[], %(status)b::text[], %(task_id)b::text[],
           %(issued_at)b::bigint[], %(document)b::text[]
       )
ON CONFLICT (id, issued_at) DO UPDATE SET status = excluded.status, document = excluded.document;

-- name: load_account
SELECT document FROM accounts WHERE stream = %(stream)s;

-- name: save_account
INSERT INTO accounts (stream, kind, created_at, document)
VALUES (%(stream)s, %(kind)s, %(created_at)s, %(document)s)
ON CONFLICT (stream) DO UPDATE SET document = excluded.document;

-- name: forget_lookups
DELETE FROM account_lookups WHERE stream = %(stream)s;

-- name: save_lookups
INSERT INTO account_lookups (kind, lookup, stream)
SELECT %(kind)s, lookup, %(stream)s FROM unnest(%(lookups)s::text[]) AS lookup;

-- name: account_by_lookup
SELECT document FROM account_lookups AS l JOIN accounts USING (stream)
 WHERE l.kind = %(kind)s AND l.lookup = %(lookup)s;

-- name: account_by_stream
SELECT document FROM accounts WHERE stream = %(stream)s;

-- name: accounts_by_stream
SELECT document FROM accounts WHERE stream = ANY(%(streams)s::text[]);

-- name: accounts_of_kind
SELECT document FROM accounts WHERE kind = %(kind)s ORDER BY created_at, stream;
