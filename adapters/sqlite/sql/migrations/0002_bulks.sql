-- Bulk operations, folded from the journal.
CREATE TABLE bulks (
    id         TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    open       INTEGER NOT NULL,
    document   TEXT NOT NULL
) STRICT;
CREATE INDEX bulks_newest ON bulks (project_id, created_at, id);
CREATE INDEX bulks_open ON bulks (created_at) WHERE open;
