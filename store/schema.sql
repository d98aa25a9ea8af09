-- What an audit keeps (audit.db), as a new one is made; docs/schema.md says what
-- each column means. Compiled into the program (store/schema.c). What changes
-- here changes in a step of store/migrate/ too: a test compares the two.
--
-- Everything refers to item.n, and the item's id stands in one column alone, so
-- that purge can replace it. Instants are UTC seconds and days count from
-- 1970-01-01; 0 and NULL mean never. Numbers that stand for a word are named in
-- the table word. The columns of record and counter that are fields of
-- record/fields.def are added when a store is made or opened
-- (store/store.c, add_fields), so a new field is one line there.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

-- One row: grows with every commit that brought answers or items.
CREATE TABLE stamp (n INTEGER PRIMARY KEY, answers INTEGER NOT NULL, first_at INTEGER NOT NULL,
    newest_at INTEGER NOT NULL);
INSERT INTO stamp VALUES (1, 0, 0, 0);

-- The last number that was given to a row of a table, or stands in a block that somebody took:
-- whoever writes takes many at once, and gives back what is left when it ends.
CREATE TABLE numbered (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO numbered (kind, last) VALUES ('request', 0), ('record', 0), ('evidence', 0), ('evidence_file', 0),
    ('source', 0), ('link', 0), ('event', 0), ('creator', 0), ('listing', 0), ('item', 0), ('ruleset', 0),
    ('draw', 0), ('note', 0), ('round', 1), ('work', 0);

-- What the numbers in other tables mean: kind "witness", "answer", "field" ...
CREATE TABLE word (kind TEXT, n INTEGER, name TEXT NOT NULL, PRIMARY KEY (kind, n)) WITHOUT ROWID;

CREATE TABLE source (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, digest BLOB NOT NULL,
    times INTEGER NOT NULL DEFAULT 0,       -- read and counted; the same file again is the same source
    uncounted INTEGER NOT NULL DEFAULT 0,   -- it came in before anything was counted
    UNIQUE (kind, digest));

-- What a source held: what is 'seen', 'new', 'duplicate' (name ''), or 'passed' (name: the
-- kind). Its short links stand in link_source.
CREATE TABLE source_count (source INTEGER, what TEXT, name TEXT, count INTEGER NOT NULL,
    PRIMARY KEY (source, what, name)) WITHOUT ROWID;

-- The upload second and the entity type are bits of the id (record/id.h).
CREATE TABLE item (n INTEGER PRIMARY KEY, id INTEGER NOT NULL, handle TEXT NOT NULL,
    created_at INTEGER GENERATED ALWAYS AS (id >> 32) VIRTUAL,
    type INTEGER GENERATED ALWAYS AS ((id >> 8) & 15) VIRTUAL,
    purged_at INTEGER NOT NULL DEFAULT 0);  -- content dropped, the id is a pseudonym from then on
CREATE UNIQUE INDEX item_by_id ON item (id);

-- The items of a source, as ranges that never overlap: fresh items of one file
-- have consecutive numbers, so a file of a million links is a few rows.
CREATE TABLE item_source (source INTEGER, first_n INTEGER, last_n INTEGER NOT NULL,
    PRIMARY KEY (source, first_n)) WITHOUT ROWID;

-- Short links; item is NULL while open, 0 when dead, -1 where it led to no item.
CREATE TABLE link (n INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, item INTEGER, target TEXT,
    tries INTEGER NOT NULL DEFAULT 0, tried_at INTEGER NOT NULL DEFAULT 0,
    made INTEGER NOT NULL DEFAULT 0);       -- the source whose new item it led to, 0 none
CREATE TABLE link_source (link INTEGER, source INTEGER,
    seen INTEGER NOT NULL DEFAULT 0,        -- how often
    PRIMARY KEY (link, source)) WITHOUT ROWID;
CREATE INDEX link_source_by_source ON link_source (source);

CREATE TABLE request (n INTEGER PRIMARY KEY, witness INTEGER NOT NULL,
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
    region TEXT, evidence INTEGER NOT NULL, vantage INTEGER NOT NULL DEFAULT 1,
    engine INTEGER NOT NULL DEFAULT 0,          -- 1: a browser read it
    PRIMARY KEY (item, witness, request)) WITHOUT ROWID;

-- What the API said of an account when it was asked by name: a query over one
-- window and user/info. item is an item of the account; videos NULL where
-- user/info did not say.
CREATE TABLE user_answer (item INTEGER, request INTEGER, handle TEXT NOT NULL, at INTEGER NOT NULL,
    start_day INTEGER NOT NULL, end_day INTEGER NOT NULL, query_ok INTEGER NOT NULL, query_rows INTEGER NOT NULL,
    query_items INTEGER NOT NULL, info INTEGER NOT NULL, videos INTEGER, message TEXT NOT NULL,
    PRIMARY KEY (item, request)) WITHOUT ROWID;

-- The places from which the site is seen. Vantage 1 is the audit's own; what its
-- pages said stands in item_state. A further one reads what page.elsewhere says, and
-- its last answers stand in vantage_state.
CREATE TABLE vantage (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    region_seen TEXT NOT NULL DEFAULT '',    -- the country that its last page named
    asked TEXT NOT NULL DEFAULT '');         -- page.elsewhere when it was last used; '' never, or the first
CREATE TABLE vantage_state (vantage INTEGER, item INTEGER, kind INTEGER,   -- NULL: tried, nothing decisive
    at INTEGER NOT NULL, request INTEGER NOT NULL, tries INTEGER NOT NULL, tried_at INTEGER NOT NULL,
    record INTEGER NOT NULL DEFAULT 0,       -- what its last page with fields showed; 0 none did
    PRIMARY KEY (vantage, item)) WITHOUT ROWID;
CREATE INDEX vantage_refused ON vantage_state (item) WHERE kind = 3;

-- A new row only when a field that does not drift has changed; the drifting
-- ones hold the last reading here and every reading in counter. Of one that is
-- compared the number stands in current; only the others are looked for by item.
CREATE TABLE record (n INTEGER PRIMARY KEY, item INTEGER NOT NULL, side INTEGER NOT NULL, kind INTEGER NOT NULL,
    generation INTEGER NOT NULL, first_request INTEGER NOT NULL, last_request INTEGER NOT NULL,
    first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, hash BLOB NOT NULL, compared INTEGER NOT NULL,
    superseded INTEGER NOT NULL DEFAULT 0,
    lent TEXT NOT NULL DEFAULT '',      -- fields that another witness of the page alone has, apart by blanks
    vantage INTEGER NOT NULL DEFAULT 1);    -- whence it was seen; only those of the first are compared
CREATE INDEX record_superseded ON record (item, side) WHERE superseded <> 0;

-- The records that are compared now; agree = every compared field is the same
-- on both, so a pass over the differences need not read them.
CREATE TABLE current (item INTEGER PRIMARY KEY, api INTEGER NOT NULL DEFAULT 0, page INTEGER NOT NULL DEFAULT 0,
    agree INTEGER NOT NULL DEFAULT 0);
CREATE INDEX current_differing ON current (item, api, page) WHERE agree = 0 AND api > 0 AND page > 0;

CREATE TABLE counter (item INTEGER, side INTEGER, at INTEGER, PRIMARY KEY (item, side, at)) WITHOUT ROWID;

-- Totals of an item, written in the same transaction as the answer.
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
    elsewhere_vantage INTEGER NOT NULL DEFAULT 0,
    page_witness INTEGER NOT NULL DEFAULT 3,              -- who decides what stands in page: 3 the page, 7 its embed
    embed INTEGER, embed_at INTEGER NOT NULL DEFAULT 0,   -- the embed page's last answer, whoever decides
    embed_tries INTEGER NOT NULL DEFAULT 0);

-- Where the bytes lie; file 0 = only their digest was kept.
CREATE TABLE evidence_file (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL DEFAULT 0,    -- 0: never closed, a run was killed or writes it now
    digest BLOB,
    bucket TEXT NOT NULL DEFAULT '');   -- the S3 bucket where it lies as well; '' none
CREATE TABLE evidence (n INTEGER PRIMARY KEY, file INTEGER NOT NULL, offset INTEGER NOT NULL, len INTEGER NOT NULL,
    kind INTEGER NOT NULL, digest BLOB NOT NULL, purged_at INTEGER NOT NULL DEFAULT 0,
    request INTEGER NOT NULL DEFAULT 0);
CREATE INDEX evidence_of_request ON evidence (request);
CREATE INDEX evidence_by_place ON evidence (file, offset);

CREATE TABLE event (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, item INTEGER NOT NULL,
    text TEXT NOT NULL);
CREATE INDEX event_of_item ON event (item, kind) WHERE item > 0;
CREATE TABLE tally (kind TEXT, name TEXT, count INTEGER NOT NULL, first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;

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

-- Results of classify and diff: derived, replaced by the next run.
CREATE TABLE ruleset (n INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, text TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE label (item INTEGER PRIMARY KEY, ruleset INTEGER NOT NULL, state INTEGER NOT NULL,
    label INTEGER NOT NULL, reason INTEGER NOT NULL, rule TEXT NOT NULL, basis INTEGER NOT NULL,
    confirmed INTEGER NOT NULL, asked INTEGER NOT NULL, days INTEGER NOT NULL, first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL, sound_days INTEGER NOT NULL, sound_list TEXT NOT NULL, residual REAL NOT NULL,
    created_at INTEGER NOT NULL, page INTEGER, code INTEGER, message TEXT NOT NULL, page_at INTEGER NOT NULL,
    later_refused_at INTEGER NOT NULL, place TEXT NOT NULL, region TEXT NOT NULL, account INTEGER NOT NULL,
    api_request INTEGER NOT NULL, page_request INTEGER NOT NULL, rules_hit BLOB NOT NULL, handle TEXT NOT NULL,
    validation INTEGER NOT NULL DEFAULT 0, elsewhere INTEGER, elsewhere_at INTEGER NOT NULL DEFAULT 0,
    elsewhere_vantage INTEGER NOT NULL DEFAULT 0,
    snapshot INTEGER NOT NULL DEFAULT 0,        -- of its API row: 0 none, 1 yes, 2 no
    -- Names of vantages, apart by blanks, where its page was last public, and refused; '' where no
    -- vantage but the first read it.
    public_at TEXT NOT NULL DEFAULT '', refused_at TEXT NOT NULL DEFAULT '');
CREATE TABLE difference (item INTEGER, field INTEGER, verdict INTEGER NOT NULL, api, page,
    relative_error REAL, api_at INTEGER NOT NULL, page_at INTEGER NOT NULL,
    rule INTEGER NOT NULL DEFAULT 0, needed REAL, allowed REAL, witness INTEGER,   -- why a counter differs
    snapshot INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (item, field)) WITHOUT ROWID;
