#!/bin/sh
# An audit goes out of its folder into a schema of PostgreSQL and comes back: the same rows, the same
# labels, byte for byte, however often either is killed. Evidence comes out of workers' folders.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite gather
pg_wanted "gather and spread"
pg_begin || exit 1
make_world "$T/w" 31 "${ITEMS:-150}"
start_standin "$T/w" --mild
SETS="--set evidence.file_bytes=60000"
expect_done "an ordinary audit ends" "$T/a" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
quiet "$T/a" verify; quiet "$T/a" report
stop_standin
AT="$PG_URL?schema=march"
cp -R "$T/a" "$T/before"
digest() { sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p' "$T/out"; }
# same FOLDER WHAT: labels made anew are those of before.
same() {
    quiet "$1" report; expect "$2: report" 0 $?
    expect "$2: labels.csv, byte for byte" "" "$(cmp "$T/before/report/labels.csv" "$1/report/labels.csv" 2>&1)"
    expect "$2: summary.json, byte for byte" "" "$(cmp "$T/before/report/summary.json" "$1/report/summary.json" 2>&1)"
}
# fails CODE WORDS ARGUMENT...: nothing is done, and one sentence says why.
fails() {
    fails_code=$1; fails_words=$2; shift 2
    env -u BLINDSPOT_CLOCK "$BLINDSPOT" "$@" >"$T/out" 2>"$T/err"
    expect "$*: refused" "$fails_code" $?
    expect_text "$*: which says why" "$T/err" "$fails_words"
}

# ---- there, and home ----
quiet "$T" spread "$T/a" "$AT" --json; expect "spread" 0 $?
there=$(digest)
expect "--json is what docs/json/spread.schema.json names" "$(jq -r '.required | sort | join(" ")' docs/json/spread.schema.json)" \
    "$(jq -r 'keys | join(" ")' "$T/out")"
expect "audit.db holds the address alone" "$AT" "$(cat "$T/a/audit.db")"
quiet "$T/a" verify; expect "verify reads the store there and the evidence here" 0 $?
same "$T/a" "on PostgreSQL"
for words in "export --bundle $T/x.tar" "purge --gone"; do
    # shellcheck disable=SC2086
    fails 2 'blindspot gather. puts it there' -C "$T/a" $words
done
cp -R "$T/before" "$T/odd"
echo "https://www.tiktok.com/@made.up/video/7301234567890123456" >"$T/one.txt"; quiet "$T/odd" add "$T/one.txt"
fails 2 "exists already, and holds something else" spread "$T/odd" "$AT"
fails 2 "on a PostgreSQL server already" spread "$T/a" "$PG_URL?schema=april"
fails 2 "schema=NAME" spread "$T/odd" "$PG_URL"
fails 2 "another audit lies there" gather "$AT" "$T/odd"
fails 2 "not an empty folder" gather "$AT" "$T/w"
fails 2 "name the folder of the audit" gather "$AT" "$T/copy"
pg_sql "UPDATE march.store_head SET version = 99"
fails 2 "newer blindspot" gather "$AT" "$T/a"
pg_sql "UPDATE march.store_head SET version = $(sqlite3 "$T/before/audit.db" 'PRAGMA user_version')"

quiet "$T" gather "$AT" "$T/copy" "$T/a" --json; expect "a copy" 0 $?
expect "the copy holds the same rows" "$there" "$(digest)"
quiet "$T/copy" verify; expect "with all of its evidence" 0 $?
same "$T/copy" "a copy"
quiet "$T/copy" export --bundle "$T/copy.tar"; expect "of which a bundle is made" 0 $?

# ---- killed ----
home() { [ "$(head -c 15 "$T/a/audit.db")" = "SQLite format 3" ]; }
out=0
for ms in ${KILL_MS:-001 003 005 008 010 015 020 030 040 060 090 130 180}; do
    # A schema that is left is what the folder holds, or what it was gathered from.
    if home; then
        set -- spread "$T/a" "$AT"
        [ "$(pg_sql "SELECT left_at > 0 FROM march.store_head" 2>&1)" != t ] || pg_sql "DROP SCHEMA march CASCADE" >/dev/null
    else set -- gather "$AT" "$T/a"; fi
    timeout -s KILL "0.$ms" "$BLINDSPOT" "$@" >"$T/out" 2>"$T/err" || out=$((out + 1))
    quiet "$T/a" status || not_ok "killed after $ms ms: the folder is no audit: $(head -n 1 "$T/err")"
done
if [ $out -gt 0 ]; then ok "$out of them were killed"; else not_ok "none was killed"; fi
home || { quiet "$T" gather "$AT" "$T/a"; expect "what was killed is finished" 0 $?; }
pg_sql "DROP SCHEMA IF EXISTS march CASCADE" >/dev/null
quiet "$T" spread "$T/a" "$AT" --json
expect "after all that the same rows go over" "$there" "$(digest)"

# Killed behind the copy, before the folder points there.
cp "$T/a/audit.db" "$T/address"; cp "$T/a/audit.db.spread" "$T/a/audit.db"
quiet "$T" spread "$T/a" "$AT" --json; expect "an interrupted spread is finished" 0 $?
expect_text "which says so" "$T/err" "this finishes it"
expect "and points there again" "$(cat "$T/address")" "$(cat "$T/a/audit.db")"

quiet "$T" gather "$AT" "$T/a" --json; expect "gathered home" 0 $?
expect "all rows came back" "$there" "$(digest)"
expect "the folder keeps no older store" "" "$(find "$T/a" -name '*spread*' -o -name '*gather*')"
same "$T/a" "at home"
quiet "$T/a" export --bundle "$T/a.tar"; expect "a bundle" 0 $?
quiet "$T/a" purge --gone; expect "a purge" 0 $?
printf '%s\n' "$AT" >"$T/copy/audit.db"; rm -f "$T/copy/audit.db-wal" "$T/copy/audit.db-shm"
fails 2 "was gathered into a folder on" -C "$T/copy" add "$T/one.txt"
quiet "$T/copy" status; expect "the schema can still be read" 0 $?
fails 2 "was gathered into a folder" -C "$T/worker" work "$AT" --idle 0
quiet "$T" gather "$AT" "$T/copy" --json; expect "an interrupted gather is finished" 0 $?
expect_text "which says so" "$T/err" "was interrupted"
expect "from the same rows" "$there" "$(digest)"

# ---- evidence of workers ----
mkdir -p "$T/worker/evidence" "$T/other"
first=$(ls "$T/copy/evidence" | sed -n 1p); second=$(ls "$T/copy/evidence" | sed -n 2p)
mv "$T/copy/evidence/$first" "$T/worker/evidence/"; mv "$T/copy/evidence/$second" "$T/other/"
SETS="$SETS --set evidence.worker=here"
quiet "$T/copy" status --all
expect_text "status names what lies on workers alone" "$T/out" "evidence: 2 files lie on workers alone .1.;"
quiet "$T/copy" status; expect_text "and so does the screen" "$T/out" "2 files lie on workers alone"
quiet "$T/copy" status --json; expect_text "and JSON" "$T/out" '"evidence_elsewhere":{"files":2,"workers":"1","in_bucket":0,"buckets":""}'
quiet "$T/copy" verify; expect "verify does not pass over it" 5 $?
expect_text "and says where it may be" "$T/out" "where a worker has it"
"$BLINDSPOT" gather "$T/copy" "$T/worker" --json >"$T/out" 2>"$T/err"; expect "evidence of one worker" 0 $?
expect "one file was brought, one is nowhere" "1 $second" \
    "$(sed 's/.*"evidence_brought":\([0-9]*\).*"evidence_missing":\["\([^"]*\)"\].*/\1 \2/' "$T/out")"
expect_text "which says so" "$T/err" "1 file of evidence lie"
cp "$T/other/$second" "$T/whole"; printf x >>"$T/other/$second"
"$BLINDSPOT" gather "$T/copy" "$T/other" >"$T/out" 2>"$T/err"
expect_text "a file with another digest is not taken" "$T/err" "another size or digest"
cp "$T/whole" "$T/other/$second"
"$BLINDSPOT" gather "$T/copy" "$T/other" >"$T/out" 2>"$T/err"; expect "the other's" 0 $?
quiet "$T/copy" verify; expect "then all is there" 0 $?
quiet "$T/copy" status --json; expect "and nothing elsewhere" 0 "$(grep -c evidence_elsewhere "$T/out")"

# ---- a replica ----
pg_stop; pg_as touch "$PG_DIR/data/standby.signal" & wait $!; pg_start
printf '%s\n' "$AT" >"$T/other/audit.db"
fails 4 "this server is a replica" gather "$AT" "$T/third" "$T/other"
expect_no_leak "key, secret and token stand in no file"
