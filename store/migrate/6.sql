-- From version 5 to 6: of a record that is compared the number stands in current;
-- only the others are looked for by item. An index over all of them cost every
-- answer of the API a page or more.
ALTER TABLE record ADD COLUMN superseded INTEGER NOT NULL DEFAULT 0;
UPDATE record SET superseded = 1 WHERE n NOT IN (SELECT api FROM current UNION SELECT page FROM current);
DROP INDEX record_by_item;
CREATE INDEX record_superseded ON record (item, side) WHERE superseded;
