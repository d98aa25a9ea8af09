-- A store of today as the program of schema 7 would have left it: the steps from there on
-- (store/migrate/8.sql and the next ones) taken back. A new step adds its own here.
ALTER TABLE label DROP COLUMN snapshot;
ALTER TABLE difference DROP COLUMN snapshot;
ALTER TABLE difference DROP COLUMN witness;
ALTER TABLE difference DROP COLUMN allowed;
ALTER TABLE difference DROP COLUMN needed;
ALTER TABLE difference DROP COLUMN rule;
DROP TABLE source_count;
ALTER TABLE source DROP COLUMN times;
ALTER TABLE source DROP COLUMN uncounted;
ALTER TABLE link_source DROP COLUMN seen;
ALTER TABLE link DROP COLUMN made;
PRAGMA user_version = 7;
