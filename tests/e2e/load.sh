#!/bin/sh
# Answers that others collected, and lists as people publish them: real files,
# read where they lie (BLINDSPOT_SHARED), never copied.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite load
samples=${BLINDSPOT_SHARED:-../shared}/facts/samples
real=${BLINDSPOT_SHARED:-../shared}/real
LC_ALL=C.UTF-8; export LC_ALL
plain() { "$BLINDSPOT" -C "$T/a" "$@" >"$T/out" 2>"$T/err"; plain_rc=$?; cat "$T/err" >>"$ERRLOG"; return $plain_rc; }
# shows NAME ID TEXT...: explain --json of the item holds each text.
shows() {
    shows_name=$1
    plain explain --json "$2" || { not_ok "$shows_name" "$(cat "$T/err")"; return; }
    shift 2
    for text; do
        grep -qF -e "$text" "$T/out" || { not_ok "$shows_name" "not in explain: $text" "$(cut -c1-600 "$T/out")"; return; }
    done
    ok "$shows_name"
}

if [ -f "$samples/research_api_videos_null_bytes.json" ]; then
    "$BLINDSPOT" -q init "$T/a"
    plain load --json --api --at 2024-02-01 "$samples/research_api_videos_doc_example.json"
    expect "the documentation's example is taken in" 0 $?
    expect "its two rows of one item are one item" 1 "$(json "$T/out" new_items)"
    shows "the documentation's row, id by video_id" 702874395068494965 '"id":"702874395068494965"' \
        '"api.music_id":"703847506349838790"' '"api.region_code":"CA"' '"api.view_count":1050' '"api.comment_count":2' \
        '"at":"2023-01-13T02:46:58Z"'
    plain load --json --api "$samples/research_api_videos_null_bytes.json"
    expect "a reply with U+0000, its time from log_id" 0 $?
    shows "ids are exact, U+0000 is shown as U+2400, counters are whole" 7435406205763226897 '"id":"7435406205763226897"' \
        '␀␀␀␀␀␀4' '"api.music_id":"7375579229523643153"' '"api.view_count":401' '"api.like_count":49' \
        '"api.created_at":1731190453' '"at":"2024-11-18T16:08:58Z"'
    plain load --json --api --at 2024-04-05 "$samples/research_api_videos_page_real.json"
    expect "a real page of 27 rows" "0 27" "$? $(json "$T/out" found)"
    plain report
    tr ',{}[]' '\n' <"$samples/research_api_videos_page_real.json" | sed -n 's/^ *"id": *\([0-9]*\)$/\1/p' | sort >"$T/want"
    csv "$T/a/report/labels.csv" id | sort >"$T/got"
    expect "all its ids, digit by digit, are in labels.csv" 27 "$(comm -12 "$T/want" "$T/got" | wc -l)"
    shows "a row of it" 7320768196569599275 '"api.username":"s.clovis"' '"api.view_count":4' '"api.music_id":"7159460238003800066"' \
        '"api.description":"#duet with @MarvelKitties2022 #cats "'
    expect "loaded rows are retrieved" 29 "$(count "$T/a" state retrieved)"

    plain load --api "$samples/research_api_videos_page_real.json"; rc=$?
    log_id=$(grep -c log_id "$samples/research_api_videos_page_real.json")
    if [ "$log_id" -eq 0 ]; then
        expect "without WARC-Date, log_id and --at the file is refused" 2 "$rc"
        expect_text "with that sentence" "$T/err" '\-\-at'
    else
        expect "its time is in its log_id" 0 "$rc"
    fi

    discard "$T/a"; "$BLINDSPOT" -q init "$T/a"
    page=$samples/web_page_deleted_10204.html
    plain load --json --pages --at 2026-07-20T12:00:00Z "$page"
    expect "a captured page: one refusal" "0 1" "$? $(json "$T/out" refused)"
    plain report
    id=$(csv "$T/a/report/labels.csv" id)
    expect "with code 10204 and the site's own words" "refused|10204|item doesn't exist|2026-07-20T12:00:00Z" \
        "$(csv "$T/a/report/labels.csv" page_outcome page_status_code page_status_msg page_at | sed 's/	/|/g')"
    shows "whose item was never asked" "$id" '"state":"open"' '"reason":"not_asked"' '"page.status_code":10204'
else
    skip "answers that others collected" "no samples under $samples"
fi

# ---- the pages of one search, in a folder as a client left them ----

page() {    # CURSOR HAS_MORE ID...: a reply
    page_cursor=$1 page_more=$2
    shift 2
    printf '{"data":{"videos":['; page_comma=
    for id; do printf '%s{"id":%s,"view_count":7}' "$page_comma" "$id"; page_comma=,; done
    printf '],"cursor":%s,"has_more":%s,"search_id":"7600000000000000007"},' "$page_cursor" "$page_more"
    printf '"error":{"code":"ok","message":"","log_id":"20260305080000AA"}}\n'
}
a=7601818957493931332 b=7601896265902787964 c=7601973573070146995
mkdir "$T/raw"
page 200 false $b >"$T/raw/1772697605.25.json"
page 100 true $a >"$T/raw/1772697600.5.json"
printf '%s\n' $a $b $c >"$T/asked.txt"
discard "$T/a"; "$BLINDSPOT" -q init "$T/a"
plain load --json --api --asked "$T/asked.txt" "$T/raw/1772697605.25.json"
expect "the second page of a search alone" "0 1 1" "$? $(json "$T/out" found) $(json "$T/out" answers)"
expect_text "proves no absence, and says so" "$T/err" "2 ids of the 3 in .* did not come back, and that was not counted: the first page is missing"
shows "who did not come back stays open" $c '"reason":"not_asked"'
plain load --json --api --asked "$T/asked.txt" "$T/raw"
expect "with the first page, as a folder" "0 2" "$? $(json "$T/out" found)"
shows "who is in none of them was asked" $c '"item.days_asked":1'
echo '{"error":{"code":"internal_error","message":"","log_id":"20260305080003AA"}}' >"$T/raw/1772697603.0.json"
plain load --json --api "$T/raw"
expect "an error reply in a file of its own: the others are taken" "2 2" "$? $(json "$T/out" found)"
expect_text "and it is named" "$T/err" "nothing of it was taken: error_reply .internal_error. 1"
cat "$T"/raw/*.json >"$T/all.jsonl"
plain load --json --api "$T/all.jsonl"
expect "between others it costs itself alone" "0 2" "$? $(json "$T/out" found)"
{ cat "$T/all.jsonl"; printf '{"data":{"videos":[{"id":76'; } >"$T/cut.jsonl"
plain load --json --api "$T/cut.jsonl"
expect "a line that breaks off as well, with its line" "2 2" "$? $(json "$T/out" found)"
expect_text "which is said" "$T/err" "line 4"
i=0; while [ $i -lt 101 ]; do echo $((7601818957493931332 + i * 77307408471455)); i=$((i + 1)); done >"$T/many.txt"
plain load --api --asked "$T/many.txt" "$T/raw/1772697600.5.json"
expect "more ids than a request can hold" 2 $?
expect_text "says how it is done" "$T/err" "101 ids, and a request holds at most 100"

if [ -f "$real/wikipedia_cited_300.csv" ]; then
    discard "$T/a"; "$BLINDSPOT" -q init "$T/a"
    plain add --json "$real/wikipedia_cited_300.csv"
    expect "a real list of 300 links: 300 items" "0 300" "$? $(jq .items "$T/out")"
    plain add --json "$real/wikipedia_cited_300.csv"
    expect "once more: none is new" "0 0" "$? $(json "$T/out" new)"
    plain plan --json
    expect "plan" 0 $?
    items=$(json "$T/out" items); windows=$(json "$T/out" windows); batches=$(json "$T/out" batches)
    requests=$(json "$T/out" requests); days=$(json "$T/out" days); pages=$(json "$T/out" pages)
    expect "plans all 300" 300 "$items"
    if [ "$windows" -ge 1 ] && [ "$batches" -ge "$windows" ] && [ "$requests" -ge "$batches" ] && [ "$batches" -le 300 ] &&
        [ $((batches * 100)) -ge 300 ] && [ "$days" -ge 1 ] && [ "$pages" -ge 1 ] && [ "$pages" -le 600 ]; then
        ok "windows, batches, requests, days and pages fit each other"
    else
        not_ok "windows, batches, requests, days and pages fit each other" "$(cat "$T/out")"
    fi
    first=$(cat "$T/out")
    plain --set api.batch=10 plan --json
    if [ "$(json "$T/out" batches)" -ge 30 ]; then ok "smaller batches are more batches"; else
        not_ok "smaller batches are more batches" "$first" "$(cat "$T/out")"; fi
else
    skip "a real list of 300 links" "no list under $real"
fi
expect_no_leak "key and secret stand in no file"
