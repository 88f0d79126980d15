-- name: known_kinds
SELECT wanted.place
  FROM unnest(%(project)b::integer[], %(fingerprint)b::text[])
       WITH ORDINALITY AS wanted (project, fingerprint, place),
       LATERAL (SELECT FROM {table} AS k
                 WHERE k.project = wanted.project
                   AND k.day = %(day)s
                   AND k.fingerprint = wanted.fingerprint LIMIT 1) AS found;

-- name: count_kinds
SELECT project, count(*) FROM {table}
 WHERE project = ANY(%(projects)s::integer[]) AND day = %(day)s
 GROUP BY project;

-- name: add_kinds
INSERT INTO failure_kinds (project, day, fingerprint, exception, message, place)
SELECT *
  FROM unnest(
           %(project)b::integer[], %(day)b::bigint[], %(fingerprint)b::text[],
           %(exception)b::text[], %(message)b::text[], %(place)b::text[]
       )
ON CONFLICT DO NOTHING;

-- name: spans
SELECT fingerprint, engine, name, hour - hour %% %(step)s AS at, sum(failed)::bigint,
       sum(retried)::bigint, min(first_at), max(last_at)
  FROM failure_hours
 WHERE project = %(project)s AND hour >= %(since)s AND hour < %(until)s
   AND (failed > 0 OR retried > 0)
 GROUP BY fingerprint, engine, name, at
 ORDER BY at, fingerprint, engine, name;

-- name: hours
SELECT hour, fingerprint, engine, name, document FROM failure_hours
 WHERE project = %(project)s AND hour >= %(since)s AND hour < %(until)s
   AND (failed > 0 OR retried > 0);

-- name: kinds
SELECT DISTINCT ON (fingerprint) fingerprint, exception, message, place FROM failure_kinds
 WHERE project = %(project)s AND day >= %(since)s AND day < %(until)s
   AND fingerprint = ANY(%(fingerprints)s::text[])
   AND (exception, message, place) <> ('', '', '');
