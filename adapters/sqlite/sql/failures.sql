-- Each read gives one row, a JSON text made by SQLite (see statements.py).

-- name: kinds_of_days
SELECT json_group_array(json_array(
           json_extract(wanted.value, '$[0]'),
           json_extract(wanted.value, '$[1]'),
           (SELECT json_group_array(fingerprint) FROM failure_kinds AS k
             WHERE k.project = json_extract(wanted.value, '$[0]')
               AND k.day = json_extract(wanted.value, '$[1]'))))
  FROM json_each(?) AS wanted;

-- name: add_kinds
INSERT INTO failure_kinds (project, day, fingerprint, exception, message, place)
VALUES /* rows */;

-- name: load_hours
SELECT json_group_array(json_array(h.project, h.hour, h.fingerprint, h.engine, h.name,
                                   json(h.document)))
  FROM json_each(?) AS wanted
  JOIN failure_hours AS h
    ON h.project = json_extract(wanted.value, '$[0]')
   AND h.hour = json_extract(wanted.value, '$[1]')
   AND h.fingerprint = json_extract(wanted.value, '$[2]')
   AND h.engine = json_extract(wanted.value, '$[3]')
   AND h.name = json_extract(wanted.value, '$[4]');

-- name: save_hours
INSERT INTO failure_hours
    (project, hour, fingerprint, engine, name, failed, retried, first_at, last_at, document)
VALUES /* rows */
ON CONFLICT (project, hour, fingerprint, engine, name) DO UPDATE
   SET failed = excluded.failed,
       retried = excluded.retried,
       first_at = excluded.first_at,
       last_at = excluded.last_at,
       document = excluded.document;

-- name: spans
SELECT json_group_array(json_array(fingerprint, engine, name, at, failed, retried, first_at, last_at))
  FROM (SELECT fingerprint, engine, name, hour - hour % :step AS at, sum(failed) AS failed,
               sum(retried) AS retried, min(first_at) AS first_at, max(last_at) AS last_at
          FROM failure_hours
         WHERE project = :project AND hour >= :since AND hour < :until
           AND (failed > 0 OR retried > 0)
         GROUP BY fingerprint, engine, name, hour - hour % :step
         ORDER BY at, fingerprint, engine, name);

-- name: hours
SELECT json_group_array(json_array(hour, fingerprint, engine, name, json(document)))
  FROM failure_hours
 WHERE project = :project AND hour >= :since AND hour < :until
   AND (failed > 0 OR retried > 0);

-- name: kinds
SELECT json_group_array(json_array(fingerprint, exception, message, place))
  FROM failure_kinds
 WHERE project = :project AND day >= :since AND day < :until
   AND fingerprint IN (SELECT value FROM json_each(:fingerprints))
   AND (exception, message, place) <> ('', '', '');
