#!/bin/sh
# One file of every format that is read, in one folder: `add` and `load` of all of them give one
# ledger that closes. A new format is a line in the list below and a file in fixtures/formats/.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite formats
SAMPLES=$PWD/fixtures/formats

# FILE, what add takes, rows or links that add passes over, time in the file (else --at), and what
# load makes of it: public answers, rows without an answer. "-": no file of that command.
formats() {
    grep -v '^#' <<'END'
zeeschuimer.ndjson      3 0 yes 3 0
4cat.ndjson             2 0 yes 2 0
4cat.csv                2 0 no  2 0
yt-dlp.info.json        1 0 yes 1 0
yt-dlp-list.json        3 1 yes 2 1
tiktok-api.json         2 0 no  2 0
tiktok-api-reply.json   2 0 yes 2 0
pyktok.json             1 0 no  1 0
pyktok-sigi.json        1 0 no  1 0
pyktok.csv              2 0 no  2 0
apify.json              4 1 no  2 2
apify.csv               2 0 no  1 1
gallery-dl.json         2 0 no  2 0
gallery-dl-file.json    1 0 no  1 0
donation.json           3 1 -   - -
like-list.txt           2 0 -   - -
END
}
plain() { "$BLINDSPOT" -C "$A" "$@" >"$T/out" 2>"$T/err"; plain_rc=$?; cat "$T/err" >>"$ERRLOG"; return $plain_rc; }

# ---- each by itself ----

formats >"$T/list"
while read -r file items passed timed public unanswered; do
    A=$T/one; discard "$A"; "$BLINDSPOT" -q init "$A"
    if [ "$items" != - ]; then
        plain add --json "$SAMPLES/$file"
        got="$? $(json "$T/out" new) $(sed 's/.*"skipped":{\([^}]*\)}.*/\1/' "$T/out" | tr ',' '\n' | awk -F : '{ n += $2 } END { print n + 0 }')"
        expect "$file: add takes its posts" "0 $items $passed" "$got"
    fi
    [ "$public" != - ] || continue
    discard "$A"; "$BLINDSPOT" -q init "$A"
    if [ "$timed" = no ]; then
        plain load --pages "$SAMPLES/$file"
        expect "$file: load refuses it without a time" 2 $?
        expect_text "$file: and says what to give" "$T/err" "--at"
        plain load --json --pages --at 2026-07-01 "$SAMPLES/$file"; rc=$?
    else
        plain load --json --pages "$SAMPLES/$file"; rc=$?
    fi
    rest=$(json "$T/out" unanswered_row)
    expect "$file: load takes its answers" "0 $public $public $unanswered" \
        "$rc $(json "$T/out" answers) $(json "$T/out" public) ${rest:-0}"
done <"$T/list"

# ---- all of them together ----

A=$T/all; "$BLINDSPOT" -q init "$A"
files=$(awk -v dir="$SAMPLES" '$2 != "-" { print dir "/" $1 }' "$T/list")
# The donations' five links are those of the lists.
want=$(($(awk '$2 != "-" { n += $2 } END { print n }' "$T/list") - 5))
# shellcheck disable=SC2086  # names without blanks
plain add --json $files
expect "add of all of them" "0 $want" "$? $(sed 's/.*"items":\([0-9]*\)}$/\1/' "$T/out")"
# shellcheck disable=SC2086
plain add --json $files
expect "once more: none is new" "0 $want" "$? $(sed 's/.*"items":\([0-9]*\)}$/\1/' "$T/out")"
files=$(awk -v dir="$SAMPLES" '$5 != "-" { print dir "/" $1 }' "$T/list")
want_public=$(awk '$5 != "-" { n += $5 } END { print n }' "$T/list")
# shellcheck disable=SC2086
plain load --json --pages --at 2026-07-01 $files
expect "load of all of them: no item is new" "0 $want_public 0" "$? $(json "$T/out" public) $(json "$T/out" new_items)"
plain report
want=$((want + $(awk '$2 == "-" && $5 != "-" { n += $5 + $6 } END { print n + 0 }' "$T/list")))
expect "the report has each item once" "$want" "$(csv "$A/report/labels.csv" id | sort -u | wc -l)"
expect "and a page for each answer" "$want_public" "$(csv "$A/report/labels.csv" page_outcome | grep -c public)"
expect_text "seen when the file says" "$A/report/labels.csv" "^7646411022609181963,.*2026-06-21T00:00:01Z"
cp "$A/report/labels.csv" "$T/labels"
plain scrape --replay
expect "a replay reads all of them again" 0 $?
plain classify; plain report
cmp "$T/labels" "$A/report/labels.csv" >"$T/differ" 2>&1
expect_empty "and says the same" "$T/differ"
plain verify
expect "the archive holds each row with its digest" 0 $?
