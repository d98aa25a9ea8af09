-- Views for whoever opens audit.db with other tools; docs/schema.md shows their use.
-- They are made anew when the schema changes. Instants are RFC 3339 UTC, NULL never.

-- One row an item: what is known of it, and its label as of the last labelling.
CREATE VIEW v_items AS
SELECT i.id, nullif(i.handle, '') AS handle, strftime('%Y-%m-%dT%H:%M:%SZ', i.created_at, 'unixepoch') AS id_time,
    coalesce(s.asked, 0) AS api_asked, coalesce(s.days, 0) AS api_days,
    strftime('%Y-%m-%dT%H:%M:%SZ', nullif(s.first_at, 0), 'unixepoch') AS api_first_asked_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', nullif(s.last_at, 0), 'unixepoch') AS api_last_asked_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', nullif(s.found_first_at, 0), 'unixepoch') AS api_first_found_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', nullif(s.found_last_at, 0), 'unixepoch') AS api_last_found_at,
    (SELECT name FROM word WHERE kind = 'answer' AND n = s.page) AS page, s.code AS page_code,
    s.message AS page_message, strftime('%Y-%m-%dT%H:%M:%SZ', nullif(s.page_at, 0), 'unixepoch') AS page_at,
    (SELECT name FROM word WHERE kind = 'state' AND n = l.state) AS state,
    nullif((SELECT name FROM word WHERE kind = 'label' AND n = l.label), '') AS label,
    (SELECT name FROM word WHERE kind = 'reason' AND n = l.reason) AS reason, nullif(l.rule, '') AS rule,
    nullif((SELECT name FROM word WHERE kind = 'basis' AND n = l.basis), '') AS basis, l.confirmed,
    l.residual, l.account, i.purged_at > 0 AS purged
FROM item i LEFT JOIN item_state s ON s.item = i.n LEFT JOIN label l ON l.item = i.n;

-- One row an answer: an item in a request of the API, or one reading of its page.
CREATE VIEW v_answers AS
SELECT i.id, strftime('%Y-%m-%dT%H:%M:%SZ', nullif(r.done_at, 0), 'unixepoch') AS at,
    (SELECT name FROM word WHERE kind = 'witness' AND n = r.witness) AS witness,
    CASE WHEN a.came_back <> 0 THEN 'found' WHEN r.done_at > 0 AND r.complete <> 0 THEN 'absent' ELSE 'no_answer' END AS answer,
    NULL AS why, r.n AS request, r.round, r.members, r.http, NULL AS code, r.error_code AS message, r.log_id,
    f.name AS file, e.offset
FROM ask a JOIN request r ON r.n = a.request JOIN item i ON i.n = a.item
    LEFT JOIN evidence e ON e.n = r.evidence LEFT JOIN evidence_file f ON f.n = e.file
UNION ALL
SELECT i.id, strftime('%Y-%m-%dT%H:%M:%SZ', p.at, 'unixepoch'),
    (SELECT name FROM word WHERE kind = 'witness' AND n = p.witness),
    (SELECT name FROM word WHERE kind = 'answer' AND n = p.kind),
    nullif((SELECT name FROM word WHERE kind = 'no_answer' AND n = p.why), ''), p.request, NULL, 1, r.http, p.code,
    p.message, NULL, f.name, e.offset
FROM page_answer p JOIN item i ON i.n = p.item LEFT JOIN request r ON r.n = p.request
    LEFT JOIN evidence e ON e.n = p.evidence LEFT JOIN evidence_file f ON f.n = e.file
WHERE p.witness IN (3, 4, 7);

-- One row an item of which a record is compared: every field of either side.
CREATE VIEW v_pairs AS
SELECT i.id, strftime('%Y-%m-%dT%H:%M:%SZ', a.last_at, 'unixepoch') AS api_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', p.last_at, 'unixepoch') AS page_at, c.agree,
    {all a.:api_}, {all p.:page_}
FROM current c JOIN item i ON i.n = c.item LEFT JOIN record a ON a.n = c.api LEFT JOIN record p ON p.n = c.page;
