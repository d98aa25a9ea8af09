#!/bin/sh
# purge drops ids and contents from every file of the audit, keeps what was found
# out, finishes after kill -9, and tells whoever asks for more.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite purge
DAYS_MAX=4
plain() { (unset BLINDSPOT_CLOCK; exec "$BLINDSPOT" -C "$@") >"$T/out" 2>"$T/err"; }

# traces AUDIT ID: files in which the id stands, in decimal or as 8 bytes of
# either order, in the open or in a compressed archive.
traces() {
    hex=$(printf '%016x' "$2")
    big=$(echo "$hex" | sed 's/../\\x&/g')
    little=$(echo "$hex" | awk '{ for (i = 15; i > 0; i -= 2) printf "\\x%s", substr($0, i, 2) }')
    find "$1" -type f | while read -r f; do
        case $f in *.gz) gzip -dcq "$f" 2>/dev/null ;; *) cat "$f" ;; esac >"$T/plain"
        if LC_ALL=C grep -qaP -e "$2|$big|$little" "$T/plain"; then echo "$f"; fi
    done
}
# says AUDIT TEXT: files in which a text stands.
says() {
    find "$1" -type f | while read -r f; do
        case $f in *.gz) gzip -dcq "$f" 2>/dev/null ;; *) cat "$f" ;; esac >"$T/plain"
        if grep -qaF -e "$2" "$T/plain"; then echo "$f"; fi
    done
}
# What reports say without ids, handles and instants of posts.
kept() { csv "$1/report/labels.csv" state label reason rule basis confirmed api_asked api_days api_first_asked_at page_outcome page_at | sort; }

SETS="--set page.retrieved_sample=all"
make_world "$T/w" 51 160
start_standin "$T/w" --quirk "swallow_dead 0"
audit_until_done "$T/a" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
items=$(csv "$T/a/report/labels.csv" id | wc -l)
stop_standin
plain "$T/a" report
kept "$T/a" >"$T/kept"
csv "$T/a/report/labels.csv" state id | sort -u >"$T/states"
ids="$(awk '$1 == "retrieved" { print $2 }' "$T/states" | sed -n '1p;5p;9p') $(awk '$1 == "missing" { print $2 }' "$T/states" | sed -n '1p;4p;7p')"
retrieved=$(awk '$1 == "retrieved" { print $2; exit }' "$T/states")
plain "$T/a" explain --json "$retrieved"
caption=$(sed -n 's/.*"api.description":"\([^"\\]\{6,24\}\).*/\1/p' "$T/out")
name=$(json "$T/out" username)
found=0; for id in $ids; do [ "$(traces "$T/a" "$id" | wc -l)" -lt 2 ] || found=$((found + 1)); done
expect "before: each of six ids stands in files of the audit" 6 $found
if [ -n "$caption" ] && [ -n "$(says "$T/a" "$name")" ]; then ok "before: so do captions and names"; else
    not_ok "before: so do captions and names" "caption \"$caption\", name \"$name\""; fi
cp -R "$T/a" "$T/k"; cp -R "$T/a" "$T/g"

# ---- all that is decided ----

plain "$T/a" purge --older 0d
expect "purge --older" 0 $?
expect_text "says how much" "$T/err" '^purged [1-9][0-9]* items: [1-9][0-9]* exchanges'
left=; for id in $ids; do left="$left$(traces "$T/a" "$id")"; done
expect "no id is left in any file, in decimal or binary" "" "$left"
expect "no caption is left in any file" "" "$(says "$T/a" "$caption")"
expect "no name is left in any file" "" "$(says "$T/a" "$name")"
plain "$T/a" verify
expect "verify finds nothing broken" 0 $?
expect_text "and says purged" "$T/out" '^purged: [1-9][0-9]* items, [1-9][0-9]* exchanges; their digests are kept'
kept "$T/a" >"$T/got"
diff "$T/kept" "$T/got" >"$T/diff"
expect_empty "states, times and labels are as before" "$T/diff"
expect "one row an item, with its pseudonym" "$items" "$(csv "$T/a/report/labels.csv" id | sort -u | grep -c '^[0-9]*$')"
plain "$T/a" scrape --replay
expect "replay says not replayable" "2 yes" "$? $(grep -q 'not replayable: .* were purged' "$T/err" && echo yes)"
rm -rf "$T/a/report"
plain "$T/a" --set api.residual=0.002 classify
plain "$T/a" report
expect "reports can still be made, with other settings too" 0 $?
kept "$T/a" >"$T/got"
diff "$T/kept" "$T/got" >"$T/diff"
expect_empty "and say the same" "$T/diff"
plain "$T/a" explain "$retrieved"
expect "who has the key finds an item by its id" "0 1" "$? $(grep -c '^Item 8[0-9]*$\|^Item 9[0-9]*$' "$T/out")"
key=$(find "$T/state/blindspot" -name 'purge-*.key')
expect "the key lies outside the folder, for its owner alone" "-rw-------" "$(ls -l "$key" | cut -c1-10)"
mv "$key" "$key.away"
plain "$T/a" explain "$retrieved"
expect "who has not, does not" 2 $?
mv "$key.away" "$key"
plain "$T/a" purge --older 0d
expect "again, nothing is left to do" "0 yes" "$? $(grep -q '^purged 0 items: 0 exchanges became records of their digest, 0 ' "$T/err" && echo yes)"

# ---- what is gone ----

gone=$(csv "$T/w/truth.csv" id reason | awk -F '\t' '$2 == "item_deleted" { print $1; exit }')
plain "$T/g" purge --gone
expect "purge --gone" 0 $?
expect "a deleted item is gone from every file" "" "$(traces "$T/g" "$gone")"
if [ -n "$(traces "$T/g" "$retrieved")" ]; then ok "a retrieved one stays"; else not_ok "a retrieved one stays"; fi
kept "$T/g" >"$T/got"
diff "$T/kept" "$T/got" >"$T/diff"
expect_empty "no verdict changes" "$T/diff"
plain "$T/g" verify
expect "verify finds nothing broken in it" 0 $?

# ---- kill -9 in the middle ----

kills=0
for nap in 0.02 0.04 0.06 0.08 0.12 0.16 0.22 0.3 0.4 0.5; do
    (unset BLINDSPOT_CLOCK; exec "$BLINDSPOT" -C "$T/k" purge --older 0d) >"$T/out" 2>"$T/err" &
    BS_PID=$!
    sleep $nap
    signal KILL "$BS_PID" && kills=$((kills + 1))
    wait "$BS_PID" 2>/dev/null
    plain "$T/k" verify || not_ok "verify after a kill" "$(cat "$T/out")"
done
plain "$T/k" purge --older 0d
expect "after $kills kills purge finishes" 0 $?
left=; for id in $ids; do left="$left$(traces "$T/k" "$id")"; done
expect "and no id is left" "" "$left"
expect "nor a caption" "" "$(says "$T/k" "$caption")"
plain "$T/k" verify
expect "nothing is broken" 0 $?
plain "$T/k" report
kept "$T/k" >"$T/got"
diff "$T/kept" "$T/got" >"$T/diff"
expect_empty "states, times and labels are as before, there too" "$T/diff"
expect_no_leak "key, secret and token stand in no file"
