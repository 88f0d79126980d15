-- name: all_of
SELECT name, search FROM bookmarks WHERE project_id = ? AND user_id = ? ORDER BY name;

-- name: keep
INSERT INTO bookmarks (project_id, user_id, name, search)
SELECT :project_id, :user_id, :name, :search
 WHERE (SELECT count(*) FROM bookmarks
         WHERE project_id = :project_id AND user_id = :user_id AND name <> :name) < :most
    ON CONFLICT DO UPDATE SET search = excluded.search;

-- name: forget
DELETE FROM bookmarks WHERE project_id = ? AND user_id = ? AND name = ?;
