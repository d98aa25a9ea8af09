#!/bin/sh
# The roles that are shipped (contrib/postgresql/audit.sql) have every right that they need: each
# statement of the store as its owner and, of those that read, as a reader; all that a worker sends
# as a worker. What they must not do is in work.sh.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite roles
pg_wanted "the roles of an audit"
pg_begin || exit 1
for test in test_work_far test_statements; do
    [ -x "$BUILD/tests/$test" ] || "${MAKE:-make}" --no-print-directory "${BUILD#"$PWD"/}/tests/$test" >"$T/make.out" 2>&1
done
# granting NAME [SQL]: a program that grants all that is shipped in a schema, and then does this.
granting() {
    echo "${2:-}" >"$T/$1.sql"
    cat >"$T/$1" <<SH
#!/bin/sh
exec "$PG_BIN/psql" -X -q -h 127.0.0.1 -p $PG_PORT -U $PG_USER -w -d postgres -v schema="\$1" \\
    -f contrib/postgresql/audit.sql -f "$T/$1.sql"
SH
    chmod +x "$T/$1"
}
granting grant
granting forget_left_at 'REVOKE SELECT (left_at) ON :"schema".store_head FROM blindspot_worker;'
granting forget_done 'REVOKE UPDATE (done) ON :"schema".parcel_page FROM blindspot_worker;'
granting forget_label 'REVOKE SELECT ON :"schema".label FROM blindspot_reader;'
"$BLINDSPOT" init "$PG_URL?schema=first" "$T/first" >/dev/null 2>&1
"$T/grant" first >"$T/out" 2>&1
expect "the roles are made" 0 $?
od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$T/pw"
pg_sql "CREATE ROLE wanda LOGIN PASSWORD '$(cat "$T/pw")'; GRANT blindspot_worker TO wanda" >"$T/out"
echo "*:*:*:wanda:$(cat "$T/pw")" >>"$PGPASSFILE"
rm -f "$T/pw"
unset BLINDSPOT_CLOCK
export BLINDSPOT_TEST_PG="$PG_URL" BLINDSPOT_TEST_GRANT="$T/grant" BLINDSPOT_TEST_WORKER="postgresql://wanda@${PG_URL#*@}"
"$BUILD/tests/test_work_far" >"$T/out" 2>&1
expect "a worker may do all that it does" 0 $? || grep -i "error\|denied" "$T/out" | head -n 4
"$BUILD/tests/test_statements" >"$T/out" 2>&1
expect "who runs the audit may run every statement, and who reads it what reads" 0 $? || grep -i "denied" "$T/out" | head -n 4

# Were one grant left out it would be told.
told() {
    if BLINDSPOT_TEST_GRANT=$T/$1 "$BUILD/tests/$2" >"$T/out" 2>&1; then not_ok "a grant that is missing is noticed: $3"
    else expect_text "a grant that is missing is noticed: $3" "$T/out" "permission denied for table $3"; fi
}
told forget_left_at test_work_far store_head
told forget_done test_work_far parcel_page
told forget_label test_statements label
