-- What an audit keeps (audit.db). Compiled into the program (store/schema.c).
--
-- Everything refers to item.n, and the item's id stands in one column alone, so
-- that purge can replace it. Instants are UTC seconds and days count from
-- 1970-01-01; 0 and NULL mean never. Numbers that stand for a word are named in
-- the table word. The columns of record and counter that are fields of
-- record/fields.def are added when a store is made or opened
-- (store/sqlite.c, add_fields), so a new field is one line there.

CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- One row: grows with every commit that brought answers or items.
CREATE TABLE stamp (n INTEGER PRIMARY KEY, answers INTEGER NOT NULL, first_at INTEGER NOT NULL,
    newest_at INTEGER NOT NULL);
INSERT INTO stamp VALUES (1, 0, 0, 0);

-- What the numbers in other tables mean: kind "witness", "answer", "field" ...
CREATE TABLE word (kind TEXT, n INTEGER, name TEXT NOT NULL, PRIMARY KEY (kind, n)) WITHOUT ROWID;

CREATE TABLE series (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL);
INSERT INTO series VALUES (1, 'audit', '');

CREATE TABLE source (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, digest BLOB NOT NULL, UNIQUE (kind, digest));

-- The upload second and the entity type are bits of the id (record/id.h).
CREATE TABLE item (n INTEGER PRIMARY KEY, id INTEGER NOT NULL, handle TEXT NOT NULL,
    created_at INTEGER GENERATED ALWAYS AS (id >> 32) VIRTUAL,
    type INTEGER GENERATED ALWAYS AS ((id >> 8) & 15) VIRTUAL);
CREATE UNIQUE INDEX item_by_id ON item (id);

-- The items of a source, as ranges that never overlap: fresh items of one file
-- have consecutive numbers, so a file of a million links is a few rows.
CREATE TABLE item_source (source INTEGER, first_n INTEGER, last_n INTEGER NOT NULL,
    PRIMARY KEY (source, first_n)) WITHOUT ROWID;

-- Short links; item is NULL while open, 0 when dead.
CREATE TABLE link (n INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, item INTEGER, target TEXT,
    tries INTEGER NOT NULL DEFAULT 0, tried_at INTEGER NOT NULL DEFAULT 0);
CREATE TABLE link_source (link INTEGER, source INTEGER, PRIMARY KEY (link, source)) WITHOUT ROWID;
CREATE INDEX link_source_by_source ON link_source (source);

CREATE TABLE request (n INTEGER PRIMARY KEY, series INTEGER NOT NULL, witness INTEGER NOT NULL,
    round INTEGER NOT NULL, start_day INTEGER NOT NULL, end_day INTEGER NOT NULL, members INTEGER NOT NULL,
    loaded INTEGER NOT NULL, reserved_at INTEGER NOT NULL, sent_at INTEGER NOT NULL,
    done_at INTEGER NOT NULL,           -- 0: never answered, the run that sent it was killed
    sends INTEGER NOT NULL, http INTEGER NOT NULL, complete INTEGER NOT NULL, rows INTEGER NOT NULL,
    strange_rows INTEGER NOT NULL, evidence INTEGER NOT NULL, error_code TEXT NOT NULL, log_id TEXT NOT NULL);
CREATE INDEX request_of_api ON request (witness, sends, rows) WHERE witness <= 2;

-- Who was asked together and who came back: one row an id asked.
CREATE TABLE ask (request INTEGER, item INTEGER, role INTEGER NOT NULL, came_back INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (request, item)) WITHOUT ROWID;
CREATE INDEX ask_by_item ON ask (item);

-- What one reading of a page (or oEmbed) said; of short links the item is the link.
CREATE TABLE page_answer (item INTEGER, request INTEGER, witness INTEGER NOT NULL, at INTEGER NOT NULL,
    kind INTEGER NOT NULL, why INTEGER NOT NULL, code INTEGER, message TEXT, generation INTEGER NOT NULL,
    region TEXT, evidence INTEGER NOT NULL, PRIMARY KEY (item, witness, request)) WITHOUT ROWID;

-- A new row only when a field that does not drift has changed; the drifting
-- ones hold the last reading here and every reading in counter.
CREATE TABLE record (n INTEGER PRIMARY KEY, item INTEGER NOT NULL, side INTEGER NOT NULL, kind INTEGER NOT NULL,
    generation INTEGER NOT NULL, first_request INTEGER NOT NULL, last_request INTEGER NOT NULL,
    first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, hash BLOB NOT NULL, compared INTEGER NOT NULL);
CREATE INDEX record_by_item ON record (item, side);

-- The records that are compared now; agree = every compared field is the same
-- on both, so a pass over the differences need not read them.
CREATE TABLE current (item INTEGER PRIMARY KEY, api INTEGER NOT NULL DEFAULT 0, page INTEGER NOT NULL DEFAULT 0,
    agree INTEGER NOT NULL DEFAULT 0);
CREATE INDEX current_differing ON current (item, api, page) WHERE NOT agree AND api > 0 AND page > 0;

CREATE TABLE counter (item INTEGER, side INTEGER, at INTEGER, PRIMARY KEY (item, side, at)) WITHOUT ROWID;

-- Totals of an item, written in the same transaction as the answer.
CREATE TABLE item_state (series INTEGER, item INTEGER,
    asked INTEGER NOT NULL DEFAULT 0, days INTEGER NOT NULL DEFAULT 0, first_at INTEGER NOT NULL DEFAULT 0,
    last_at INTEGER NOT NULL DEFAULT 0, sent_at INTEGER NOT NULL DEFAULT 0,
    found_first_at INTEGER NOT NULL DEFAULT 0, found_last_at INTEGER NOT NULL DEFAULT 0,
    absent_before_found INTEGER NOT NULL DEFAULT 0, following_asked INTEGER NOT NULL DEFAULT 0,
    api_created INTEGER NOT NULL DEFAULT 0, api_request INTEGER NOT NULL DEFAULT 0,
    page INTEGER,                       -- NULL: never read
    code INTEGER, message TEXT, region TEXT, page_at INTEGER NOT NULL DEFAULT 0,
    page_created INTEGER NOT NULL DEFAULT 0, page_request INTEGER NOT NULL DEFAULT 0,
    public_first_at INTEGER NOT NULL DEFAULT 0, public_last_at INTEGER NOT NULL DEFAULT 0,
    refused_last_at INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
    tried_at INTEGER NOT NULL DEFAULT 0, oembed INTEGER, oembed_at INTEGER NOT NULL DEFAULT 0,
    oembed_tries INTEGER NOT NULL DEFAULT 0, sampled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (series, item)) WITHOUT ROWID;

-- Where the bytes lie; file 0 = only their digest was kept.
CREATE TABLE evidence_file (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE evidence (n INTEGER PRIMARY KEY, file INTEGER NOT NULL, offset INTEGER NOT NULL, len INTEGER NOT NULL,
    kind INTEGER NOT NULL, digest BLOB NOT NULL, purged_at INTEGER NOT NULL DEFAULT 0);

CREATE TABLE event (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, item INTEGER NOT NULL,
    text TEXT NOT NULL);
CREATE INDEX event_of_item ON event (item, kind) WHERE item > 0;
CREATE TABLE tally (kind TEXT, name TEXT, count INTEGER NOT NULL, first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;

-- Results of classify and diff: derived, replaced by the next run.
CREATE TABLE ruleset (n INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, text TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE label (series INTEGER, item INTEGER, ruleset INTEGER NOT NULL, state INTEGER NOT NULL,
    label INTEGER NOT NULL, reason INTEGER NOT NULL, rule TEXT NOT NULL, basis INTEGER NOT NULL,
    confirmed INTEGER NOT NULL, asked INTEGER NOT NULL, days INTEGER NOT NULL, first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL, sound_days INTEGER NOT NULL, sound_list TEXT NOT NULL, residual REAL NOT NULL,
    created_at INTEGER NOT NULL, page INTEGER, code INTEGER, message TEXT NOT NULL, page_at INTEGER NOT NULL,
    later_refused_at INTEGER NOT NULL, place TEXT NOT NULL, region TEXT NOT NULL, account INTEGER NOT NULL,
    api_request INTEGER NOT NULL, page_request INTEGER NOT NULL, rules_hit INTEGER NOT NULL, handle TEXT NOT NULL,
    PRIMARY KEY (series, item)) WITHOUT ROWID;
CREATE TABLE difference (series INTEGER, item INTEGER, field INTEGER, verdict INTEGER NOT NULL, api, page,
    relative_error REAL, api_at INTEGER NOT NULL, page_at INTEGER NOT NULL,
    PRIMARY KEY (series, item, field)) WITHOUT ROWID;
