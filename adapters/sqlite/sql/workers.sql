-- Workers and their health. See statements.py for how a statement is named.

-- name: page
-- `at` is opened_at or left_at, `which` a condition on left_at (worker_views.py).
SELECT json_group_array(json_array(agent_id, worker_id, json(document), json(health)))
  FROM (SELECT w.agent_id, w.worker_id, w.document, h.document AS health
          FROM workers AS w LEFT JOIN worker_health AS h USING (project_id, agent_id, worker_id)
         WHERE w.project_id = :project_id AND {which}
           AND (w.{at}, w.agent_id, w.worker_id) < (:before_at, :before_agent, :before_worker)
           AND (:deployment IS NULL OR w.deployment = :deployment)
           AND (:text IS NULL OR instr(lower(w.worker_id), lower(:text))
                OR instr(lower(w.process), lower(:text)) OR instr(lower(h.node), lower(:text)))
         ORDER BY w.{at} DESC, w.agent_id DESC, w.worker_id DESC
         LIMIT :limit);

-- name: named
SELECT json_group_array(json_array(agent_id, worker_id, json(document), json(health)))
  FROM (SELECT w.agent_id, w.worker_id, w.document, h.document AS health
          FROM workers AS w LEFT JOIN worker_health AS h USING (project_id, agent_id, worker_id)
         WHERE (w.project_id, w.agent_id, w.worker_id) IN (
                   SELECT project_id, agent_id, worker_id FROM workers
                    WHERE project_id = :project_id
                      AND worker_id IN (SELECT value FROM json_each(:names))
                    UNION ALL
                   SELECT project_id, agent_id, worker_id FROM workers
                    WHERE project_id = :project_id
                      AND process IN (SELECT value FROM json_each(:names))
                    UNION ALL
                   SELECT project_id, agent_id, worker_id FROM worker_health
                    WHERE project_id = :project_id
                      AND node IN (SELECT value FROM json_each(:names))
               )
           AND (w.left_at IS NULL OR w.left_at >= :since)
         ORDER BY w.left_at IS NULL DESC, w.left_at DESC
         LIMIT :limit);

-- name: counts
SELECT (SELECT count(*) FROM workers WHERE project_id = :project_id AND left_at IS NULL),
       (SELECT count(*)
          FROM worker_health AS h JOIN workers AS w USING (project_id, agent_id, worker_id)
         WHERE h.project_id = :project_id AND h.lost > 0 AND w.left_at IS NULL),
       (SELECT count(*)
          FROM (SELECT 1 FROM workers
                 WHERE project_id = :project_id AND left_at >= :since LIMIT :most)),
       (SELECT max(left_at) FROM workers WHERE project_id = :project_id);

-- name: deployments
SELECT deployment, count(*) FROM workers
 WHERE project_id = :project_id AND left_at IS NULL
 GROUP BY deployment
 ORDER BY count(*) DESC, deployment
 LIMIT :limit;

-- name: load
SELECT json_group_array(json_array(w.project_id, w.agent_id, w.worker_id, json(w.document)))
  FROM json_each(?) AS wanted
  JOIN workers AS w
    ON w.project_id = json_extract(wanted.value, '$[0]')
   AND w.agent_id = json_extract(wanted.value, '$[1]')
   AND w.worker_id = json_extract(wanted.value, '$[2]');

-- name: save
INSERT INTO workers
    (project_id, agent_id, worker_id, opened_at, left_at, process, deployment, document)
VALUES /* rows */
ON CONFLICT (project_id, agent_id, worker_id) DO UPDATE
   SET opened_at = excluded.opened_at,
       left_at = excluded.left_at,
       process = excluded.process,
       deployment = excluded.deployment,
       document = excluded.document;
