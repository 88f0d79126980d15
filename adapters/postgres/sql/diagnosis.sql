-- name: server
SELECT current_setting('server_version_num')::integer, current_setting('server_version'),
       current_setting('server_encoding'), pg_is_in_recovery(),
       (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;

-- name: durability
SELECT current_setting('fsync'), current_setting('synchronous_commit'),
       current_setting('full_page_writes');

-- name: connections
SELECT current_setting('max_connections')::integer
       - current_setting('superuser_reserved_connections')::integer,
       (SELECT count(*)::integer FROM pg_stat_activity WHERE backend_type = 'client backend');

-- name: schema
SELECT to_regclass('schema_versions') IS NOT NULL;

-- name: version
SELECT coalesce(max(version), 0) FROM schema_versions;

-- name: rights
-- Partitions are made and dropped by whoever owns the tables.
SELECT has_schema_privilege(current_schema(), 'CREATE'),
       pg_has_role((SELECT relowner FROM pg_class WHERE oid = 'events'::regclass), 'USAGE');

-- name: rights_before
SELECT has_schema_privilege(current_schema(), 'CREATE');

-- name: partitions
-- Days ahead of today that have a partition of events, partitions whose detaching was interrupted, and
-- the oldest day.
SELECT coalesce(max(to_date(substr(c.relname, length('events_') + 1), 'YYYYMMDD'))
                - (now() AT TIME ZONE 'UTC')::date, -1),
       count(*) FILTER (WHERE i.inhdetachpending),
       min(to_date(substr(c.relname, length('events_') + 1), 'YYYYMMDD')) - date '1970-01-01'
  FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
 WHERE i.inhparent = 'events'::regclass;

-- name: locks
SELECT current_setting('max_locks_per_transaction')::integer,
       current_setting('max_connections')::integer
       + current_setting('max_prepared_transactions')::integer;

-- name: locks_of_partitions
-- What the newest partition of each table takes: itself, its indexes, what is too long for its rows.
SELECT DISTINCT ON (p.relname) p.relname,
       1 + (SELECT count(*)::integer FROM pg_index WHERE indrelid = c.oid)
         + CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE 2 END
  FROM pg_inherits AS i
  JOIN pg_class AS c ON c.oid = i.inhrelid
  JOIN pg_class AS p ON p.oid = i.inhparent
 WHERE p.oid = ANY((%(tables)s::text[])::regclass[])
 ORDER BY p.relname, c.relname DESC;

-- name: replay_lag
SELECT coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0)::float8;
