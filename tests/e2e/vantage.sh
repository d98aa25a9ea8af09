#!/bin/sh
# A second vantage: posts that are refused here and public there are called
# region_blocked, not deleted; only refused ones are read there; the proxy's
# password stands nowhere.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite vantage

PASSWORD=canary-proxy-2b9e417f
make_world "$T/w" 41 600
start_standin "$T/w" --quirk "swallow_dead 0" --proxy CA --proxy-port-file "$T/w/proxy" --proxy-user "auditor:$PASSWORD"
PROXY=127.0.0.1:$(cat "$T/w/proxy")

# Rows that are not what the truth says, but for the public ones that wait for another day.
wrong() { compare_truth "$T/w" "$T/a" | awk -F '\t' '$3 != "open||unconfirmed|"'; }
log_from() { awk -F '\t' -v at="$1" '$2 == "page" && $NF == at { n++ } END { print n + 0 }' "$LOG"; }

SETS="--set page.oembed=never"
quiet "$T/a" audit "$T/w/all.txt"
wrong >"$T/before"
blocked=$(grep -c 'region_blocked|unexplained.*not_found' "$T/before")
if [ "$blocked" -gt 0 ]; then ok "without oEmbed, posts that are blocked here look deleted ($blocked of them)"; else
    not_ok "without oEmbed, posts that are blocked here look deleted" "$(sed 5q "$T/before")"; fi
expect "nothing was read through the proxy" 0 "$(log_from 'from CA')"

SETS="$SETS --set page.vantage=ca"
BLINDSPOT_PROXY="http://auditor:wrong@$PROXY" quiet "$T/a" scrape
expect "a proxy that refuses us is no answer: unfinished" 3 $?
expect "and reads nothing" 0 "$(log_from 'from CA')"
move_clock +7200
BLINDSPOT_PROXY="http://auditor:$PASSWORD@$PROXY" quiet "$T/a" scrape
read=$(log_from 'from CA')
refused=$(csv "$T/a/report/labels.csv" page_outcome | grep -c refused)
if [ "$read" -gt "$blocked" ] && [ "$read" -lt "$refused" ]; then
    ok "the second vantage reads some of the refused posts ($read of $refused)"; else
    not_ok "the second vantage reads some of the refused posts" "$read of $refused"; fi
home=$(awk -F '\t' '$2 == "page" && $NF != "from CA" { n++ } END { print n }' "$LOG")
quiet "$T/a" report
wrong >"$T/after"
expect_empty "seen from two places, every refused post has its true label" "$T/after"
expect "the table says where it is public" "$(count "$T/a" elsewhere_vantage ca)" "$(count "$T/a" page_elsewhere 'public|refused')"
expect "every region_blocked one is public there" "$(count "$T/a" reason region_blocked)" \
    "$(csv "$T/a/report/labels.csv" reason page_elsewhere | grep -c '^region_blocked.public$')"
expect "none that is called deleted or private is" 0 \
    "$(csv "$T/a/report/labels.csv" label page_elsewhere | grep -Ec '^(deleted|private).public$')"
id=$(csv "$T/a/report/labels.csv" reason id | awk '$1 == "region_blocked" { print $2; exit }')
quiet "$T/a" explain "$id"
expect_text "explain shows the vantage of the page" "$T/out" 'page: public.*seen from CA, at vantage ca'
expect_text "and the one that refused" "$T/out" 'page: refused.*seen from DE'
BLINDSPOT_PROXY="http://auditor:$PASSWORD@$PROXY" quiet "$T/a" scrape
expect "read again, nothing is due there" "$read" "$(log_from 'from CA')"
expect "and the first vantage was not disturbed" "$home" \
    "$(awk -F '\t' '$2 == "page" && $NF != "from CA" { n++ } END { print n }' "$LOG")"

SETS="$SETS --set page.elsewhere=refused --set page.proxy=http://127.0.0.1:1,http://auditor:$PASSWORD@$PROXY"
quiet "$T/a" scrape
expect "page.elsewhere=refused reads every refused post" "$refused" "$(log_from 'from CA')"
quiet "$T/a" report
wrong >"$T/all"
expect_empty "and the labels are the same" "$T/all"
expect_text "the report shows the proxies without the password" "$T/a/report/summary.json" \
    "http://127.0.0.1:1 http://[*][*][*]@$PROXY"
stop_standin
cp "$T/a/report/labels.csv" "$T/labels"
quiet "$T/a" scrape --replay
expect "its replay ends" 0 $?
quiet "$T/a" report
if cmp "$T/labels" "$T/a/report/labels.csv" >"$T/diff" 2>&1; then ok "and gives the same labels, each answer at its vantage"; else
    not_ok "and gives the same labels, each answer at its vantage" "$(diff "$T/labels" "$T/a/report/labels.csv" | sed 6q)"; fi
SECRET=$PASSWORD
expect_no_leak "the proxy's password stands in no file"
