-- name: encoding
SHOW server_encoding;

-- name: no_timeouts
SET LOCAL statement_timeout = 0;

-- name: lock
SELECT pg_advisory_xact_lock((%(lock)s::int4[])[1], (%(lock)s::int4[])[2]);

-- name: create_versions
CREATE TABLE IF NOT EXISTS schema_versions (
    version    integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: version
SELECT coalesce(max(version), 0) FROM schema_versions;

-- name: record
INSERT INTO schema_versions (version) VALUES (%(version)s);

-- name: follow_a_restored_log
-- A copy in another cluster, which counts transactions anew: batches must go on rising.
UPDATE event_clock
   SET cluster = here.system_identifier,
       base = greatest(base, (SELECT coalesce(max(batch), 0) FROM events)
                             + 1 - pg_current_xact_id()::text::bigint)
  FROM pg_control_system() AS here
 WHERE cluster <> here.system_identifier;
