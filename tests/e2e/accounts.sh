#!/bin/sh
# Second evidence: the embed pages of accounts whose posts are refused. Each is asked once, and
# only where page.witnesses has embed, as it has by default; explain shows what it said, a replay reads it again, no
# label leaves the truth by it, a site that blocks there ends nothing, and a purge takes it along.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite accounts
need_sqlite=; command -v sqlite3 >/dev/null 2>&1 || need_sqlite=no

make_world "$T/w" 47 300 --set private_account=0.06 --set account_gone=0.05 --set refused_unexplained=0.03
start_standin "$T/w" --quirk "swallow_dead 0"
# Accounts that the stand-in was asked for, each as often as it was; those of one outcome.
accounts() { awk -F '\t' '$2 == "embed" && $4 ~ /^@/ { print $4 }' "$LOG"; }
outcome() { awk -F '\t' -v what="$1" '$2 == "embed" && $4 ~ /^@/ && $5 == what { print $4 }' "$LOG" | sort -u; }
labels() { csv "$T/a/report/labels.csv" id state label reason; }
WITH="--set page.retrieved_sample=20"

SETS="$WITH --set page.witnesses=page,oembed"
expect_done "an audit without embed pages" "$T/a" "$T/w/all.txt"
compare_truth "$T/w" "$T/a" >"$T/wrong"
expect_empty "has its true labels" "$T/wrong"
expect "and asks for no account's page" 0 "$(accounts | wc -l)"
labels >"$T/before"

SETS=$WITH
quiet "$T/a" scrape
expect "the accounts are read" 0 $?
accounts >"$T/asked"
expect "each account is asked once" "$(sort -u "$T/asked" | wc -l)" "$(wc -l <"$T/asked")"
for what in private gone public; do
    if [ "$(outcome $what | wc -l)" -gt 0 ]; then ok "some are $what"; else
        not_ok "some are $what" "$(sort "$T/asked" | sed 5q)"; fi
done
csv "$T/a/report/labels.csv" page_outcome username reason | awk '$1 == "refused" && ($3 == "private_account" || $3 == "account_gone" || $3 == "not_found" || $3 == "refused_unexplained") && $2 != "" { print "@" $2 }' | sort -u >"$T/hang"
sort -u "$T/asked" >"$T/asked.once"
quiet "$T/a" report
labels >"$T/after"
diff "$T/before" "$T/after" >"$T/diff"
expect_empty "labels stay what the truth says: a renamed account that looks gone changes none" "$T/diff"
quiet "$T/a" scrape
expect "a second run asks for nobody" "$(wc -l <"$T/asked")" "$(accounts | wc -l)"
quiet "$T/a" status --all
expect_text "status says what the accounts' pages said" "$T/out" '^creator +[0-9]+ '
told() { quiet "$T/a" explain "$1"; grep -E "the account's embed page|its own embed page" "$T/out"; }
private=$(csv "$T/a/report/labels.csv" reason id | awk '$1 == "private_account" { print $2 }')
for id in $private; do told "$id"; done >"$T/told"
expect_text "explain shows a private account's page" "$T/told" "the account's embed page: refused, (code 10222|\"privateAccount\")"
expect_text "and says so of the account" "$T/told" 'its own embed page said on .* that it is private'

quiet "$T/a" scrape --replay
expect "a replay reads them again" 0 $?
for id in $private; do told "$id"; done >"$T/again"
diff "$T/told" "$T/again" >"$T/diff"
expect_empty "and explain tells the same" "$T/diff"
quiet "$T/a" verify
expect "the store and the archive are sound" 0 $?

if [ -z "$need_sqlite" ]; then
    first=$(outcome private | head -n 1)
    handles() { sqlite3 "$T/a/audit.db" "SELECT count(*) FROM creator WHERE '@' || handle = '$first'"; }
    expect "its handle is in the store" 1 "$(handles)"
    move_clock +864000
    quiet "$T/a" purge --older 5d
    expect "purge ends" 0 $?
    expect "and with its posts the handle is gone" 0 "$(handles)"
else
    skip "a purge takes the handles along" "sqlite3 is not installed"
fi
stop_standin

# Posts whose refusal hangs on their own embed page would wait for it.
make_world "$T/b" 48 120 --set private_account=0.06 --set not_found=0 --set refused_unexplained=0 --set region_blocked=0 --set age_gated=0 \
    --set under_review=0 --set story=0 --set unobserved=0
start_standin "$T/b" --quirk "swallow_dead 0" --quirk "embed_overload 1"
expect_done "where the site blocks embed pages an audit ends all the same" "$T/c" "$T/b/all.txt"
compare_truth "$T/b" "$T/c" >"$T/wrong"
expect_empty "with its true labels" "$T/wrong"
