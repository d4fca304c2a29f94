-- The tables are those of the SQLite store, so that both share their SQL; see there for what they mean. Here every text is a bytea: the
-- type text refuses NUL, which JSON allows, and compares by the rules of a language instead of by bytes.
-- Indexes hold the first 512 bytes of values, which can be longer than any index takes (sqlquery.PostgreSQL).
-- Nothing refers to collection and attribute as foreign keys: they are never deleted, and each insert would lock their few rows.

-- +goose Up

CREATE TABLE collection (
    seq       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    directory bytea NOT NULL,
    type      bytea NOT NULL,
    UNIQUE (directory, type)
);

CREATE TABLE attribute (
    seq  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name bytea NOT NULL UNIQUE
);

CREATE TABLE resource (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    collection   bigint NOT NULL,
    id           bytea  NOT NULL,
    organization bytea  NOT NULL,
    version      bigint NOT NULL,
    created      bigint NOT NULL, -- milliseconds since 1970, UTC, as everywhere
    modified     bigint NOT NULL,
    source       bytea  NOT NULL,
    display      bytea  NOT NULL,
    checksum     bigint NOT NULL, -- of the rest of the row
    hidden       bytea,
    secret       bytea,
    body         bytea  NOT NULL
);
CREATE INDEX resource_in_order ON resource (collection, seq);
CREATE UNIQUE INDEX resource_by_id ON resource (collection, id);
CREATE INDEX resource_by_organization ON resource (collection, organization);
CREATE INDEX resource_by_created ON resource (collection, created, seq);
CREATE INDEX resource_by_modified ON resource (collection, modified, seq);

CREATE TABLE resource_key (
    resource   bigint  NOT NULL REFERENCES resource (seq) ON DELETE CASCADE,
    attribute  bigint  NOT NULL,
    value      bytea   NOT NULL,
    collection bigint  NOT NULL,
    single     boolean NOT NULL -- no other resource of the collection may have the value
);
CREATE INDEX resource_key_of ON resource_key (resource, attribute);
CREATE INDEX resource_key_by_value ON resource_key (collection, attribute, substring(value, 1, 512), resource);
CREATE UNIQUE INDEX resource_key_single ON resource_key (collection, attribute, sha256(value)) WHERE single;

CREATE TABLE external_id (
    resource    bigint  NOT NULL REFERENCES resource (seq) ON DELETE CASCADE,
    application bytea   NOT NULL,
    collection  bigint  NOT NULL,
    value       bytea   NOT NULL,
    single      boolean NOT NULL,
    PRIMARY KEY (resource, application)
);
CREATE INDEX external_id_by_value ON external_id (application, collection, substring(value, 1, 512), resource);
CREATE UNIQUE INDEX external_id_single ON external_id (application, collection, sha256(value)) WHERE single;

-- Positions come from one sequence: whoever joins a group need not know who joined it last.
CREATE SEQUENCE membership_position;
CREATE TABLE membership (
    holder   bigint NOT NULL REFERENCES resource (seq) ON DELETE CASCADE,
    position bigint NOT NULL,
    member   bigint NOT NULL REFERENCES resource (seq) ON DELETE CASCADE,
    PRIMARY KEY (holder, position)
);
CREATE UNIQUE INDEX membership_by_member ON membership (member, holder);

-- How many resources there are. A counter that all steps increment would let them collide, so each is spread over up to 64 rows, and a
-- step takes the one that its connection falls to: two steps seldom meet. Readers add the rows up. A single row may be negative, since it
-- may be another connection that deletes. A step writes its sums once, at its end: each change of a row leaves an old one behind for as
-- long as the transaction lasts, and thousands of them would have to be passed to come to the next.
CREATE TABLE placement (
    collection   bigint NOT NULL,
    organization bytea  NOT NULL,
    slot         bigint NOT NULL,
    total        bigint NOT NULL,
    PRIMARY KEY (collection, organization, slot)
) WITH (fillfactor = 50);

CREATE TABLE block_slot (
    collection bigint NOT NULL,
    number     bigint NOT NULL,
    slot       bigint NOT NULL,
    total      bigint NOT NULL,
    PRIMARY KEY (collection, number, slot)
) WITH (fillfactor = 50);
CREATE VIEW block AS SELECT collection, number, sum(total)::bigint AS total FROM block_slot GROUP BY collection, number;

CREATE TABLE placement_block (
    collection   bigint NOT NULL,
    bits         bigint NOT NULL,
    organization bytea  NOT NULL,
    number       bigint NOT NULL,
    slot         bigint NOT NULL,
    total        bigint NOT NULL,
    PRIMARY KEY (collection, bits, organization, number, slot)
) WITH (fillfactor = 50);

-- One row, with a number that grows whenever the control plane is written to: what was read of it before is then out of date.
CREATE TABLE generation (
    number bigint NOT NULL
);
INSERT INTO generation (number) VALUES (1);

CREATE TABLE instance (
    seq             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id              bytea  NOT NULL UNIQUE,
    name            bytea  NOT NULL,
    password_policy bytea  NOT NULL,
    created         bigint NOT NULL
);

-- Lists are JSON arrays of strings.
CREATE TABLE application (
    seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          bytea   NOT NULL UNIQUE,
    instance    bytea   NOT NULL,
    name        bytea   NOT NULL,
    kind        bytea   NOT NULL,
    profile     bytea   NOT NULL,
    enabled     boolean NOT NULL,
    api_enabled boolean NOT NULL,
    permissions bytea   NOT NULL,
    scope       bytea   NOT NULL,
    target      bytea   NOT NULL,
    variants    bytea   NOT NULL,
    namespace   bytea   NOT NULL,
    fields      bytea   NOT NULL,
    created     bigint  NOT NULL
);
CREATE INDEX application_by_instance ON application (instance);

CREATE TABLE token (
    seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          bytea   NOT NULL UNIQUE,
    application bytea   NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    kind        bytea   NOT NULL,
    digest      bytea   NOT NULL UNIQUE,
    enabled     boolean NOT NULL,
    created     bigint  NOT NULL,
    expires     bigint  NOT NULL,
    last_used   bigint  NOT NULL,
    account     text    NOT NULL
);
CREATE INDEX token_by_application ON token (application);

CREATE TABLE organization (
    seq      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id       bytea NOT NULL UNIQUE,
    instance bytea NOT NULL,
    parent   bytea NOT NULL,
    name     bytea NOT NULL
);
CREATE INDEX organization_by_instance ON organization (instance);
CREATE INDEX organization_by_parent ON organization (parent);

CREATE TABLE field (
    seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          bytea   NOT NULL UNIQUE,
    instance    bytea   NOT NULL,
    name        bytea   NOT NULL,
    display     bytea   NOT NULL,
    description bytea   NOT NULL,
    type        bytea   NOT NULL,
    input       bytea   NOT NULL,
    required    boolean NOT NULL,
    single      boolean NOT NULL,
    options     bytea   NOT NULL,
    enabled     boolean NOT NULL,
    created     bigint  NOT NULL
);
CREATE INDEX field_by_instance ON field (instance);

CREATE TABLE scope_organization (
    application  bytea NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    organization bytea NOT NULL,
    PRIMARY KEY (application, organization)
);
CREATE INDEX scope_organization_by_organization ON scope_organization (organization);

CREATE TABLE reach (
    application  bytea NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    organization bytea NOT NULL,
    PRIMARY KEY (application, organization)
);
CREATE INDEX reach_by_organization ON reach (organization);

CREATE TABLE scope_group (
    application bytea  NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    resource    bigint NOT NULL REFERENCES resource (seq) ON DELETE CASCADE,
    PRIMARY KEY (application, resource)
);
CREATE INDEX scope_group_by_resource ON scope_group (resource);

CREATE TABLE secret (
    name  bytea PRIMARY KEY,
    value bytea NOT NULL
);

-- Holds no rows: steps lock it, to run side by side or one of them alone.
CREATE TABLE gate ();
