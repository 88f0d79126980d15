-- What workers are found by. Deployment and losses are known with the next session and heartbeat.
ALTER TABLE workers
    ADD COLUMN left_at bigint,
    ADD COLUMN process text COLLATE "C",
    ADD COLUMN deployment text COLLATE "C" NOT NULL DEFAULT '';
UPDATE workers
   SET left_at = CASE WHEN document::json ->> 'session_id' IS NULL THEN opened_at
                      ELSE (document::json ->> 'closed_at')::bigint END,
       process = (document::json #>> '{hello,host_name}') || '@'
                 || (document::json #>> '{hello,worker_pid}');
CREATE INDEX workers_opened ON workers (project_id, opened_at);
CREATE INDEX workers_left ON workers (project_id, left_at);
CREATE INDEX workers_online ON workers (project_id, deployment) WHERE left_at IS NULL;
CREATE INDEX workers_id ON workers (project_id, worker_id);
CREATE INDEX workers_process ON workers (project_id, process);

-- A heartbeat changes none of these as a rule, so its row stays where it is in the indexes.
ALTER TABLE worker_health
    ADD COLUMN node text COLLATE "C",
    ADD COLUMN lost bigint NOT NULL DEFAULT 0;
CREATE INDEX worker_health_node ON worker_health (project_id, node);
CREATE INDEX worker_health_lost ON worker_health (project_id) WHERE lost > 0;
