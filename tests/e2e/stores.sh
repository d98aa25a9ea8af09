#!/bin/sh
# One audit on each engine of the store: a SQLite file, and a schema of a PostgreSQL server of the
# tests' own. The same world, the same seed: labels.csv and summary.json are the same bytes.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite stores
pg_wanted "an audit on PostgreSQL"
pg_begin || exit 1
make_world "$T/w" 23 600
# One after another, or the order in which bytes came in is chance.
SETS="--set page.concurrency=1 --set api.concurrency=1"
cp "$T/w/clock" "$T/clock" 2>/dev/null

PORT=
# on AUDIT [ADDRESS]: a whole audit from the first day of the world.
on() {
    rm -f "$T/w/clock"; [ ! -f "$T/clock" ] || cp "$T/clock" "$T/w/clock"
    export XDG_STATE_HOME="$1.state"
    # shellcheck disable=SC2086  # the port stands in the evidence's bytes
    start_standin "$T/w" --mild ${PORT:+--port $PORT}
    PORT=${URL##*:}
    # shellcheck disable=SC2086  # an address, or none
    (cd "$T" && "$BLINDSPOT" init ${2:-} "$1" --seed "the same words" >"$T/out" 2>"$T/err")
    expect "init${2:+ in a schema}" 0 $?
    # The audit's own name is drawn by chance, and stands in the names of files.
    if [ -z "${2:-}" ]; then name=$(sqlite3 "$1/audit.db" "SELECT value FROM meta WHERE key = 'audit'")
    else pg_sql "UPDATE march.meta SET value = '$name' WHERE key = 'audit'"; fi
    expect_done "the audit ends${2:+ on PostgreSQL}" "$1" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
    stop_standin
}
on "$T/file"
on "$T/far" "$PG_URL?schema=march"
expect "audit.db holds the address alone" "$PG_URL?schema=march" "$(cat "$T/far/audit.db")"
compare_truth "$T/w" "$T/far" swallow >"$T/diff"
expect_empty "every state, label, reason and basis equals the truth" "$T/diff"
for file in labels.csv summary.json; do
    expect "$file: the same bytes on both" "" "$(diff "$T/file/report/$file" "$T/far/report/$file" 2>&1 | head -n 4)"
done
quiet "$T/far" verify; expect "verify reads all of it" 0 $?
quiet "$T/far" status; expect "status" 0 $?
quiet "$T/far" export --bundle "$T/x.tar"
expect "a bundle is refused, with a sentence" 2 $?
expect_text "which says why" "$T/err" "a store that lies in the audit's folder"
expect "a second audit in the schema is refused" 2 \
    "$("$BLINDSPOT" init "$PG_URL?schema=march" "$T/again" >/dev/null 2>&1; echo $?)"
expect "a connection ends with its process" 0 \
    "$(sleep 1; pg_sql "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'blindspot'")"
expect_no_leak "key, secret and token stand in no file"
