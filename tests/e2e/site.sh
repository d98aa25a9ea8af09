#!/bin/sh
# site: several folders as one public site: an entry each, with the numbers of its own summary and
# nothing added up; no handle anywhere; every link leads somewhere; the folders stay what they were;
# the site appears whole or not at all, and never in the place of somebody else's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite site
DAYS_MAX=4
SETS="--set page.retrieved_sample=all"
site() { (unset BLINDSPOT_CLOCK; cd "$T" && exec "$BLINDSPOT" site "$@") >"$T/out" 2>"$T/err"; site_rc=$?; }
bytes() { (cd "$1" && find . -type f ! -name '*-shm' ! -name '*-wal' -exec sha256sum {} + | sort -k 2) >"$2"; }
# data FOLDER: "POINTER VALUE" of every number in the entry of that folder.
data() {
    awk -v from="data-from=\"$1/" 'BEGIN { RS = "<" } /^section/ { in_it = index($0, from) > 0 }
        /^data / && in_it { match($0, /value="[^"]*"/); v = substr($0, RSTART + 7, RLENGTH - 8)
            match($0, /data-at="[^"]*"/); print substr($0, RSTART + 9, RLENGTH - 10), v }' "$T/www/index.html"
}
# at FILE: pointers and values on stdin, those that the file has otherwise on stdout.
otherwise() {
    while read -r pointer value; do
        jq -e --arg p "$pointer" --argjson v "$value" \
            'getpath($p | ltrimstr("/") | split("/")) | (. - $v) | fabs < 0.000002' "$1" >"$T/jq" 2>&1 ||
            echo "$pointer is not $value: $(head -c 200 "$T/jq")"
    done
}

for n in 1 2; do
    make_world "$T/w$n" 9$n $((150 + 50 * n)) --set vanish_later=0
    start_standin "$T/w$n" --quirk "swallow_dead 0"
    audit_until_done "$T/March 2$n" "$T/w$n/all.txt"
    csv "$T/March 2$n/report/labels.csv" username 2>/dev/null
    stop_standin
done >"$T/handles"
unset BLINDSPOT_CLOCK
quiet "$T/March 22" export --bundle "$T/b.tar"
# A watch list that others measured, and a sample that nothing was drawn of yet.
"$BLINDSPOT" -q monitor init "$T/Daily"
csv "$T/w1/truth.csv" id | head -3 | awk '{ for (d = 1; d <= 5; d++)
    print "2026-03-0" d "," $1 "," (d == 3 ? "not_measured" : NR == 1 ? "found" : "absent") }' |
    { echo date,id,api; cat; } >"$T/series.csv"
(cd "$T/Daily" && "$BLINDSPOT" -q monitor load "$T/series.csv") >/dev/null
mkdir "$T/Creators"; head -5 "$T/handles" | sed 's/^/@/' >"$T/creators.txt"
(cd "$T/Creators" && "$BLINDSPOT" -q sample add "$T/creators.txt") >/dev/null

# ---- one of several ----

bytes "$T/March 21" "$T/before"
site www "March 21" "March 22" b.tar Daily Creators
expect "a site is made" "0 wrote www/index.html: 5 entries" "$site_rc $(cat "$T/err")"
bytes "$T/March 21" "$T/after"
diff "$T/before" "$T/after" >"$T/differ"
expect_empty "the folders are only read" "$T/differ"
expect "each has a folder, of a name that an address takes" "b-tar creators daily march-21 march-22" \
    "$(cd "$T/www" && find . -mindepth 1 -maxdepth 1 -type d | sed 's,^\./,,' | sort | tr '\n' ' ' | sed 's/ $//')"
for entry in march-21 march-22 b-tar; do
    data "$entry" >"$T/data"
    expect "the entry has numbers ($entry)" yes "$([ "$(wc -l <"$T/data")" -ge 12 ] && echo yes)"
    otherwise "$T/www/$entry/summary.json" <"$T/data" >"$T/differ"
    expect_empty "each is that of its own summary ($entry)" "$T/differ"
done
data daily >"$T/data"
expect "the watch list has post-days of its own" "/totals/there/absent 8 /totals/there/days 15 /totals/there/found 4 /totals/there/not_measured 3" \
    "$(sort -u "$T/data" | tr '\n' ' ' | sed 's/ $//')"
otherwise "$T/www/daily/data.json" <"$T/data" >"$T/differ"
expect_empty "each is that of its own data.json" "$T/differ"
items=$(jq '.waterfall.items.count' "$T/www/march-21/summary.json" "$T/www/march-22/summary.json" | paste -sd+ | bc)
expect "their posts are not added up" 0 "$(grep -c ">$items<" "$T/www/index.html")"
expect_text "and that is said" "$T/www/index.html" 'nothing is added up across them'
expect "the bundle tells what the folder does" "$(jq -c '.waterfall' "$T/www/march-22/summary.json")" \
    "$(jq -c '.waterfall' "$T/www/b-tar/summary.json")"

# ---- what may be seen ----

sort -u "$T/handles" | grep -E '.{6}' | grep -vx 'tiktok.*' >"$T/names"
grep -rlwFf "$T/names" "$T/www" >"$T/differ"
expect "the worlds have handles" yes "$([ "$(wc -l <"$T/names")" -ge 20 ] && echo yes)"
expect_empty "none stands anywhere" "$T/differ"
find "$T/www" -name differences.csv -o -name '*.warc*' -o -name '*.db' >"$T/differ"
expect_empty "what people wrote stays with the auditor" "$T/differ"
expect "labels.csv has every row" "$(wc -l <"$T/March 21/report/labels.csv")" "$(wc -l <"$T/www/march-21/labels.csv")"
(cd "$T/www" && find . -name '*.html' | while read -r page; do
    grep -oE '(href|src)="[^"#]+' "$page" | sed 's/^[a-z]*="//' | grep -vE '^(https?|data|mailto):' | sort -u |
        while read -r to; do [ -e "$(dirname "$page")/$to" ] || echo "$page: $to"; done
done) >"$T/differ"
expect_empty "every link leads to a file" "$T/differ"

# ---- whole or not at all ----

bytes "$T/www" "$T/before"
site www/ "March 21" "March 22" b.tar Daily Creators
bytes "$T/www" "$T/after"
diff "$T/before" "$T/after" >"$T/differ"
expect_empty "again, and the same bytes" "$T/differ"
site www "March 21" nowhere
expect "a folder that there is not is refused" 2 $site_rc
bytes "$T/www" "$T/after"
diff "$T/before" "$T/after" >"$T/differ"
expect_empty "and the site is as it was" "$T/differ"
expect "nothing is left beside it" "" "$(find "$T" -maxdepth 1 -name 'www.*')"
site "March 22" "March 21"
expect "an audit is no place for a site" 2 $site_rc
expect_text "and that is said" "$T/err" 'expected a new or empty folder'
expect "the audit is still there" yes "$([ -f "$T/March 22/audit.db" ] && echo yes)"
site www "March 21"
expect "what is no longer named goes" march-21 "$(cd "$T/www" && find . -mindepth 1 -maxdepth 1 -type d | sed 's,^\./,,')"
