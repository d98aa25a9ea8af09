-- From version 9 to 10: samples of creators and watch lists; store/schema.sql says what each is.
-- A sample (series 'sample'): creators that were seen on a feed, where and when. One row a
-- handle, in lower case; handles whose rows name one author id are one creator, whose number
-- is the lowest of theirs.
CREATE TABLE creator (n INTEGER PRIMARY KEY, handle TEXT NOT NULL UNIQUE,
    author INTEGER NOT NULL DEFAULT 0,          -- the author's id, where a row named it; -1: two
    standing INTEGER NOT NULL DEFAULT 0,        -- what its embed page last said
    standing_at INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0, tried_at INTEGER NOT NULL DEFAULT 0);
CREATE INDEX creator_by_author ON creator (author) WHERE author > 0;
CREATE TABLE sighting (creator INTEGER, source INTEGER, day INTEGER, place TEXT,
    post INTEGER,                               -- the id that was seen; 0 none
    PRIMARY KEY (creator, source, day, place, post)) WITHOUT ROWID;

-- Who listed whose posts, and when: the embed page that we read (request), or a file (source).
CREATE TABLE listing (n INTEGER PRIMARY KEY, creator INTEGER NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
    newest INTEGER NOT NULL,                    -- 1: the newest few alone, else as far as it was read
    rows INTEGER NOT NULL, dropped INTEGER NOT NULL,    -- of the rows: private, or another's
    source INTEGER NOT NULL DEFAULT 0, request INTEGER NOT NULL DEFAULT 0, evidence INTEGER NOT NULL DEFAULT 0);
CREATE INDEX listing_of_creator ON listing (creator);
-- Its posts, by id: one that is never drawn is no item.
CREATE TABLE listed (listing INTEGER, post INTEGER, place INTEGER NOT NULL,
    PRIMARY KEY (listing, post)) WITHOUT ROWID;

-- What was drawn of it, by the audit's seed.
CREATE TABLE draw (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, posts INTEGER NOT NULL, min_age_s INTEGER NOT NULL,
    newest INTEGER NOT NULL,                    -- 1: the newest, else at random
    frame BLOB NOT NULL);                       -- digest of what was drawn from
CREATE TABLE drawn (draw INTEGER, creator INTEGER, post INTEGER, place INTEGER NOT NULL,
    instead INTEGER NOT NULL DEFAULT 0,         -- of this post, which could not be used
    PRIMARY KEY (draw, creator, post)) WITHOUT ROWID;
-- What the draw made of each creator of the frame.
CREATE TABLE draw_creator (draw INTEGER, creator INTEGER, why INTEGER NOT NULL,     -- 0: posts were drawn, else why not
    listed INTEGER NOT NULL,                    -- posts on its lists
    frame INTEGER NOT NULL,                     -- of these: could be drawn
    newest INTEGER NOT NULL,                    -- 1: only the newest few are listed
    pinned INTEGER NOT NULL,                    -- of the drawn: the creator pinned them
    PRIMARY KEY (draw, creator)) WITHOUT ROWID;

-- A watch list (series 'watch'): posts that are asked for daily. Each round's requests
-- bear its number as their round; what came back stands in ask and page_answer.
CREATE TABLE watch (item INTEGER PRIMARY KEY, role INTEGER NOT NULL, since_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL DEFAULT 0,        -- 0: watched still
    why TEXT NOT NULL DEFAULT '');              -- its bucket in the audit that it came from
CREATE TABLE watch_round (n INTEGER PRIMARY KEY, started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL DEFAULT 0,        -- 0: it was killed, or runs now
    due INTEGER NOT NULL DEFAULT 0, ending TEXT NOT NULL DEFAULT '');

-- What others measured on a day; kinds as in page_answer, NULL where they did not look.
CREATE TABLE reading (item INTEGER, day INTEGER, source INTEGER, api INTEGER, page INTEGER,
    PRIMARY KEY (item, day, source)) WITHOUT ROWID;
CREATE TABLE note (n INTEGER PRIMARY KEY, day INTEGER NOT NULL, text TEXT NOT NULL, made_at INTEGER NOT NULL);
-- Events that somebody was told of, by their name.
CREATE TABLE alert (event TEXT PRIMARY KEY, tries INTEGER NOT NULL, tried_at INTEGER NOT NULL,
    done_at INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;

-- By what a page was read: 1 a browser.
ALTER TABLE page_answer ADD COLUMN engine INTEGER NOT NULL DEFAULT 0;

-- The embed page, a witness beside the page: who decides, its own last answer, and the fields of
-- a record that one of the two alone has.
ALTER TABLE item_state ADD COLUMN page_witness INTEGER NOT NULL DEFAULT 3;
ALTER TABLE item_state ADD COLUMN embed INTEGER;
ALTER TABLE item_state ADD COLUMN embed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item_state ADD COLUMN embed_tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN lent TEXT NOT NULL DEFAULT '';

-- A flag is compared with a number: the statements say so in words that every engine has.
DROP INDEX record_superseded;
CREATE INDEX record_superseded ON record (item, side) WHERE superseded <> 0;
DROP INDEX current_differing;
CREATE INDEX current_differing ON current (item, api, page) WHERE agree = 0 AND api > 0 AND page > 0;

-- Vantages that read more than refusals: what each was asked to read, its own records, and where a
-- post is public.
ALTER TABLE vantage ADD COLUMN asked TEXT NOT NULL DEFAULT '';
ALTER TABLE vantage_state ADD COLUMN record INTEGER NOT NULL DEFAULT 0;
CREATE INDEX vantage_refused ON vantage_state (item) WHERE kind = 3;
ALTER TABLE record ADD COLUMN vantage INTEGER NOT NULL DEFAULT 1;
ALTER TABLE label ADD COLUMN public_at TEXT NOT NULL DEFAULT '';
ALTER TABLE label ADD COLUMN refused_at TEXT NOT NULL DEFAULT '';

-- Files of evidence that lie in an S3 bucket as well.
ALTER TABLE evidence_file ADD COLUMN bucket TEXT NOT NULL DEFAULT '';

-- Numbers come from a row of their own, many at once.
CREATE TABLE numbered (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO numbered (kind, last) VALUES ('request', (SELECT coalesce(max(n), 0) FROM request)),
    ('record', (SELECT coalesce(max(n), 0) FROM record)), ('evidence', (SELECT coalesce(max(n), 0) FROM evidence)),
    ('evidence_file', (SELECT coalesce(max(n), 0) FROM evidence_file)),
    ('source', (SELECT coalesce(max(n), 0) FROM source)), ('link', (SELECT coalesce(max(n), 0) FROM link)),
    ('event', (SELECT coalesce(max(n), 0) FROM event)), ('creator', 0), ('listing', 0),
    ('item', (SELECT coalesce(max(n), 0) FROM item)), ('ruleset', (SELECT coalesce(max(n), 0) FROM ruleset)),
    ('draw', (SELECT coalesce(max(n), 0) FROM draw)), ('note', (SELECT coalesce(max(n), 0) FROM note)),
    ('round', (SELECT max(coalesce((SELECT max(n) FROM watch_round), 0),
        coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'round'), 0), 1))), ('work', 0);
DELETE FROM meta WHERE key = 'round';

-- Pages that workers elsewhere read (docs/workers.md): empty but while a run hands them out. A
-- work is one run over the site from one vantage, cut into parcels before anybody leases one.
CREATE TABLE work (n INTEGER PRIMARY KEY, vantage TEXT NOT NULL, settings TEXT NOT NULL, begun_at INTEGER NOT NULL,
    stopped_at INTEGER NOT NULL DEFAULT 0,      -- the site ended it; nobody leases more
    retry_at INTEGER NOT NULL DEFAULT 0, why TEXT NOT NULL DEFAULT '',
    paused_until INTEGER NOT NULL DEFAULT 0,    -- a block: nobody of the vantage asks before
    pauses INTEGER NOT NULL DEFAULT 0);
CREATE TABLE parcel (n INTEGER PRIMARY KEY, work INTEGER NOT NULL, worker TEXT NOT NULL DEFAULT '',
    until_at INTEGER NOT NULL DEFAULT 0,        -- the lease ends; 0: nobody has it
    leases INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX parcel_of_work ON parcel (work, done);
CREATE TABLE parcel_page (parcel INTEGER, place INTEGER, witness INTEGER NOT NULL, item INTEGER NOT NULL,
    id INTEGER NOT NULL, handle TEXT NOT NULL, link TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (parcel, place)) WITHOUT ROWID;
-- What a worker committed and the audit has not taken in yet: answers as JSON Lines (audit/work_line.h).
CREATE TABLE upload (worker TEXT, n INTEGER, vantage TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (worker, n)) WITHOUT ROWID;
-- Who works, until when that counts, and the last upload that was committed.
CREATE TABLE worker (name TEXT PRIMARY KEY, vantage TEXT NOT NULL, until_at INTEGER NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
