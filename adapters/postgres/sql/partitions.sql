-- name: days
-- Days that have a partition. One that is being detached takes no more rows.
SELECT p.relname, to_date(right(c.relname, 8), 'YYYYMMDD') - date '1970-01-01'
  FROM pg_inherits AS i
  JOIN pg_class AS c ON c.oid = i.inhrelid
  JOIN pg_class AS p ON p.oid = i.inhparent
 WHERE p.oid = ANY((%(tables)s::text[])::regclass[]) AND NOT i.inhdetachpending;

-- name: short_lock_timeout
SET LOCAL lock_timeout = '2s';

-- name: lock
SELECT pg_advisory_xact_lock((%(lock)s::int4[])[1], (%(lock)s::int4[])[2]);

-- name: create
-- CREATE … PARTITION OF would lock the whole table. The CHECK spares ATTACH the look into this one.
CREATE TABLE {partition} (
    LIKE {table} INCLUDING ALL,
    CONSTRAINT bounds CHECK ({column} >= {start} AND {column} < {end})
);

-- name: make_ids_unique
CREATE UNIQUE INDEX {index} ON {partition} (project, id);

-- name: leave_space
-- Each row is written many times within a minute or two: new versions find room beside the old.
ALTER TABLE {partition} SET (fillfactor = 50);

-- name: attach
ALTER TABLE {table} ATTACH PARTITION {partition} FOR VALUES FROM ({start}) TO ({end});

-- name: forget_bounds
ALTER TABLE {partition} DROP CONSTRAINT bounds;
