-- name: all_of
SELECT name, search FROM bookmarks
 WHERE project_id = %(project_id)s AND user_id = %(user_id)s ORDER BY name;

-- name: lock
-- Or several would count the same ones at once.
SELECT pg_advisory_xact_lock((%(lock)s::int4[])[1], (%(lock)s::int4[])[2]);

-- name: keep
INSERT INTO bookmarks (project_id, user_id, name, search)
SELECT %(project_id)s, %(user_id)s, %(name)s, %(search)s
 WHERE (SELECT count(*) FROM bookmarks
         WHERE project_id = %(project_id)s AND user_id = %(user_id)s AND name <> %(name)s)
       < %(most)s
    ON CONFLICT (project_id, user_id, name) DO UPDATE SET search = excluded.search
RETURNING name;

-- name: forget
DELETE FROM bookmarks
 WHERE project_id = %(project_id)s AND user_id = %(user_id)s AND name = %(name)s
RETURNING name;
