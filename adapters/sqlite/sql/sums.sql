-- Sums of minutes over closed periods. A period is summed up if it has a row of all names together, the
-- `whole` one. Whatever is counted later forgets the sums that hold it, in the same transaction.

-- name: summed
SELECT length, start FROM statistics_sums
 WHERE project = :project AND whole = 1 AND length IN (SELECT value FROM json_each(:lengths))
   AND start >= :since AND start < :until;

-- name: read
-- One statement, so that all its parts see the same; CROSS JOIN: each span by the index.
SELECT (SELECT count(*)
          FROM json_each(:relied_on) AS span CROSS JOIN statistics_sums AS s
         WHERE s.project = :project AND s.whole = 1 AND s.length = span.value ->> 0
           AND s.start >= span.value ->> 1 AND s.start < span.value ->> 2),
       (SELECT group_concat('[' || json_quote(s.engine) || ',' || json_quote(s.name) || ','
                            || s.start || ',' || s.document || ']')
          FROM json_each(:by_name) AS span CROSS JOIN statistics_sums AS s
         WHERE s.project = :project AND s.whole = 0 AND s.length = span.value ->> 0
           AND s.start >= span.value ->> 1 AND s.start < span.value ->> 2
           AND (:engine IS NULL OR s.engine = :engine) AND (:name IS NULL OR s.name = :name)),
       (SELECT group_concat('["","",' || s.start || ',' || s.document || ']')
          FROM json_each(:of_all) AS span CROSS JOIN statistics_sums AS s
         WHERE s.project = :project AND s.whole = 1 AND s.length = span.value ->> 0
           AND s.start >= span.value ->> 1 AND s.start < span.value ->> 2),
       (SELECT group_concat('[' || json_quote(s.engine) || ',' || json_quote(s.name) || ','
                            || s.minute || ',' || s.document || ']')
          FROM json_each(:minutes) AS span CROSS JOIN statistics AS s
         WHERE s.project = :project
           AND s.minute >= span.value ->> 1 AND s.minute < span.value ->> 2
           AND (:engine IS NULL OR s.engine = :engine) AND (:name IS NULL OR s.name = :name));

-- name: due
-- Periods of which minutes are counted and that are not summed up, the newest first.
WITH RECURSIVE period (start) AS (
    SELECT :until - :length WHERE :until - :length >= :since
    UNION ALL
    SELECT start - :length FROM period WHERE start - :length >= :since
)
SELECT p.number, period.start
  FROM period CROSS JOIN project_numbers AS p
 WHERE EXISTS (SELECT 1 FROM statistics AS s
                WHERE s.project = p.number AND s.minute >= period.start
                  AND s.minute < period.start + :length)
   AND NOT EXISTS (SELECT 1 FROM statistics_sums AS s
                    WHERE s.project = p.number AND s.whole = 1 AND s.length = :length
                      AND s.start = period.start)
 LIMIT :most;

-- name: save
INSERT INTO statistics_sums (project, whole, length, start, engine, name, document)
VALUES /* rows */;

-- name: forget
DELETE FROM statistics_sums WHERE (project, whole, length, start) IN (
    SELECT value ->> 0, whole.column1, value ->> 1, value ->> 2
      FROM json_each(?), (VALUES (0), (1)) AS whole
);
