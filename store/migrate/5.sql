-- From version 4 to 5: what verify, replay and purge need to know.

-- Every exchange names the request that it belongs to: a search may have several
-- pages, a page several redirects, and the last one alone stood in the request.
ALTER TABLE evidence ADD COLUMN request INTEGER NOT NULL DEFAULT 0;
UPDATE evidence SET request = r.n FROM request r WHERE r.evidence = evidence.n;
UPDATE evidence SET request = p.request FROM page_answer p WHERE p.evidence = evidence.n AND evidence.request = 0;
CREATE INDEX evidence_of_request ON evidence (request);
CREATE INDEX evidence_by_place ON evidence (file, offset);

-- Size and SHA-256 of a file that was closed properly; size 0: a run that was
-- killed left it, or a run writes it now.
ALTER TABLE evidence_file ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE evidence_file ADD COLUMN digest BLOB;

-- When an item's content was dropped; its id is a pseudonym from then on.
ALTER TABLE item ADD COLUMN purged_at INTEGER NOT NULL DEFAULT 0;
