-- From version 8 to 9: why a counter differs, and whether one instant fits all counters of
-- an API row. What was derived before is made anew when it is next asked for.
ALTER TABLE difference ADD COLUMN rule INTEGER NOT NULL DEFAULT 0;
ALTER TABLE difference ADD COLUMN needed REAL;
ALTER TABLE difference ADD COLUMN allowed REAL;
ALTER TABLE difference ADD COLUMN witness INTEGER;
ALTER TABLE difference ADD COLUMN snapshot INTEGER NOT NULL DEFAULT 0;
ALTER TABLE label ADD COLUMN snapshot INTEGER NOT NULL DEFAULT 0;
