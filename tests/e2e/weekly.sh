#!/bin/sh
# An audit that runs once a week, on a site that blocks: what waits for a witness waits for runs, not
# for days of the calendar, and where one of them is blocked for ever the next one is asked.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite weekly
DAYS_MAX=24
STEP=$((7 * 86400))
make_world "$T/w" 83 250
# days KIND: on which the site had requests of that kind.
days() { awk -F '\t' -v kind="$1" '$2 == kind { print int($1 / 86400) }' "$LOG" | sort -u | grep -c .; }

# ---- pages are blocked in the first run, and are read a week later ----
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "challenge 1"
quiet "$T/a" audit "$T/w/all.txt"
expect "every page is blocked: unfinished" 3 $?
refused=$(count "$T/a" page_outcome refused)
if [ "$refused" -gt 10 ]; then ok "embed pages refuse $refused posts, without a cause"; else not_ok "embed pages refuse posts" "$refused"; fi
stop_standin
start_standin "$T/w" --quirk "swallow_dead 0"
expect_done "the site shows its pages a week later: the audit ends" "$T/a"
compare_truth "$T/w" "$T/a" >"$T/diff"
expect_empty "every state, label and reason equals the truth" "$T/diff"
expect "no missing post rests on the embed page alone" 0 "$(csv "$T/a/report/labels.csv" state page_witness | grep -c "^missing.embed$")"
stop_standin

# ---- they stay blocked ----
rm -f "$T/w/clock"
SETS="--set page.attempts=2"
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "challenge 1"
expect_done "the site never shows a page: the audit ends all the same" "$T/b" "$T/w/all.txt"
# The day of the embed page's answer, two for what it decided, six for what nobody shows.
if [ "$(days page)" -ge 7 ]; then ok "and pages were asked for in $(days page) weeks"; else not_ok "pages were asked for in 7 weeks" "$(days page)"; fi
stop_standin

# ---- embed pages are blocked for ever ----
rm -f "$T/w/clock"
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "embed_overload 1"
quiet "$T/c" audit "$T/w/all.txt"
expect "embed pages are overloaded: unfinished" 3 $?
first=$(awk -F '\t' '$2 == "oembed" { print $4 }' "$LOG" | sort -u | grep -c .)
if [ "$first" -gt 5 ]; then ok "oEmbed is asked of $first posts in the same run"; else not_ok "oEmbed is asked in the same run" "$first posts"; fi
expect_done "embed pages are overloaded for ever: the audit ends" "$T/c"
echo "# $DAYS weeks"
compare_truth "$T/w" "$T/c" >"$T/diff"
expect_empty "embed pages overloaded: every state, label and reason equals the truth" "$T/diff"
expect "nothing rests on an overload" 0 "$(count "$T/c" page_witness embed)"
stop_standin
expect_no_leak "key, secret and token stand in no file"
