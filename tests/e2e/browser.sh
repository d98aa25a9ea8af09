#!/bin/sh
# The report as people see it, in Debian's Chromium: a finished and an unfinished audit, one
# item, none, hostile texts, a sample, the front page of a site, and the table of 100,000.
# BROWSER_WHOLE=yes (`make browser`): every page of each, in every look, with 2,000 items and a
# table of a million.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/hostile.sh
suite browser
WHOLE=${BROWSER_WHOLE:-no}
BROWSER_MODULES=${BROWSER_MODULES:-$PWD/build/browser/node_modules}
CHROMIUM=${CHROMIUM:-$(command -v chromium)}
export BROWSER_WHOLE="$WHOLE" BROWSER_MODULES CHROMIUM
missing=
for program in node chromium pdftotext; do command -v $program >/dev/null 2>&1 || missing="$missing $program"; done
for module in playwright-core axe-core; do [ -d "$BROWSER_MODULES/$module" ] || missing="$missing $module"; done
if [ -n "$missing" ]; then
    skip "the report in Chromium" "not installed (make deps):$missing"
    exit 0
fi
# What Chromium writes lies in the test's folder.
mkdir "$T/home" "$T/tmp" || exit 1
export HOME="$T/home" TMPDIR="$T/tmp"

items=300
[ "$WHOLE" = no ] || items=2000
make_world "$T/w" 47 $items
start_standin "$T/w"
quiet "$T/day1" audit "$T/w/all.txt"
expect "after a day the audit is not finished" 3 $?
cp -r "$T/day1" "$T/done"
expect_done "and then it is" "$T/done"
"$BLINDSPOT" -q init "$T/none"
quiet "$T/none" report || not_ok "a report about no item" "$(tail -n 3 "$T/err")"
sed 1q "$T/w/all.txt" >"$T/one.txt"
quiet "$T/one" audit "$T/one.txt"
quiet "$T/one" report || not_ok "a report about one item" "$(tail -n 3 "$T/err")"
# A sample of the creators with the most posts, and a watch list that others measured.
csv "$T/w/truth.csv" handle | sort | uniq -c | sort -k1,1rn -k2 | awk '{ print "@" $2 }' | sed 8q >"$T/creators.txt"
for words in "sample add $T/creators.txt --day 2026-03-01 --place NL" "sample list" "sample draw --posts 2"; do
    # shellcheck disable=SC2086  # words
    quiet "$T/sample" $words || not_ok "a sample: $words" "$(tail -n 3 "$T/err")"
done
audit_until_done "$T/sample"
stop_standin
"$BLINDSPOT" -q monitor init "$T/watch"
sed -n 's/.*\/\([0-9]\{15,\}\).*/\1/p' "$T/w/all.txt" | sed 3q | awk '{ for (d = 1; d <= 9; d++)
    print "2026-02-0" d "," $1 "," (d == 3 ? "no_answer" : NR == 1 ? "found" : "absent") }' | { echo date,id,api; cat; } >"$T/series.csv"
quiet "$T/watch" monitor load "$T/series.csv" || not_ok "a watch list" "$(tail -n 3 "$T/err")"
quiet "$T" site "$T/www" "$T/done" "$T/sample" "$T/watch" || not_ok "a site of several folders" "$(tail -n 3 "$T/err")"
# Handles are shown as they are, so that every text is on the pages.
unset BLINDSPOT_CLOCK
hostile_answers
for i in $(seq 1 "$count"); do printf '73412345678901230%02d\n73412345678901231%02d\n' "$i" "$i"; done >"$T/asked"
"$BLINDSPOT" -q init "$T/hostile"
for words in "load --api --asked $T/asked $T/reply.json" "load --pages --at 2024-03-12T12:00:00Z $T/pages/*.html" "report --names"; do
    # shellcheck disable=SC2086  # words
    "$BLINDSPOT" -C "$T/hostile" $words >"$T/out" 2>"$T/err" || not_ok "hostile: $words" "$(tail -n 3 "$T/err")"
done
# A table of many rows needs no audit: the unit test makes one.
[ -x "$BUILD/tests/test_items" ] || "${MAKE:-make}" --no-print-directory "${BUILD#"$PWD"/}/tests/test_items" >"$T/make.out" 2>&1
"$BUILD/tests/test_items" --make "$T/many" 100000 0 0 || not_ok "a table of 100,000 items"
set -- "finished=$T/done/report" "unfinished~=$T/day1/report" "one item~=$T/one/report" "no item~=$T/none/report" "hostile~=$T/hostile/report" "sample~=$T/sample/report" --front "$T/www" --rows 100000 "$T/many"
if [ "$WHOLE" = yes ]; then
    "$BUILD/tests/test_items" --make "$T/most" 999999 0 0 || not_ok "a table of 999,999 items"
    set -- "$@" --rows 999999 "$T/most"
fi
env -u BLINDSPOT_CLIENT_KEY -u BLINDSPOT_CLIENT_SECRET node tests/browser/run.js "$@" || failed=$((failed + 1))
[ "$(find "$T/home" "$T/tmp" -name '*.html' | wc -l)" -eq 0 ] || not_ok "nothing is left behind"
