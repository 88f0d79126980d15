-- name: all_of
SELECT name, search FROM bookmarks WHERE project_id = ? AND user_id = ? ORDER BY name;

-- name: keep
INSERT INTO bookmarks (project_id, user_id, name, search) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET search = excluded.search;

-- name: forget
DELETE FROM bookmarks WHERE project_id = ? AND user_id = ? AND name = ?;
