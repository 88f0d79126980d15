-- What users keep under a name. Made of no log: a replay leaves it alone.
CREATE TABLE bookmarks (
    project_id TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    name       TEXT NOT NULL,
    search     TEXT NOT NULL,
    PRIMARY KEY (project_id, user_id, name)
) STRICT, WITHOUT ROWID;
