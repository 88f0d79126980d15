-- Bulk operations, folded from the journal.
CREATE TABLE bulks (
    created_at bigint NOT NULL,
    open       boolean NOT NULL,
    id         text COLLATE "C" PRIMARY KEY,
    project_id text COLLATE "C" NOT NULL,
    document   text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX bulks_newest ON bulks (project_id, created_at, id);
CREATE INDEX bulks_open ON bulks (created_at) WHERE open;
