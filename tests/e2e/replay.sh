#!/bin/sh
# A whole audit done again offline, from its archive alone: the same labels.csv,
# byte for byte, in the audit and in a copy whose answers were thrown away.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite replay
DAYS_MAX=4
plain() { (unset BLINDSPOT_CLOCK; exec "$BLINDSPOT" -C "$@") >"$T/out" 2>"$T/err"; }
# same NAME: labels.csv and differences.csv of $T/b are those of $T/a.
same() {
    if cmp "$T/a/report/labels.csv" "$T/b/report/labels.csv" >"$T/diff" 2>&1; then ok "$1: the same labels.csv, byte for byte"; else
        not_ok "$1: the same labels.csv" "$(diff "$T/a/report/labels.csv" "$T/b/report/labels.csv" | sed 6q)"; fi
    if cmp "$T/a/report/differences.csv" "$T/b/report/differences.csv" >"$T/diff" 2>&1; then ok "$1: the same differences.csv"; else
        not_ok "$1: the same differences.csv" "$(diff "$T/a/report/differences.csv" "$T/b/report/differences.csv" | sed 6q)"; fi
}

SETS="--set api.validation=yes --set api.user_check=yes --set page.retrieved_sample=all"
make_world "$T/w" 41 500
start_standin "$T/w" --mild
audit_until_done "$T/a" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
stop_standin

# Two captured replies and a page that somebody else collected are part of it.
printf '{"data":{"videos":[{"id":7300000000000000001,"username":"made_up"}],"has_more":false},"error":{"code":"ok","log_id":"202603011200001A"}}\n' >"$T/extra.json"
plain "$T/a" load --api "$T/extra.json"
expect "a loaded reply beside the audit's own" 0 $?
# A post's embed page is a witness of its own: kept, told by explain, read again by a replay.
embedded=7300000000000000001
printf 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><script id="__FRONTITY_CONNECT_STATE__" type="application/json">{"source":{"data":{"/embed/v2/%s":{"isReady":true,"code":200,"isError":false,"videoData":{"itemInfos":{"id":"%s","createTime":"1699678000"},"authorInfos":{"uniqueId":"made_up"}}}}}}</script></html>' $embedded $embedded >"$T/embed.http"
{
    printf 'WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-03-02T12:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://www.tiktok.com/embed/v2/%s\r\nContent-Length: %s\r\n\r\n' $embedded "$(($(wc -c <"$T/embed.http")))"
    cat "$T/embed.http"
    printf '\r\n\r\n'
} >"$T/embed.warc"
plain "$T/a" load --pages "$T/embed.warc"
expect "a loaded embed page too" 0 $?
plain "$T/a" explain $embedded
expect_text "which explain tells" "$T/out" 'embed: public'
plain "$T/a" report
cp -R "$T/a" "$T/b"
for threads in 1 4; do
    rm -rf "$T/b/report"
    plain "$T/b" scrape --replay --threads $threads
    expect "with $threads threads: the replay ends" 0 $?
    expect_text "and reads every page as before" "$T/err" '[1-9][0-9]* public, .* 0 pages are read differently'
    plain "$T/b" classify
    expect "classify labels from it" 0 $?
    plain "$T/b" report
    same "with $threads threads"
    plain "$T/b" verify
    expect "and verify finds nothing broken" 0 $?
done

# A store whose answers were damaged gets them back from the archive.
if command -v sqlite3 >/dev/null 2>&1; then
    sqlite3 "$T/b/audit.db" "UPDATE item_state SET page = NULL, asked = 0, found_first_at = 0; DELETE FROM record; DELETE FROM counter;
        DELETE FROM current; UPDATE ask SET came_back = 0; UPDATE page_answer SET kind = 4, why = 3 WHERE kind IN (2, 3) AND witness IN (3, 4)" >"$T/out" 2>&1
    rm -rf "$T/b/report"
    plain "$T/b" scrape --replay
    plain "$T/b" report
    same "a store whose answers were thrown away"
else
    skip "a store whose answers were thrown away" "no sqlite3"
fi

# Another audit takes the archive in, as it would anybody's.
plain "$T/other" init
expect "another audit" 0 $?
plain "$T/other" --set page.base_url="$URL" load --json --pages "$T/a/evidence"
expect "load --pages of our own archive" 0 $?
pages=$(($(json "$T/out" public) + $(json "$T/out" refused)))
plain "$T/other" load --json --api "$T/a/evidence"
expect "load --api of our own archive" 0 $?
found=$(json "$T/out" found)
if [ "$pages" -gt 100 ] && [ "$found" -gt 100 ]; then ok "load takes pages and replies out of our own archive"; else
    not_ok "load takes pages and replies out of our own archive" "$pages pages, $found rows"; fi
plain "$T/other" report
csv "$T/other/report/labels.csv" id page_outcome | awk -F '\t' '$2 == "public"' | sort >"$T/got"
csv "$T/a/report/labels.csv" id page_outcome | awk -F '\t' '$2 == "public"' | sort >"$T/want"
diff "$T/want" "$T/got" >"$T/diff"
expect_empty "and every public page is public there" "$T/diff"

# ---- what cannot be replayed says so, and changes nothing ----

start_standin "$T/w" --mild
SETS="--set evidence.keep=none"
audit_until_done "$T/c" "$T/w/list.csv"
plain "$T/c" report
verdicts "$T/c" >"$T/want"
plain "$T/c" scrape --replay
expect "without an archive there is no replay" 2 $?
expect_text "it says so" "$T/err" 'not replayable: of [0-9]+ exchanges the digest alone was kept'
plain "$T/c" report
verdicts "$T/c" >"$T/got"
diff "$T/want" "$T/got" >"$T/diff"
expect_empty "and nothing has changed" "$T/diff"
SETS="--set evidence.keep=extract"
audit_until_done "$T/d" "$T/w/list.csv"
plain "$T/d" --set evidence.keep=extract scrape --replay
expect "nor with extracts" 2 $?
plain "$T/d" verify
expect "whose archive verify checks all the same" 0 $?
stop_standin
first=$(find "$T/b/evidence" -name '*.warc.gz' | sort | sed 1q)
head -c 20000 "$first" >"$T/cut"; cp "$T/cut" "$first"
plain "$T/b" scrape --replay
expect "a damaged archive is named" 2 $?
expect_text "with its request" "$T/err" '^blindspot: request [0-9]+: .*(damaged or cut off|ends before|lies behind)'
plain "$T/b" report
same "a replay that failed left the store as it was"
expect_no_leak "key, secret and token stand in no file"
