-- What workers are found by. Deployment and losses are known with the next session and heartbeat.
ALTER TABLE workers ADD COLUMN left_at INTEGER;
ALTER TABLE workers ADD COLUMN process TEXT;
ALTER TABLE workers ADD COLUMN deployment TEXT NOT NULL DEFAULT '';
UPDATE workers
   SET left_at = CASE WHEN json_extract(document, '$.session_id') IS NULL THEN opened_at
                      ELSE json_extract(document, '$.closed_at') END,
       process = json_extract(document, '$.hello.host_name') || '@'
                 || json_extract(document, '$.hello.worker_pid');
CREATE INDEX workers_opened ON workers (project_id, opened_at);
CREATE INDEX workers_left ON workers (project_id, left_at);
CREATE INDEX workers_online ON workers (project_id, deployment) WHERE left_at IS NULL;
CREATE INDEX workers_id ON workers (project_id, worker_id);
CREATE INDEX workers_process ON workers (project_id, process);

ALTER TABLE worker_health ADD COLUMN node TEXT;
ALTER TABLE worker_health ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
UPDATE worker_health SET node = json_extract(document, '$.node');
CREATE INDEX worker_health_node ON worker_health (project_id, node);
CREATE INDEX worker_health_lost ON worker_health (project_id) WHERE lost > 0;
