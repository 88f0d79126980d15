-- name: load
SELECT document FROM bulks WHERE id = ANY(%(ids)s::text[]);

-- name: save
INSERT INTO bulks (id, project_id, created_at, open, document)
SELECT *
  FROM unnest(
           %(id)b::text[], %(project_id)b::text[], %(created_at)b::bigint[], %(open)b::boolean[],
           %(document)b::text[]
       )
ON CONFLICT (id) DO UPDATE SET open = excluded.open, document = excluded.document;

-- name: one
SELECT document FROM bulks WHERE id = %(id)s AND project_id = %(project_id)s;

-- name: page
SELECT document FROM bulks
 WHERE project_id = %(project_id)s AND (created_at, id) < (%(before_at)s, %(before_id)s)
 ORDER BY created_at DESC, id DESC LIMIT %(limit)s;

-- name: open
SELECT document FROM bulks WHERE open ORDER BY created_at, id;

-- name: commands
SELECT document FROM commands WHERE id = ANY(%(ids)s::text[]) AND project_id = %(project_id)s;
