-- Minutes of statistics summed up over closed periods (sql/sums.sql): by name, and `whole`, all names
-- together, without one. Of single minutes there are whole rows only.
CREATE TABLE statistics_sums (
    project  INTEGER NOT NULL,
    whole    INTEGER NOT NULL,
    length   INTEGER NOT NULL,
    start    INTEGER NOT NULL,
    engine   TEXT NOT NULL,
    name     TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (project, whole, length, start, engine, name)
) STRICT, WITHOUT ROWID;
