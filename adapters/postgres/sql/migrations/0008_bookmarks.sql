-- What users keep under a name. Made of no log: a replay leaves it alone.
CREATE TABLE bookmarks (
    project_id text COLLATE "C" NOT NULL,
    user_id    text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    search     text NOT NULL,
    PRIMARY KEY (project_id, user_id, name)
);
