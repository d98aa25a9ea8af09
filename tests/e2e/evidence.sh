#!/bin/sh
# The archive of an audit: rotated, left whole by kill -9, and every changed
# byte named by verify with the request and the item that it touches.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite evidence
DAYS_MAX=3

size_of() { wc -c <"$1" | tr -d ' '; }
plain() { (unset BLINDSPOT_CLOCK; exec "$BLINDSPOT" -C "$@"); }
verify() { plain "$1" verify >"$T/verify" 2>"$T/err"; }
# place ITEM: FILE OFFSET of the last page reading that explain names.
place() {
    bs "$T/a" explain "$1" 2>>"$ERRLOG" | grep -A3 '^  2.*Z  page: ' |
        sed -n 's/^ *evidence\/\([^:]*\):\([0-9]*\) sha256:[0-9a-f]\{64\}$/\1 \2/p' | tail -n 1
}

SETS="--set evidence.file_bytes=3000000 --set evidence.worker=w7"
make_world "$T/w" 31 160
start_standin "$T/w" --quirk "swallow_dead 0"
audit_until_done "$T/a" "$T/w/all.txt"
expect "an audit ends, or waits for a day that a canary never had" "yes" "$([ $until_rc -eq 0 ] || [ $until_rc -eq 3 ] && echo yes)"
said() { jq -r ".evidence.$1" "$T/a/report/summary.json"; }
expect "the report names the archive by one digest, as sha256sum does" \
    "$(cd "$T/a/evidence" && sha256sum -- *.warc.gz | LC_ALL=C sort | sha256sum | cut -d ' ' -f 1)" "$(said digest)"
expect "with its files and bytes" "$(find "$T/a/evidence" -name '*.warc.gz' -printf '%s\n' | awk '{ n += $1 } END { print NR, n }')" \
    "$(said files) $(said bytes)"
expect "and that nobody has verified it yet" null "$(said verified_at)"
verify "$T/a"
expect "verify finds everything as it was written" 0 $?
bs "$T/a" report 2>>"$ERRLOG"
expect "the report says that it was verified, and what verify counted" "$(plain "$T/a" verify --json | jq .exchanges) yes" \
    "$(said records) $(said verified_at | grep -Eq '^20..-..-..T..:..:..Z$' && echo yes)"
expect_text "and says so" "$T/verify" '^everything is as it was written$'
for file in "$T"/a/evidence/*.warc.gz; do basename "$file"; done >"$T/names"
expect "every file is named by audit, worker, time and counter" "" \
    "$(grep -Ev '^blindspot-[0-9a-f]{16}-w7-[0-9]{14}-[0-9]+\.warc\.gz$' "$T/names")"
if [ "$(find "$T/a/evidence" -name '*.warc.gz' -size +2900k | wc -l)" -ge 1 ]; then ok "files are closed at their size"; else
    not_ok "files are closed at their size" "$(ls -l "$T/a/evidence")"; fi
plain "$T/a" verify --json >"$T/out"
expect "its numbers as JSON" "true 0" "$(json "$T/out" ok) $(json "$T/out" broken)"

# ---- explain names and prints the bytes ----

item=$(csv "$T/w/truth.csv" id reason | awk -F '\t' '$2 == "item_deleted" { print $1; exit }')
# shellcheck disable=SC2046  # two words
set -- $(place "$item")
plain "$T/a" explain --raw "$item" >"$T/raw" 2>>"$ERRLOG"
if grep -aq "^GET /@[^ ]*/video/$item HTTP/1.1" "$T/raw"; then ok "explain --raw prints the page's request as it was sent"; else
    not_ok "explain --raw prints the page's request as it was sent"; fi
tail -c +$(($2 + 1)) "$T/a/evidence/$1" | gzip -dcq 2>/dev/null | head -c 4000 >"$T/member"
want=$(sed -n 's/^WARC-Payload-Digest: *//p' "$T/member" | tr -d '\r' | sed 1q)
if plain "$T/a" explain "$item" 2>/dev/null | grep -q "$1:$2 $want" && grep -aqF "$want" "$T/raw"; then
    ok "file, offset and digest of explain lead to the record, which --raw prints"
else
    not_ok "file, offset and digest of explain lead to the record" "$1 $2 $want"
fi

# ---- what decided ----

# Of a post that nobody could observe the tries of its page and embed page decided, not the API's answers alone.
: >"$T/want"; : >"$T/got"; : >"$T/marked"
csv "$T/a/report/labels.csv" id reason evidence | awk -F '\t' '$2 == "unobserved"' >"$T/unobserved"
while IFS='	' read -r item _ places; do
    plain "$T/a" explain --json "$item" 2>>"$ERRLOG" >"$T/out"
    jq -r '[.history[] | select(.witness == "page" or .witness == "embed")] | .[].evidence | split(" ")[0]' "$T/out" >>"$T/want"
    jq -r '[.history[] | select(.witness == "query")] | last | .evidence | split(" ")[0]' "$T/out" >>"$T/want"
    echo "$places" | tr ' ' '\n' >>"$T/got"
    plain "$T/a" explain "$item" 2>>"$ERRLOG" | grep -A2 'the verdict rests on this answer' |
        sed -n 's,^ *evidence/\([^ ]*\) .*,\1,p' >>"$T/marked"
done <"$T/unobserved"
expect "there are unobserved posts" yes "$([ -s "$T/unobserved" ] && echo yes)"
expect "labels.csv points at the last ask and every page try of an unobserved post" "$(sort "$T/want")" "$(sort "$T/got")"
expect "and so does explain" "$(sort "$T/want")" "$(sort "$T/marked")"

# ---- changed bytes, in copies ----

cp -R "$T/a" "$T/good"
csv "$T/a/report/labels.csv" id page_outcome | awk -F '\t' 'BEGIN { srand(7) } $2 != "" { print rand() "\t" $1 }' | sort |
    sed -n '1,12s/.*	//p' >"$T/items"
named=0; wrong=
while read -r item; do
    # shellcheck disable=SC2046  # two words
    set -- $(place "$item")
    [ $# -eq 2 ] || continue
    for at in 3 40 400; do
        cp "$T/good/evidence/$1" "$T/a/evidence/$1"
        flip "$T/a/evidence/$1" $(($2 + at))
        verify "$T/a"; rc=$?
        if [ $rc -eq 5 ] && grep -q "^broken: evidence/$1, byte $2: .*request [0-9]* .*$item" "$T/verify"; then
            named=$((named + 1))
        else
            wrong="$wrong $item+$at:$rc"
        fi
    done
    cp "$T/good/evidence/$1" "$T/a/evidence/$1"
done <"$T/items"
expect "a changed byte of a page is named: file, offset, request, item" "36" "$named$wrong"
missed=
for file in "$T"/good/evidence/*; do
    name=$(basename "$file")
    for at in $(awk -v seed="$(size_of "$file")" 'BEGIN { srand(seed); for (i = 0; i < 8; i++) print int(rand() * seed) }'); do
        cp "$file" "$T/a/evidence/$name"
        flip "$T/a/evidence/$name" "$at"
        verify "$T/a"; [ $? -eq 5 ] || missed="$missed $name:$at"
    done
    cp "$file" "$T/a/evidence/$name"
done
expect "whatever byte of a file is changed, verify ends with 5" "" "$missed"
first=$(sed 1q "$T/names")
for cut in 1 5000 $(($(size_of "$T/good/evidence/$first") - 100)); do
    head -c "-$cut" "$T/good/evidence/$first" >"$T/a/evidence/$first"
    verify "$T/a"
    expect "a file that lacks its last $cut bytes" 5 $?
done
cp "$T/good/evidence/$first" "$T/a/evidence/$first"
mv "$T/a/evidence/$first" "$T/gone"
verify "$T/a"; verify_rc=$?
bs "$T/a" report 2>>"$ERRLOG"
expect "no report says that a damaged archive was verified" null "$(said verified_at)"
expect "a file that is not there" "5 yes" "$verify_rc $(grep -q "^broken: evidence/$first.*the file is not here" "$T/verify" && echo yes)"
mv "$T/gone" "$T/a/evidence/$first"
size=$(size_of "$T/good/audit.db"); found=0
for at in $(awk -v size="$size" 'BEGIN { srand(3); for (i = 0; i < 30; i++) print int(rand() * size) }'); do
    cp "$T/good/audit.db" "$T/a/audit.db"; rm -f "$T/a/audit.db-wal" "$T/a/audit.db-shm"
    flip "$T/a/audit.db" "$at"
    verify "$T/a"; rc=$?
    case $rc in 0 | 5) ;; *) not_ok "a changed byte of the store at $at" "exit code $rc" "$(cat "$T/err")" ;; esac
    [ $rc -eq 0 ] || found=$((found + 1))
done
if [ $found -ge 1 ]; then ok "changed bytes of the store: $found of 30 are named"; else not_ok "changed bytes of the store"; fi
rm -rf "$T/a"; mv "$T/good" "$T/a"
verify "$T/a"
expect "put back, everything is as it was written" 0 $?
stop_standin

# ---- kill -9 ----

SETS="--set page.concurrency=2"
make_world "$T/k" 33 150
cp -R "$T/k" "$T/c"
start_standin "$T/c" --quirk "swallow_dead 0"
audit_until_done "$T/calm" "$T/c/all.txt"
verdicts "$T/calm" >"$T/want"
stop_standin
start_standin "$T/k" --quirk "swallow_dead 0"
bad=; : >"$T/notes"
# killed LINES: the audit, when the site has had so many requests.
killed() {
    bs_start "$T/b" audit "$T/k/all.txt"
    while is_ours "$BS_PID" && [ "$(log_lines)" -lt "$1" ]; do sleep 0.005; done
    signal KILL "$BS_PID"; wait "$BS_PID" 2>/dev/null
    verify "$T/b" || bad="$bad $1:$?"
    # A kill finds an exchange written or not; a power cut may leave half of what nobody has synced.
    torn=$(sed -n 's/^note: evidence\/\(.*\): no answer refers to it; its run was killed.*/\1/p' "$T/verify" | tail -n 1)
    if [ -z "$torn" ] || [ "$(size_of "$T/b/evidence/$torn")" -le 2000 ]; then return; fi
    truncate -s -1000 "$T/b/evidence/$torn"
    verify "$T/b" || bad="$bad torn $1:$?"
    cat "$T/verify" >>"$T/notes"
}
for lines in 9 40 60 90 130; do killed $lines; done
# Where a disk is fast most kills find all written: the same from the beginning until one does not.
again=0
while [ ! -s "$T/notes" ] && [ $again -lt 20 ]; do
    again=$((again + 1))
    stop_standin; discard "$T/b" "$T/state.k"; rm -f "$T/k/clock"
    export XDG_STATE_HOME="$T/state.k"
    start_standin "$T/k" --quirk "swallow_dead 0"
    killed $((20 + again * 3)); killed $((60 + again * 4))
done
expect "after kill -9 verify finds nothing broken" "" "$bad"
expect_text "verify says where a record is cut off in its middle" "$T/notes" \
    '^note: .*is cut off in the middle of a record at byte [0-9]+: its run was killed'
audit_until_done "$T/b"
verify "$T/b"
expect "the runs after it cut them away" 0 $?
expect_text "verify says so" "$T/verify" '^note: .* [0-9]+ bytes were cut away, what they held is asked for again'
for file in "$T"/b/evidence/*; do gzip -t "$file" || bad="$bad $file"; done 2>>"$ERRLOG"
expect "and every file is whole for gzip" "" "$bad"
verdicts "$T/b" >"$T/got"
diff "$T/want" "$T/got" >"$T/diff"
expect_empty "and the verdicts are those of a run that nobody killed" "$T/diff"
stop_standin
expect_no_leak "key, secret and token stand in no file"
