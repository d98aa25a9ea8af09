-- From version 6 to 7: a store is one audit, so the column series goes, which was
-- always 1, and with it its table. The columns of record and counter that are fields
-- get types: store/store.c (take_over) moves the rows when it has added the fields.
CREATE TABLE meta_7 (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
INSERT INTO meta_7 SELECT key, value FROM meta;
DROP TABLE meta;
ALTER TABLE meta_7 RENAME TO meta;
DROP TABLE series;
ALTER TABLE request DROP COLUMN series;

ALTER TABLE item_state RENAME TO item_state_6;
CREATE TABLE item_state (item INTEGER PRIMARY KEY,
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
    valid INTEGER, valid_at INTEGER NOT NULL DEFAULT 0,   -- the validity check's last answer
    page_marks INTEGER NOT NULL DEFAULT 0,                -- enum page_mark of record/record.h
    elsewhere INTEGER, elsewhere_at INTEGER NOT NULL DEFAULT 0,   -- the best of the other vantages
    elsewhere_vantage INTEGER NOT NULL DEFAULT 0);
INSERT INTO item_state (item, asked, days, first_at, last_at, sent_at, found_first_at, found_last_at, absent_before_found,
    following_asked, api_created, api_request, page, code, message, region, page_at, page_created,
    page_request, public_first_at, public_last_at, refused_last_at, tries, tried_at, oembed, oembed_at,
    oembed_tries, sampled, valid, valid_at, page_marks, elsewhere, elsewhere_at, elsewhere_vantage)
    SELECT item, asked, days, first_at, last_at, sent_at, found_first_at, found_last_at, absent_before_found,
    following_asked, api_created, api_request, page, code, message, region, page_at, page_created,
    page_request, public_first_at, public_last_at, refused_last_at, tries, tried_at, oembed, oembed_at,
    oembed_tries, sampled, valid, valid_at, page_marks, elsewhere, elsewhere_at, elsewhere_vantage FROM item_state_6 WHERE series = 1;
DROP TABLE item_state_6;

ALTER TABLE label RENAME TO label_6;
CREATE TABLE label (item INTEGER PRIMARY KEY, ruleset INTEGER NOT NULL, state INTEGER NOT NULL,
    label INTEGER NOT NULL, reason INTEGER NOT NULL, rule TEXT NOT NULL, basis INTEGER NOT NULL,
    confirmed INTEGER NOT NULL, asked INTEGER NOT NULL, days INTEGER NOT NULL, first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL, sound_days INTEGER NOT NULL, sound_list TEXT NOT NULL, residual REAL NOT NULL,
    created_at INTEGER NOT NULL, page INTEGER, code INTEGER, message TEXT NOT NULL, page_at INTEGER NOT NULL,
    later_refused_at INTEGER NOT NULL, place TEXT NOT NULL, region TEXT NOT NULL, account INTEGER NOT NULL,
    api_request INTEGER NOT NULL, page_request INTEGER NOT NULL, rules_hit BLOB NOT NULL, handle TEXT NOT NULL,
    validation INTEGER NOT NULL DEFAULT 0, elsewhere INTEGER, elsewhere_at INTEGER NOT NULL DEFAULT 0,
    elsewhere_vantage INTEGER NOT NULL DEFAULT 0);
INSERT INTO label (item, ruleset, state, label, reason, rule, basis, confirmed, asked, days, first_at, last_at, sound_days,
    sound_list, residual, created_at, page, code, message, page_at, later_refused_at, place, region, account,
    api_request, page_request, rules_hit, handle, validation, elsewhere, elsewhere_at, elsewhere_vantage)
    SELECT item, ruleset, state, label, reason, rule, basis, confirmed, asked, days, first_at, last_at, sound_days,
    sound_list, residual, created_at, page, code, message, page_at, later_refused_at, place, region, account,
    api_request, page_request, rules_hit, handle, validation, elsewhere, elsewhere_at, elsewhere_vantage FROM label_6 WHERE series = 1;
DROP TABLE label_6;

ALTER TABLE difference RENAME TO difference_6;
CREATE TABLE difference (item INTEGER, field INTEGER, verdict INTEGER NOT NULL, api, page,
    relative_error REAL, api_at INTEGER NOT NULL, page_at INTEGER NOT NULL,
    PRIMARY KEY (item, field)) WITHOUT ROWID;
INSERT INTO difference (item, field, verdict, api, page, relative_error, api_at, page_at)
    SELECT item, field, verdict, api, page, relative_error, api_at, page_at FROM difference_6 WHERE series = 1;
DROP TABLE difference_6;

ALTER TABLE record RENAME TO record_6;
DROP INDEX record_superseded;
CREATE TABLE record (n INTEGER PRIMARY KEY, item INTEGER NOT NULL, side INTEGER NOT NULL, kind INTEGER NOT NULL,
    generation INTEGER NOT NULL, first_request INTEGER NOT NULL, last_request INTEGER NOT NULL,
    first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, hash BLOB NOT NULL, compared INTEGER NOT NULL,
    superseded INTEGER NOT NULL DEFAULT 0);
CREATE INDEX record_superseded ON record (item, side) WHERE superseded;

ALTER TABLE counter RENAME TO counter_6;
CREATE TABLE counter (item INTEGER, side INTEGER, at INTEGER, PRIMARY KEY (item, side, at)) WITHOUT ROWID;
