-- From version 7 to 8: what each source held is counted, so that the ledger closes over
-- inputs as well. What came in before was not: it stays unknown, which is not 0.
ALTER TABLE source ADD COLUMN times INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN uncounted INTEGER NOT NULL DEFAULT 0;
UPDATE source SET uncounted = 1;
CREATE TABLE source_count (source INTEGER, what TEXT, name TEXT, count INTEGER NOT NULL,
    PRIMARY KEY (source, what, name)) WITHOUT ROWID;
ALTER TABLE link_source ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link ADD COLUMN made INTEGER NOT NULL DEFAULT 0;
-- 0 was both: dead, and led to a page that is no item.
UPDATE link SET item = -1 WHERE item = 0 AND (SELECT kind FROM page_answer WHERE witness = 5
    AND page_answer.item = link.n AND kind IN (3, 5) ORDER BY request DESC LIMIT 1) = 5;
