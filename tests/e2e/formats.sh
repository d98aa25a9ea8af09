#!/bin/sh
# One file of every format that is read, in one folder: `add` and `load` of all of them give one
# ledger that closes. A new format is a line in the list below and a file in fixtures/formats/.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite formats
SAMPLES=$PWD/fixtures/formats

# FILE, items that add takes, links or rows that it passes over ("-": it is no list); load's side
# ("-": it holds no answers), whether the file says when, posts that it shows, rows without an answer.
formats() {
    grep -v '^#' <<'END'
# lists and tables
links.txt                3 1  -     -   - -
list.csv                 2 0  -     -   - -
list.xlsx                2 0  -     -   - -
dataset.json             2 0  -     -   - -
donation.json            3 1  -     -   - -
like-list.txt            2 0  -     -   - -
# the API's replies and rows
api-reply.json           2 0  api   yes 2 0
api-reposted.json        1 0  api   yes 1 0
api-rows.jsonl           2 0  api   no  2 0
api-frame.csv            2 0  api   no  2 0
api-frame-columns.json   2 0  api   no  2 0
api-frame-split.json     2 0  api   no  2 0
api-frame-index.json     2 0  api   no  2 0
api-frame-table.json     2 0  api   no  2 0
api-wrapper-tuple.json   2 0  api   no  2 0
api-pages.jsonl          2 0  api   yes 2 0
api-pinned.json          2 0  api   yes 2 0
traktok-api.csv          2 0  api   no  2 0
tiktok-library.db        2 0  api   yes 2 0
# pages, and what other tools saw of them
7647122272138743045.html - -  pages no  1 0
pages.warc.gz            2 0  pages yes 2 0
crawl.wacz               2 0  pages yes 2 0
browser.har              2 0  pages yes 2 0
zeeschuimer.ndjson       3 0  pages yes 3 0
4cat.ndjson              2 0  pages yes 2 0
4cat.csv                 2 0  pages no  2 0
yt-dlp.info.json         1 0  pages yes 1 0
yt-dlp-list.json         3 1  pages yes 2 1
tiktok-api.json          2 0  pages no  2 0
tiktok-api-reply.json    2 0  pages yes 2 0
pyktok.json              1 0  pages no  1 0
pyktok-sigi.json         1 0  pages no  1 0
pyktok.csv               2 0  pages no  2 0
apify.json               4 1  pages no  2 2
apify.csv                2 0  pages no  1 1
gallery-dl.json          2 0  pages no  2 0
gallery-dl-file.json     1 0  pages no  1 0
END
}
DONATED=5       # the donations hold links of other files
plain() { "$BLINDSPOT" -C "$A" "$@" >"$T/out" 2>"$T/err"; plain_rc=$?; cat "$T/err" >>"$ERRLOG"; return $plain_rc; }
fresh() { A=$1; discard "$A"; "$BLINDSPOT" -q init "$A"; }
number() { number_got=$(json "$T/out" "$1"); echo "${number_got:-0}"; }
shown() { echo $(($(number public) + $(number found))); }
formats >"$T/list"
sum() { awk -v side="$1" -v column="$2" '(side == "any" || $4 == side) && $column != "-" { n += $column } END { print n + 0 }' "$T/list"; }
files() { awk -v dir="$SAMPLES" -v side="$1" -v column="$2" '(side == "any" || $4 == side) && $column != "-" { print dir "/" $1 }' "$T/list"; }

# ---- each by itself ----

while read -r file items passed side timed posts unanswered; do
    if [ "$items" != - ]; then
        fresh "$T/one"
        plain add --json "$SAMPLES/$file"
        got="$? $(json "$T/out" new) $(jq '.files[0].skipped | add // 0' "$T/out")"
        expect "$file: add takes its posts" "0 $items $passed" "$got"
    fi
    [ "$side" != - ] || continue
    fresh "$T/one"
    if [ "$timed" = no ]; then
        plain load "--$side" "$SAMPLES/$file"
        expect "$file: load refuses it without a time" 2 $?
        expect_text "$file: and says what to give" "$T/err" "--at"
        plain load --json "--$side" --at 2026-07-01 "$SAMPLES/$file"; rc=$?
    else
        plain load --json "--$side" "$SAMPLES/$file"; rc=$?
    fi
    expect "$file: load takes its answers" "0 $posts $unanswered" "$rc $(shown) $(number unanswered_row)"
    plain load --json "--$side" --at 2026-07-01 "$SAMPLES/$file"
    expect "$file: once more: no item is new" "0 0" "$? $(number new_items)"
done <"$T/list"

# ---- all of them together: the folder ----

# Who is not meant is named, and everybody else is taken: exit code 2.
fresh "$T/all"
want=$(($(sum any 2) - DONATED))
plain add --json "$SAMPLES"
expect "add of the folder" "2 $want" "$? $(jq .items "$T/out")"
plain add --json "$SAMPLES"
expect "once more: none is new" "2 $want" "$? $(jq .items "$T/out")"
awk '$2 == "-" { print $1 }' "$T/list" | while read -r file; do grep -qF "$file" "$T/err" || echo "$file"; done >"$T/unnamed"
expect_empty "what is no list is named" "$T/unnamed"
new=$(awk '$2 == "-" && $6 != "-" { n += $6 + $7 } END { print n + 0 }' "$T/list")
plain load --json --pages --at 2026-07-01 "$SAMPLES"
expect "load of all pages" "0 $(sum pages 6) $new" "$? $(shown) $(number new_items)"
# shellcheck disable=SC2046  # names without blanks
plain load --json --api --at 2026-07-01 $(files api 6)
expect "load of all of the API" "0 $(sum api 6) 0" "$? $(shown) $(number new_items)"
plain report
expect "the ledger over all of them closes" "0 true" \
    "$(jq -r '.inputs | "\(.residual) \(.all.seen == .all.new + .all.duplicates + ([.all.skipped[]] | add) + ([.all.short_links[]] | add))"' "$A/report/summary.json")"
expect "each source for itself" "[]" "$(jq -c '[.inputs.sources[] | select(.residual != 0)]' "$A/report/summary.json")"
expect "and every item came from one" "$((want + new))" "$(jq '.inputs.all | .new + .short_links.new_item' "$A/report/summary.json")"
labels=$A/report/labels.csv
expect "the report has each item once" "$((want + new))" "$(csv "$labels" id | sort -u | wc -l)"
expect "a page for each answer" "$(sum pages 6)" "$(csv "$labels" page_outcome | grep -c public)"
expect "and a row of the API" "$(sum api 6)" "$(csv "$labels" state | grep -c retrieved)"
expect_text "seen when the file says" "$labels" "^7646411022609181963,.*2026-06-21T00:00:01Z"
plain explain 7646411022609181963
expect_text "explain says that another tool saw it" "$T/out" "row of another tool's list: public"
expect "the buckets add up" "$((want + new))" \
    "$(jq '[.waterfall | .. | objects | select(has("count") and (has("children") | not)) | .count] | add' "$A/report/summary.json")"
expect "the ledger of inputs closes, with one short link that waits" "0 $((want + new)) 1" \
    "$(jq -r '.inputs | "\(.residual) \(.items) \(.links.waiting)"' "$A/report/summary.json")"
cp "$labels" "$T/labels"
plain scrape --replay
expect "a replay reads all of them again" 0 $?
plain classify; plain report
cmp "$T/labels" "$labels" >"$T/differ" 2>&1
expect_empty "and says the same" "$T/differ"
plain verify
expect "the archive holds each row with its digest" 0 $?
archive=$(echo "$A"/evidence/*.warc.gz)
fresh "$T/again"
# shellcheck disable=SC2086
plain load --json --pages $archive
expect "another audit loads all of it from there" "$(sum pages 6)" "$(number public)"
