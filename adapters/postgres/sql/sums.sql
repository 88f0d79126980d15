-- Sums of minutes over closed periods. A period is summed up if it has a row of all names together, the
-- `whole` one. Whoever counts something late forgets the sums that hold it, behind a lock that is shared;
-- whoever sums up has it alone, so that nothing is counted between its reading and its writing.

-- name: summed
SELECT length, array_agg(start) FROM statistics_sums
 WHERE project = %(project)s AND whole AND length = ANY(%(lengths)s::bigint[])
   AND start >= %(since)s AND start < %(until)s
 GROUP BY length;

-- name: read
-- One statement, so that all its parts see the same. OFFSET 0: each span by the index, whatever the
-- planner believes.
SELECT (SELECT count(*)
          FROM unnest(%(relied_length)s::bigint[], %(relied_since)s::bigint[],
                      %(relied_until)s::bigint[]) AS span (length, since, until),
               LATERAL (SELECT FROM statistics_sums AS s
                         WHERE s.project = %(project)s AND s.whole AND s.length = span.length
                           AND s.start >= span.since AND s.start < span.until OFFSET 0) AS found),
       (SELECT string_agg(format('[%%s,%%s,%%s,%%s]', to_json(engine), to_json(name), start, document), ',')
          FROM unnest(%(name_length)s::bigint[], %(name_since)s::bigint[],
                      %(name_until)s::bigint[]) AS span (length, since, until),
               LATERAL (SELECT engine, name, start, document FROM statistics_sums AS s
                         WHERE s.project = %(project)s AND NOT s.whole AND s.length = span.length
                           AND s.start >= span.since AND s.start < span.until
                           AND (%(engine)s::text IS NULL OR s.engine = %(engine)s)
                           AND (%(name)s::text IS NULL OR s.name = %(name)s) OFFSET 0) AS found),
       (SELECT string_agg(format('["","",%%s,%%s]', start, document), ',')
          FROM unnest(%(all_length)s::bigint[], %(all_since)s::bigint[],
                      %(all_until)s::bigint[]) AS span (length, since, until),
               LATERAL (SELECT start, document FROM statistics_sums AS s
                         WHERE s.project = %(project)s AND s.whole AND s.length = span.length
                           AND s.start >= span.since AND s.start < span.until OFFSET 0) AS found),
       (SELECT string_agg(format('[%%s,%%s,%%s,%%s]', to_json(engine), to_json(name), minute, document), ',')
          FROM unnest(%(minute_since)s::bigint[], %(minute_until)s::bigint[]) AS span (since, until),
               LATERAL (SELECT engine, name, minute, document FROM statistics AS s
                         WHERE s.project = %(project)s
                           AND s.minute >= span.since AND s.minute < span.until
                           AND (%(engine)s::text IS NULL OR s.engine = %(engine)s)
                           AND (%(name)s::text IS NULL OR s.name = %(name)s) OFFSET 0) AS found);

-- name: due
-- Periods of which minutes are counted and that are not summed up, the newest first.
SELECT p.number, period.start
  FROM project_numbers AS p,
       generate_series(%(since)s::bigint, %(until)s::bigint - %(length)s::bigint, %(length)s::bigint)
           AS period (start),
       LATERAL (SELECT FROM statistics AS s
                 WHERE s.project = p.number AND s.minute >= period.start
                   AND s.minute < period.start + %(length)s::bigint LIMIT 1) AS counted
  LEFT JOIN LATERAL (SELECT true AS there FROM statistics_sums AS s
                      WHERE s.project = p.number AND s.whole AND s.length = %(length)s::bigint
                        AND s.start = period.start LIMIT 1) AS summed ON true
 WHERE summed.there IS NULL
 ORDER BY period.start DESC LIMIT %(most)s;

-- name: count_together
SELECT pg_advisory_xact_lock_shared((%(lock)s::int4[])[1], (%(lock)s::int4[])[2]);

-- name: sum_alone
SELECT pg_advisory_xact_lock((%(lock)s::int4[])[1], (%(lock)s::int4[])[2]);

-- name: save
INSERT INTO statistics_sums (project, length, start, whole, engine, name, document)
SELECT %(project)s, *
  FROM unnest(%(length)b::bigint[], %(start)b::bigint[], %(whole)b::boolean[],
              %(engine)b::text[], %(name)b::text[], %(document)b::text[]);

-- name: forget
-- The whole rows are locked in order first: of two who forget the same, one waits. The bounds spare the
-- locks of other partitions.
WITH late AS MATERIALIZED (
    SELECT wanted.project, wanted.length, wanted.start
      FROM unnest(%(project)b::integer[], %(length)b::bigint[], %(start)b::bigint[])
           AS wanted (project, length, start),
           LATERAL (SELECT FROM statistics_sums AS s
                     WHERE s.project = wanted.project AND s.whole AND s.length = wanted.length
                       AND s.start = wanted.start
                       AND s.start >= %(first)s AND s.start <= %(last)s FOR UPDATE) AS found
)
DELETE FROM statistics_sums AS s USING late
 WHERE s.project = late.project AND s.whole = ANY('{t,f}') AND s.length = late.length
   AND s.start = late.start AND s.start >= %(first)s AND s.start <= %(last)s;
