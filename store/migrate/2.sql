-- From version 1 to 2: the platform's validity check and the questions by username.

-- The last answer of the validity check: 1 valid, 2 not valid, NULL or 0 none.
ALTER TABLE item_state ADD COLUMN valid INTEGER;
ALTER TABLE item_state ADD COLUMN valid_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE label ADD COLUMN validation INTEGER NOT NULL DEFAULT 0;

-- What the API said of an account when it was asked by name: a query over one
-- window and user/info. item is an item of the account; info as in
-- enum user_info of record/answer.h; videos NULL where user/info did not say.
CREATE TABLE user_answer (item INTEGER, request INTEGER, handle TEXT NOT NULL, at INTEGER NOT NULL,
    start_day INTEGER NOT NULL, end_day INTEGER NOT NULL, query_ok INTEGER NOT NULL, query_rows INTEGER NOT NULL,
    query_items INTEGER NOT NULL, info INTEGER NOT NULL, videos INTEGER, message TEXT NOT NULL,
    PRIMARY KEY (item, request)) WITHOUT ROWID;
