-- Workers and their health. See statements.py for how a statement is named.

-- name: page
-- `at` is opened_at or left_at, `which` a condition on left_at (worker_views.py).
SELECT w.agent_id, w.worker_id, w.document, h.document
  FROM workers AS w LEFT JOIN worker_health AS h USING (project_id, agent_id, worker_id)
 WHERE w.project_id = %(project_id)s AND {which}
   AND (w.{at}, w.agent_id, w.worker_id)
       < (%(before_at)s::bigint, %(before_agent)s::text, %(before_worker)s::text)
   AND (%(deployment)s::text IS NULL OR w.deployment = %(deployment)s)
   AND (%(text)s::text IS NULL OR strpos(lower(w.worker_id), lower(%(text)s COLLATE "C")) > 0
        OR strpos(lower(w.process), lower(%(text)s COLLATE "C")) > 0
        OR strpos(lower(h.node), lower(%(text)s COLLATE "C")) > 0)
 ORDER BY w.{at} DESC, w.agent_id DESC, w.worker_id DESC
 LIMIT %(limit)s;

-- name: named
SELECT w.agent_id, w.worker_id, w.document, h.document
  FROM workers AS w LEFT JOIN worker_health AS h USING (project_id, agent_id, worker_id)
 WHERE (w.project_id, w.agent_id, w.worker_id) IN (
           SELECT project_id, agent_id, worker_id FROM workers
            WHERE project_id = %(project_id)s AND worker_id = ANY(%(names)s::text[])
            UNION ALL
           SELECT project_id, agent_id, worker_id FROM workers
            WHERE project_id = %(project_id)s AND process = ANY(%(names)s::text[])
            UNION ALL
           SELECT project_id, agent_id, worker_id FROM worker_health
            WHERE project_id = %(project_id)s AND node = ANY(%(names)s::text[])
       )
   AND (w.left_at IS NULL OR w.left_at >= %(since)s)
 ORDER BY w.left_at DESC NULLS FIRST
 LIMIT %(limit)s;

-- name: counts
SELECT (SELECT count(*) FROM workers WHERE project_id = %(project_id)s AND left_at IS NULL),
       (SELECT count(*)
          FROM worker_health AS h JOIN workers AS w USING (project_id, agent_id, worker_id)
         WHERE h.project_id = %(project_id)s AND h.lost > 0 AND w.left_at IS NULL),
       (SELECT count(*)
          FROM (SELECT FROM workers
                 WHERE project_id = %(project_id)s AND left_at >= %(since)s
                 LIMIT %(most)s) AS gone),
       (SELECT max(left_at) FROM workers WHERE project_id = %(project_id)s);

-- name: deployments
SELECT deployment, count(*) FROM workers
 WHERE project_id = %(project_id)s AND left_at IS NULL
 GROUP BY deployment
 ORDER BY count(*) DESC, deployment
 LIMIT %(limit)s;

-- name: load
SELECT w.project_id, w.agent_id, w.worker_id, w.document
  FROM workers AS w
  JOIN unnest(%(project_id)b::text[], %(agent_id)b::text[], %(worker_id)b::text[])
       AS wanted (project_id, agent_id, worker_id) USING (project_id, agent_id, worker_id);

-- name: save
INSERT INTO workers
    (project_id, agent_id, worker_id, opened_at, left_at, process, deployment, document)
SELECT *
  FROM unnest(
           %(project_id)b::text[], %(agent_id)b::text[], %(worker_id)b::text[],
           %(opened_at)b::bigint[], %(left_at)b::bigint[], %(process)b::text[],
           %(deployment)b::text[], %(document)b::text[]
       )
ON CONFLICT (project_id, agent_id, worker_id) DO UPDATE
   SET opened_at = excluded.opened_at,
       left_at = excluded.left_at,
       process = excluded.process,
       deployment = excluded.deployment,
       document = excluded.document;
