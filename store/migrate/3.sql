-- From version 2 to 3: what the item's page says that goes with being returned
-- (enum page_mark of record/record.h), for the strata of silence/belief.h.
ALTER TABLE item_state ADD COLUMN page_marks INTEGER NOT NULL DEFAULT 0;
