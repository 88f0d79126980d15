-- Minutes of statistics summed up over closed periods (sql/sums.sql): by name, and `whole`, all names
-- together, without one. Of single minutes there are whole rows only.
CREATE TABLE statistics_sums (
    start    bigint NOT NULL,
    length   bigint NOT NULL,
    project  integer NOT NULL,
    whole    boolean NOT NULL,
    engine   text COLLATE "C" NOT NULL,
    name     text COLLATE "C" NOT NULL,
    document text COLLATE "C" NOT NULL,
    PRIMARY KEY (project, whole, length, start, engine, name)
) PARTITION BY RANGE (start);
