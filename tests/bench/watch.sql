-- tests/bench/watch.sql: a watch list of 500 posts and 10 canaries with a round of its own a day
-- for 1,000 days, as `monitor run` leaves it: a request of each post alone, 20 in company, two of
-- canaries, a page and an oEmbed of each post, evidence of every reply, counters of every row
-- and page. Posts come and go, pages go, the API fails on a day, a page is blocked, days are missed.
CREATE TEMP TABLE at (d INTEGER PRIMARY KEY, t INTEGER, n INTEGER, down INTEGER);     -- n: its requests come after this one
WITH RECURSIVE s(d) AS (SELECT 1 UNION ALL SELECT d + 1 FROM s WHERE d < 1000)
INSERT INTO at SELECT d, 1672538400 + d * 86400, (d - 1) * 1522, d % 97 = 50 FROM s WHERE d % 61 <> 17;
CREATE TEMP TABLE post (i INTEGER PRIMARY KEY);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 500) INSERT INTO post SELECT i FROM s;
INSERT INTO item (n, id, handle)
    SELECT i, ((1660000000 + 977 * i) << 32) + 3335, 'maker_' || (i % 90) FROM post
    UNION ALL SELECT 500 + i, ((1661000000 + 977 * i) << 32) + 3335, 'canary_' || i FROM post WHERE i <= 10;
INSERT INTO item_state (item) SELECT n FROM item;
INSERT INTO watch (item, role, since_at) SELECT n, n > 500, 1672531200 FROM item;
INSERT INTO watch_round (n, started_at, ended_at, due, ending) SELECT d + 1, t, t + 1500, 510, 'done' FROM at;

-- What each post's day was: returned, its page public, its page blocked.
CREATE TEMP TABLE state (d INTEGER, i INTEGER, back INTEGER, open INTEGER, blocked INTEGER, PRIMARY KEY (d, i)) WITHOUT ROWID;
INSERT INTO state SELECT d, i,
    NOT down AND ((i * 7919 + (d + i * 13) / (25 + i % 20) * 104729) * 48271 % 2147483647) % 100 < 30,
    d < 300 + i * 37 % 1400, (i * 31 + d * 17) % 211 = 0 FROM at, post;

-- Request k of a day: 0 canaries, 1 to 20 company, 21 to 520 alone, 521 canaries, then pages.
CREATE TEMP TABLE asked (k INTEGER, i INTEGER, role INTEGER, PRIMARY KEY (k, i)) WITHOUT ROWID;
INSERT INTO asked SELECT 20 + i, i, 0 FROM post UNION ALL SELECT (i - 1) / 25 + 1, i, 0 FROM post
    UNION ALL SELECT p.i, 500 + (p.i + c.i) % 10 + 1, 1 FROM post p, post c WHERE p.i <= 20 AND c.i <= 2
    UNION ALL SELECT k.i, 500 + c.i, 1 FROM post c, (SELECT 0 AS i UNION SELECT 521) k WHERE c.i <= 5;
CREATE TEMP TABLE query AS SELECT k, count(*) AS members FROM asked GROUP BY k ORDER BY k;
INSERT INTO request (n, witness, round, start_day, end_day, members, loaded, reserved_at, sent_at, done_at, sends,
    http, complete, rows, strange_rows, evidence, error_code, log_id)
    SELECT n + k + 1, 0, d + 1, 19000, 19030, members, 0, t + k, t + k, t + k + 1, 1, iif(down, 500, 200), NOT down, 0,
        0, n + k + 1, iif(down, 'internal_error', 'ok'), '' FROM at, query;
INSERT INTO ask (request, item, role, came_back)
    SELECT n + k + 1, a.i, role, iif(role, NOT down, back) FROM at, asked a LEFT JOIN state s ON s.d = at.d AND s.i = a.i;
INSERT INTO request (n, witness, round, start_day, end_day, members, loaded, reserved_at, sent_at, done_at, sends,
    http, complete, rows, strange_rows, evidence, error_code, log_id)
    SELECT n + 521 + 2 * i + w - 3, w, d + 1, 0, 0, 1, 0, t + 700 + i, t + 700 + i, t + 701 + i, 1, 200, 1, 0, 0,
        n + 521 + 2 * i + w - 3, 'ok', '' FROM at, post, (SELECT 3 AS w UNION SELECT 4);
INSERT INTO page_answer (item, request, witness, at, kind, why, code, message, generation, region, evidence)
    SELECT i, n + 521 + 2 * i + w - 3, w, t + 701 + i, iif(blocked, 4, 3 - open), 4 * blocked,
        iif(open OR blocked OR w = 4, NULL, 10204), iif(open OR blocked OR w = 4, '', 'item doesn''t exist'),
        iif(w = 4, 7, open AND NOT blocked), 'DE', n + 521 + 2 * i + w - 3
    FROM at JOIN state USING (d), (SELECT 3 AS w UNION SELECT 4) ORDER BY i, w, n;
INSERT INTO evidence_file (n, name, size, digest)
    SELECT d, date(t, 'unixepoch') || '-r' || (d + 1) || '.warc.gz', 1522000, zeroblob(32) FROM at;
INSERT INTO evidence (n, file, offset, len, kind, digest, request)
    SELECT r.n, round - 1, (r.n - at.n) * 1000, 1000, 2, zeroblob(32), r.n FROM request r JOIN at ON d = round - 1;
-- The API's are some days old.
INSERT INTO counter (item, side, at, view_count, like_count, comment_count, share_count, favorites_count)
    SELECT i, 1, t + 701 + i, 900 * i + d * (i % 50 + 1), 90 * i + d * (i % 7), 9 * i + d / 9, i + d / 20, 0
    FROM at JOIN state USING (d) WHERE open AND NOT blocked
    UNION ALL SELECT s.i, 0, t + k + 1, 900 * s.i + (d - s.i % 5) * (s.i % 50 + 1), 90 * s.i + (d - s.i % 5) * (s.i % 7),
        9 * s.i + (d - s.i % 5) / 9, s.i + (d - s.i % 5) / 20, 0
    FROM at JOIN state s USING (d) JOIN asked a ON a.i = s.i WHERE back ORDER BY 1, 2, 3;
