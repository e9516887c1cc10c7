-- The journal: what was decided, what it made, and in which order it is told.
-- Bodies lie in rowid tables; random ids only in narrow indexes.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per decided operation. `body` and `author` are emptied by an erasure; `entry`,
-- `hash` and the receipt stay.
CREATE TABLE operations (
    position    INTEGER PRIMARY KEY,
    entry       BLOB NOT NULL UNIQUE,
    op          BLOB NOT NULL,
    author      TEXT NOT NULL,
    community   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    hash        BLOB NOT NULL,
    body        TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    receipt     TEXT NOT NULL,
    signature   BLOB NOT NULL,
    erased      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What must be hidden again after a restore is found without reading every body.
CREATE INDEX operations_hiding ON operations (position) WHERE kind = 'hide';

-- `sum` is the exclusive or of the checks of all its records: a row that
-- goes missing shows. `mac` ties the scope's own columns together.
CREATE TABLE scopes (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    head    INTEGER NOT NULL,
    horizon INTEGER NOT NULL DEFAULT 0,
    sum     BLOB NOT NULL,
    mac     BLOB NOT NULL
) STRICT;

-- A record's state of now and its place in the feed: the feed is the index on (scope, seq).
-- A body of NULL is a tombstone. `mac` ties the row's columns together.
CREATE TABLE records (
    id         INTEGER PRIMARY KEY,
    scope      INTEGER NOT NULL REFERENCES scopes (id),
    seq        INTEGER NOT NULL,
    name       TEXT NOT NULL,
    body       TEXT,
    changed_at INTEGER NOT NULL,
    mac        BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX records_by_name ON records (scope, name);
CREATE UNIQUE INDEX records_by_seq ON records (scope, seq);

CREATE TABLE people (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE memberships (
    person    TEXT NOT NULL REFERENCES people (id),
    community TEXT NOT NULL,
    role      TEXT NOT NULL,
    PRIMARY KEY (person, community, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE codes (
    selector   INTEGER PRIMARY KEY,
    person     TEXT NOT NULL REFERENCES people (id),
    phc        TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

-- Failed tries, for selectors that exist and for those that do not alike.
CREATE TABLE code_tries (
    selector   INTEGER PRIMARY KEY,
    failures   INTEGER NOT NULL,
    not_before INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    person     TEXT NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_person ON sessions (person);

-- Who uploaded how much of what. A blob is "there" only for an author who uploaded all of it.
CREATE TABLE uploads (
    sha256     BLOB NOT NULL,
    person     TEXT NOT NULL,
    size       INTEGER NOT NULL,
    received   INTEGER NOT NULL,
    complete   INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    PRIMARY KEY (sha256, person)
) STRICT, WITHOUT ROWID;

-- A complete file, kept once whoever uploaded it. `refused`: hidden or erased, it does not
-- come back.
CREATE TABLE blobs (
    sha256     BLOB PRIMARY KEY,
    size       INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    refused    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Which live records name a file.
CREATE TABLE blob_refs (
    sha256 BLOB NOT NULL,
    scope  TEXT NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (sha256, scope, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX blob_refs_by_record ON blob_refs (scope, name);

CREATE TABLE receipt_keys (
    id     BLOB PRIMARY KEY,
    public BLOB NOT NULL,
    since  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Backups that were read back; `position` is what they hold.
CREATE TABLE backups (
    id       INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    epoch    BLOB NOT NULL,
    made_at  INTEGER NOT NULL,
    folder   TEXT NOT NULL
) STRICT;
