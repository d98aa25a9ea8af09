#!/bin/sh
# export: records out; and the bundle: the same bytes for the same audit, checked
# anywhere, and broken by any change.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite bundle
export TMPDIR="$T/tmp"; mkdir "$TMPDIR"
DAYS_MAX=3
plain() { (unset BLINDSPOT_CLOCK; exec "$BLINDSPOT" -C "$@") >"$T/out" 2>"$T/err"; }
# check FILE: verify, from a folder where no audit is.
check() { (unset BLINDSPOT_CLOCK; cd / && exec "$BLINDSPOT" verify "$1") >"$T/out" 2>"$T/err"; }

make_world "$T/w" 61 80
start_standin "$T/w" --quirk "swallow_dead 0"
audit_until_done "$T/a" "$T/w/all.txt"
stop_standin

# ---- records ----

plain "$T/a" export
expect "records as CSV" 0 $?
csv "$T/out" id side description >"$T/records"
csv "$T/a/report/labels.csv" id state | awk '$2 == "retrieved" { print $1 }' | sort >"$T/want"
awk -F '\t' '$2 == "api" { print $1 }' "$T/records" | sort >"$T/got"
diff "$T/want" "$T/got" >"$T/diff"
expect_empty "every item that came back has its record, and no other" "$T/diff"
rows=$(wc -l <"$T/records")
plain "$T/a" export --format jsonl
expect "as JSON Lines, one each" "0 $rows" "$? $(grep -c '^{"id":"[0-9]*","side":"\(api\|page\)","at":"' "$T/out")"
plain "$T/a" export --format jsonl --side page
expect "of one side alone" "0" "$(grep -c '"side":"api"' "$T/out")"
plain "$T/a" export --format xml
expect "an unknown format" 2 $?

# ---- the bundle ----

plain "$T/a" export --bundle "$T/one.tar"
expect "a bundle" 0 $?
cp -R "$T/a" "$T/copy"
plain "$T/copy" export --bundle "$T/two.tar"
if cmp "$T/one.tar" "$T/two.tar" 2>/dev/null; then ok "the same audit gives the same bytes"; else
    not_ok "the same audit gives the same bytes" "$(cmp "$T/one.tar" "$T/two.tar" 2>&1)"; fi
tar tf "$T/one.tar" >"$T/names"
missing=
for name in audit.db README.txt blindspot.ini rules.ini company_handles.txt report/labels.csv report/index.html manifest.sha256; do
    grep -qxF "$name" "$T/names" || missing="$missing $name"
done
expect "store, settings, rules, lists, report and manifest are in it" "" "$missing"
expect "and every file of the archive" "$(find "$T/a/evidence" -type f | wc -l)" "$(grep -c '^evidence/' "$T/names")"
mkdir "$T/open"; tar xf "$T/one.tar" -C "$T/open"
if (cd "$T/open" && sha256sum -c manifest.sha256 >/dev/null 2>&1); then ok "sha256sum -c agrees"; else not_ok "sha256sum -c agrees"; fi

# ---- read without unpacking, and unpacked ----

one=$(csv "$T/a/report/labels.csv" id state | awk -F '\t' '$2 == "missing" { print $1; exit }')
for words in "explain $one" "explain --json $one" "explain --raw $one" status "export --format jsonl" "check --json"; do
    # shellcheck disable=SC2086  # a command's words
    plain "$T/copy" $words; rc=$?; mv "$T/out" "$T/want"
    # shellcheck disable=SC2086
    plain "$T/one.tar" $words
    expect "$words on the bundle: as on the folder" "$rc same" "$? $(cmp -s "$T/want" "$T/out" && echo same)"
done
expect "and nothing of it is left behind" "" "$(ls "$TMPDIR")"
plain "$T/one.tar" classify
expect "what writes says to unpack it" "2 1" "$? $(grep -c 'one.tar is a bundle, which is sealed, and classify writes: unpack it' "$T/err")"
plain "$T/one.tar" verify
expect "-C FILE verify is verify FILE" "0 1" "$? $(grep -c 'every file is what was sealed' "$T/err")"
cp -R "$T/open" "$T/audit"
cp "$T/audit/report/labels.csv" "$T/want"
plain "$T/audit" classify && plain "$T/audit" report
expect "unpacked it is an audit like any other" "0 same" "$? $(cmp -s "$T/want" "$T/audit/report/labels.csv" && echo same)"
sed -n 's/^  \(report\/[a-z]*\.[a-z]*\|audit\.db\|rules\.ini\|blindspot\.ini\|manifest\.sha256\)  .*/\1/p' "$T/open/README.txt" >"$T/said"
missing=
while read -r name; do [ -e "$T/open/$name" ] || missing="$missing $name"; done <"$T/said"
expect "README.txt names what is there" "" "$missing"
rm -rf "$T/a" "$T/copy" "$T/audit"
check "$T/one.tar"
expect "verify checks it where no audit is" 0 $?
expect_text "all of it" "$T/out" '^archive: [1-9][0-9]* files, .* exchanges that answers rest on'
expect "and leaves nothing behind" "" "$(ls "$TMPDIR")"
missed=
size=$(wc -c <"$T/one.tar")
db=$(wc -c <"$T/open/audit.db")
for at in 700 $((db / 3)) $((db / 2)) $((db + 512 + 600)) $((size / 2)) $((size * 2 / 3)); do
    cp "$T/one.tar" "$T/bad.tar"; flip "$T/bad.tar" "$at"
    check "$T/bad.tar"; [ $? -eq 5 ] || missed="$missed $at"
done
expect "a changed byte ends with 5" "" "$missed"
head -c $((size / 2)) "$T/one.tar" >"$T/bad.tar"
check "$T/bad.tar"
expect "a bundle that is cut off" 5 $?
echo more >"$T/open/more.txt"
(cd "$T/open" && tar cf "$T/bad2.tar" -- *)
check "$T/bad2.tar"
expect "a file that the manifest does not name" 5 $?
(cd "$T/open" && rm more.txt && ln -s /etc/hostname link && tar cf "$T/bad.tar" -- *)
check "$T/bad.tar"
expect "a link in it" 5 $?
expect_text "is refused" "$T/err" 'something else than plain files'
check "$T/names"
expect "what is no tar at all" 5 $?
expect_no_leak "key, secret and token stand in no file"
