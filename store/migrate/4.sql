-- From version 3 to 4: the places from which the site is seen. Vantage 1 is the
-- audit's own; what its pages said stands in item_state. A further one reads what
-- was refused there, and its last answers stand in vantage_state; elsewhere is
-- the best of them (public before refused).
CREATE TABLE vantage (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    region_seen TEXT NOT NULL DEFAULT '');   -- the country that its last page named
INSERT INTO vantage (n, name) SELECT 1, '' WHERE EXISTS (SELECT 1 FROM page_answer);
ALTER TABLE page_answer ADD COLUMN vantage INTEGER NOT NULL DEFAULT 1;
CREATE TABLE vantage_state (vantage INTEGER, item INTEGER, kind INTEGER,   -- NULL: tried, nothing decisive
    at INTEGER NOT NULL, request INTEGER NOT NULL, tries INTEGER NOT NULL, tried_at INTEGER NOT NULL,
    PRIMARY KEY (vantage, item)) WITHOUT ROWID;
ALTER TABLE item_state ADD COLUMN elsewhere INTEGER;
ALTER TABLE item_state ADD COLUMN elsewhere_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item_state ADD COLUMN elsewhere_vantage INTEGER NOT NULL DEFAULT 0;
ALTER TABLE label ADD COLUMN elsewhere INTEGER;
ALTER TABLE label ADD COLUMN elsewhere_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE label ADD COLUMN elsewhere_vantage INTEGER NOT NULL DEFAULT 0;
