-- Every table but the control plane's uses small numbers for what repeats in each row: the directory and type of a resource
-- (collection), the name of an indexed attribute (attribute), the resource itself (seq, which is also the order of creation).

-- +goose Up

-- "SCIM": tells this program's files from other people's.
PRAGMA application_id = 1396918605;

CREATE TABLE collection (
    seq       INTEGER PRIMARY KEY,
    directory TEXT NOT NULL,
    type      TEXT NOT NULL,
    UNIQUE (directory, type)
) STRICT;

CREATE TABLE attribute (
    seq  INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- AUTOINCREMENT: a number is never used twice, so that whoever remembers one as a position in the list misses nothing.
-- The wide columns come last, since a reader that stops before them does not touch their pages.
CREATE TABLE resource (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    collection   INTEGER NOT NULL REFERENCES collection (seq),
    id           TEXT    NOT NULL,
    organization TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    created      INTEGER NOT NULL, -- milliseconds since 1970, UTC, as everywhere
    modified     INTEGER NOT NULL,
    source       TEXT    NOT NULL,
    display      TEXT    NOT NULL,
    checksum     INTEGER NOT NULL, -- of the rest of the row
    hidden       BLOB,
    secret       BLOB,
    body         BLOB    NOT NULL
) STRICT;
-- The first is the list of a collection in the order of creation: seq is the hidden last column of every index here.
CREATE INDEX resource_in_order ON resource (collection);
CREATE UNIQUE INDEX resource_by_id ON resource (collection, id);
CREATE INDEX resource_by_organization ON resource (collection, organization);
CREATE INDEX resource_by_created ON resource (collection, created);
CREATE INDEX resource_by_modified ON resource (collection, modified);

-- What the indexed attributes of a resource hold, folded. Rows of one resource lie together and are appended as resources come.
CREATE TABLE resource_key (
    resource   INTEGER NOT NULL REFERENCES resource (seq) ON DELETE CASCADE,
    attribute  INTEGER NOT NULL REFERENCES attribute (seq),
    value      TEXT    NOT NULL,
    collection INTEGER NOT NULL,
    single     INTEGER NOT NULL, -- 1 where no other resource of the collection may have the value
    PRIMARY KEY (resource, attribute, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX resource_key_by_value ON resource_key (collection, attribute, value, resource);
CREATE UNIQUE INDEX resource_key_single ON resource_key (collection, attribute, value) WHERE single = 1;

-- Each application knows a resource by an externalId of its own.
CREATE TABLE external_id (
    resource    INTEGER NOT NULL REFERENCES resource (seq) ON DELETE CASCADE,
    application TEXT    NOT NULL,
    collection  INTEGER NOT NULL,
    value       TEXT    NOT NULL,
    single      INTEGER NOT NULL,
    PRIMARY KEY (resource, application)
) STRICT, WITHOUT ROWID;
CREATE INDEX external_id_by_value ON external_id (application, collection, value, resource);
CREATE UNIQUE INDEX external_id_single ON external_id (application, collection, value) WHERE single = 1;

-- position counts up within a group. The first index lists the members of a group, the second the groups of a member.
CREATE TABLE membership (
    holder   INTEGER NOT NULL REFERENCES resource (seq) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    member   INTEGER NOT NULL REFERENCES resource (seq) ON DELETE CASCADE,
    PRIMARY KEY (holder, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX membership_by_member ON membership (member, holder);

-- How many resources a collection has in each organization, and how many were created within each run of 4096 numbers: totals and far pages
-- come from here, without looking at the resources. Package sqlstore reports what comes and goes, and the session that writes adds it up.
CREATE TABLE placement (
    collection   INTEGER NOT NULL,
    organization TEXT    NOT NULL,
    total        INTEGER NOT NULL,
    PRIMARY KEY (collection, organization)
) STRICT, WITHOUT ROWID;

-- A number is that of a resource, shifted right by 12.
CREATE TABLE block (
    collection INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    total      INTEGER NOT NULL,
    PRIMARY KEY (collection, number)
) STRICT, WITHOUT ROWID;

-- The same for each organization, twice: shifted by 18 and by 12, so that adding up many organizations begins coarsely.
CREATE TABLE placement_block (
    collection   INTEGER NOT NULL,
    bits         INTEGER NOT NULL,
    organization TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    total        INTEGER NOT NULL,
    PRIMARY KEY (collection, bits, organization, number)
) STRICT, WITHOUT ROWID;

-- One row, with a number that grows whenever the control plane is written to: what was read of it before is then out of date.
CREATE TABLE generation (
    number INTEGER NOT NULL
) STRICT;
INSERT INTO generation (number) VALUES (1);

CREATE TABLE instance (
    seq             INTEGER PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    name            TEXT    NOT NULL,
    password_policy TEXT    NOT NULL,
    created         INTEGER NOT NULL
) STRICT;

-- Lists are JSON arrays of strings.
CREATE TABLE application (
    seq         INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    instance    TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    profile     TEXT    NOT NULL,
    enabled     INTEGER NOT NULL,
    api_enabled INTEGER NOT NULL,
    permissions TEXT    NOT NULL,
    scope       TEXT    NOT NULL,
    target      TEXT    NOT NULL,
    variants    TEXT    NOT NULL,
    namespace   TEXT    NOT NULL,
    fields      TEXT    NOT NULL,
    created     INTEGER NOT NULL
) STRICT;
CREATE INDEX application_by_instance ON application (instance);

CREATE TABLE token (
    seq         INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    application TEXT    NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL,
    digest      BLOB    NOT NULL UNIQUE,
    enabled     INTEGER NOT NULL,
    created     INTEGER NOT NULL,
    expires     INTEGER NOT NULL,
    last_used   INTEGER NOT NULL,
    account     TEXT    NOT NULL
) STRICT;
CREATE INDEX token_by_application ON token (application);

CREATE TABLE organization (
    seq      INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    instance TEXT NOT NULL,
    parent   TEXT NOT NULL,
    name     TEXT NOT NULL
) STRICT;
CREATE INDEX organization_by_instance ON organization (instance);
CREATE INDEX organization_by_parent ON organization (parent);

-- Options are a JSON array of objects.
CREATE TABLE field (
    seq         INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    instance    TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    display     TEXT    NOT NULL,
    description TEXT    NOT NULL,
    type        TEXT    NOT NULL,
    input       TEXT    NOT NULL,
    required    INTEGER NOT NULL,
    single      INTEGER NOT NULL,
    options     TEXT    NOT NULL,
    enabled     INTEGER NOT NULL,
    created     INTEGER NOT NULL
) STRICT;
CREATE INDEX field_by_instance ON field (instance);

-- The organizations that an application lists, and all that it reaches: those and what lies below. The second is computed when
-- one of its sources changes, so that a query asks one index.
CREATE TABLE scope_organization (
    application  TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    organization TEXT NOT NULL,
    PRIMARY KEY (application, organization)
) STRICT, WITHOUT ROWID;
CREATE INDEX scope_organization_by_organization ON scope_organization (organization);

CREATE TABLE reach (
    application  TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    organization TEXT NOT NULL,
    PRIMARY KEY (application, organization)
) STRICT, WITHOUT ROWID;
CREATE INDEX reach_by_organization ON reach (organization);

CREATE TABLE scope_group (
    application TEXT    NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    resource    INTEGER NOT NULL REFERENCES resource (seq) ON DELETE CASCADE,
    PRIMARY KEY (application, resource)
) STRICT, WITHOUT ROWID;
CREATE INDEX scope_group_by_resource ON scope_group (resource);

-- What all replicas must know and nobody else, by its name.
CREATE TABLE secret (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
