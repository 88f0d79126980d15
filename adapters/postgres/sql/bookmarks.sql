-- name: all_of
SELECT name, search FROM bookmarks
 WHERE project_id = %(project_id)s AND user_id = %(user_id)s ORDER BY name;

-- name: keep
INSERT INTO bookmarks (project_id, user_id, name, search)
VALUES (%(project_id)s, %(user_id)s, %(name)s, %(search)s)
    ON CONFLICT (project_id, user_id, name) DO UPDATE SET search = excluded.search;

-- name: forget
DELETE FROM bookmarks
 WHERE project_id = %(project_id)s AND user_id = %(user_id)s AND name = %(name)s
RETURNING name;
