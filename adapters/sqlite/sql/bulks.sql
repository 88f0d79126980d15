-- name: load
SELECT json_group_array(json(b.document))
  FROM json_each(?) AS wanted
  JOIN bulks AS b ON b.id = wanted.value;

-- name: save
INSERT INTO bulks (id, project_id, created_at, open, document)
VALUES /* rows */
ON CONFLICT (id) DO UPDATE SET open = excluded.open, document = excluded.document;

-- name: one
SELECT document FROM bulks WHERE id = ? AND project_id = ?;

-- name: page
SELECT document FROM bulks INDEXED BY bulks_newest
 WHERE project_id = ? AND (created_at, id) < (?, ?)
 ORDER BY created_at DESC, id DESC LIMIT ?;

-- name: open
SELECT document FROM bulks INDEXED BY bulks_open WHERE open ORDER BY created_at, id;

-- name: commands
SELECT json_group_array(json(c.document))
  FROM json_each(?) AS wanted
  JOIN commands AS c ON c.id = wanted.value
 WHERE c.project_id = ?;
