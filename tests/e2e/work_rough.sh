#!/bin/sh
# Workers whose links are cut around each COMMIT, and uploads that are another audit's.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite work_rough
pg_wanted "workers whose links are cut"
pg_begin || exit 1
make_world "$T/w" 43 "${BLINDSPOT_WORK_ITEMS:-300}"
FAR="--set page.read_by=workers --set page.workers_wait_s=30 --set page.concurrency=1 --set api.concurrency=1"
# worker NAME ADDRESS: one in the background; its pid in WORKER.
worker() {
    mkdir -p "$T/$1"
    "$BLINDSPOT" -C "$T/$1" --progress=never work "$2" --name "$1" --idle 60 >"$T/$1.out" 2>"$T/$1.err" &
    WORKER=$!
    pids="$pids $WORKER"
}
stop_worker() { signal TERM "$WORKER"; wait "$WORKER" 2>/dev/null; }
pages_sent() { awk -F '\t' '$2 == "page"' "$LOG" | wc -l; }
pages_taken() { pg_sql "SELECT count(*) FROM $1.request WHERE witness = 3"; }

# ---- each COMMIT of the worker is carried out, its reply is lost, and it is sent again ----
start_standin "$T/w" --mild
"$BLINDSPOT" init "$PG_URL?schema=cut" "$T/cut" --seed "the same words" >/dev/null 2>&1
python3 tests/e2e/cut_link.py "$PG_PORT" "$T/cut.port" after pass >"$T/cuts" 2>"$T/cut.err" &
pids="$pids $!"
tries=0
until [ -s "$T/cut.port" ] || [ $tries -gt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
worker wa "postgresql://$PG_USER@127.0.0.1:$(cat "$T/cut.port")/postgres?schema=cut"
SETS=$FAR
expect_done "replies to COMMITs are lost: the audit comes to its end" "$T/cut" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
stop_worker
compare_truth "$T/w" "$T/cut" swallow >"$T/diff"
expect_empty "every state, label, reason and basis equals the truth" "$T/diff"
uploads=$(pg_sql "SELECT sum(sent) FROM cut.worker")
[ "$(grep -c after "$T/cuts")" -ge "$uploads" ] && [ "$uploads" -ge 4 ]
expect "each of $uploads uploads had its COMMIT's reply cut off ($(grep -c after "$T/cuts") cuts)" 0 $?
expect "each page was read once, and its answer taken once" "$(pages_sent)" "$(pages_taken cut)"
mv "$T/wa/evidence/"* "$T/cut/evidence/"
quiet "$T/cut" scrape
quiet "$T/cut" verify
expect "the bytes of every answer are there" 0 $?

# ---- an upload that is another audit's, or was spoiled on its way ----
# line ITEM ID: a worker's reading, which says that the post is gone.
line() {
    at=$(awk '{ print int($1) }' "$BLINDSPOT_CLOCK")
    printf '{"of":"answer","request":{"witness":3,"id":"%s","item":%s,"reserved_at":%s,"sent_at":%s,"done_at":%s,"sends":1,"http":200,"log_id":""},' \
        "$2" "$1" "$at" "$at" "$at"
    printf '"kept":[],"kind":3,"at":%s,"code":10204,"message":"","why":0,"generation":1,"engine":0,"region":"","nearly":false}\n' "$at"
}
# upload LINE...: of UPLOADS, else a worker that nobody knows; sets BEFORE and AFTER it was offered to a run.
upload() {
    BEFORE="$(pages_taken cut) $(verdicts "$T/cut" | sha256sum)"
    pg_sql "INSERT INTO cut.upload (worker, n, vantage, body) VALUES ('${UPLOADS:-stranger}', 1, '', '$(printf '%s\n' "$@" | sed '/^$/d')')" >"$T/sql"
    quiet "$T/cut" scrape
    cp "$T/err" "$T/said"
    quiet "$T/cut" classify
    quiet "$T/cut" report
    AFTER="$(pages_taken cut) $(verdicts "$T/cut" | sha256sum)"
}
number_of() { pg_sql "SELECT n FROM cut.item WHERE id = $1"; }
csv "$T/w/truth.csv" id state | awk -F '\t' '$2 == "retrieved" { print $1 }' | head -n 2 >"$T/two"
one=$(sed -n 1p "$T/two"); two=$(sed -n 2p "$T/two")
quiet "$T/cut" report
upload "$(line "$(number_of "$one")" "$one")" "$(line "$(number_of "$two")" "$one")"
expect "a post under another's number: nothing of the upload is taken" "$BEFORE" "$AFTER"
expect_text "it is said of whom, and why" "$T/said" "upload of the worker stranger was left out: item $(number_of "$two") of this audit is not the post $one"
upload "$(line 99999999 "$one")"
expect "a number that nobody has: nothing of it is taken" "$BEFORE" "$AFTER"
expect_text "it is said as well" "$T/said" "item 99999999 of this audit is not the post"
expect "both stand in the ledger of events, and no upload is offered twice" "2 0" \
    "$(pg_sql "SELECT count(*) FROM cut.event WHERE kind = 'upload_refused'") $(pg_sql "SELECT count(*) FROM cut.upload")"
was=$(pages_taken cut)
upload "$(line "$(number_of "$one")" "$one")"
expect "under its own number it is a reading like any other" $((was + 1)) "$(pages_taken cut)"
number=$(number_of "$two")
pg_sql "UPDATE cut.item SET purged_at = 1, id = n WHERE id = $two" >"$T/sql"
was=$(pages_taken cut)
upload "$(line "$(number_of "$one")" "$one")" "$(line "$number" "$two")"
expect "of a post that was purged meanwhile nothing comes back; the others' answers do" $((was + 1)) "$(pages_taken cut)"

# ---- a file of evidence that is not the worker's to name ----
# file NAME SIZE DIGEST [BUCKET]: a worker's line that says so.
file() { printf '{"of":"file","name":"%s","size":%s,"digest":"%s"%s}\n' "$1" "$2" "$3" "${4:+,\"bucket\":\"$4\"}"; }
known() { pg_sql "SELECT $2 FROM cut.evidence_file WHERE name = '$1'"; }
refused() { # WHAT WHY LINE...
    refused_what=$1; refused_why=$2; shift 2
    was="$(known "$its" "size, digest, bucket") $(pg_sql "SELECT count(*) FROM cut.evidence_file")"
    UPLOADS=wb-0123456789ab; upload "$@"; UPLOADS=
    expect "$refused_what: nothing of the upload is taken" "$BEFORE $was" \
        "$AFTER $(known "$its" "size, digest, bucket") $(pg_sql "SELECT count(*) FROM cut.evidence_file")"
    expect_text "$refused_what: it is said" "$T/said" "upload of the worker wb-0123456789ab was left out: $refused_why"
}
its=$(pg_sql "SELECT name FROM cut.evidence_file WHERE name LIKE '%-wa-%' AND size > 0 LIMIT 1")
size=$(known "$its" size); digest=$(known "$its" "encode(digest, 'hex')"); other=$(printf '%064d' 7)
own=$(echo "$its" | sed 's/-wa-/-wb-/')
good=$(line "$(number_of "$one")" "$one")
AT=https://s3.example.org/march
refused "closed, of another worker" "$its is none of its files" "$good" "$(file "$its" "$size" "$digest")"
refused "of another audit" "blindspot-0123-wb-1-1.warc.gz is none of its files" "$good" "$(file blindspot-0123-wb-1-1.warc.gz 9 "$other")"
refused "in a bucket, and not as it is known" "$its is known with another size or digest" "$good" "$(file "$its" "$size" "$other" $AT)"
refused "twice, and not the same" "$own is known with another size or digest" "$good" "$(file "$own" 9 "$other")" "$(file "$own" 8 "$other")"
refused "where an answer is said to lie" "an answer lies in $its, which is none of its files" \
    "$(echo "$good" | sed "s/\"kept\":\[\]/\"kept\":[{\"file\":\"$its\",\"offset\":0,\"len\":9,\"digest\":\"$digest\"}]/")"
# Under another name in the same folder a worker puts there what it left before.
UPLOADS=wb-0123456789ab; upload "$(file "$own" 9 "$other")" "$(file "$its" "$size" "$digest" $AT)"; UPLOADS=
expect "its own file is closed, and one of an earlier name lies in the bucket, as it is known" "9 $size|$AT" \
    "$(known "$own" size) $(known "$its" "size, bucket")"
refused "closed anew" "$own is known with another size or digest" "$good" "$(file "$own" 10 "$other")"
stop_standin

# ---- a worker that begins before the server is there ----
pg_stop
worker early "$PG_URL?schema=cut"
tries=0
until grep -q "trying again" "$T/early.err" 2>/dev/null || [ $tries -gt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
expect_text "it says that it waits" "$T/early.err" "refused.*: trying again"
pg_start || not_ok "the server starts" "$(tail -n 3 "$PG_DIR/log")"
came() { pg_sql "SELECT count(*) FROM cut.worker WHERE name LIKE 'early-%'"; }
tries=0
until [ "$(came)" = 1 ] || [ $tries -gt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
expect "and comes when the server does" 1 "$(came)"
stop_worker
pg_stop
worker never "$PG_URL?schema=cut"
sleep 0.5
signal TERM "$WORKER"; wait "$WORKER"
expect "one that waits can be stopped" "130 1" "$? $(grep -c "interrupted" "$T/never.err")"
pg_start || not_ok "the server starts" "$(tail -n 3 "$PG_DIR/log")"
# What waiting does not mend.
# at_once WHY USER SCHEMA
at_once() {
    timeout 20 "$BLINDSPOT" -C "$T/early" --progress=never work "postgresql://$2@${PG_URL#*@}?schema=$3" --idle 1 >"$T/out" 2>"$T/err"
    rc=$?
    expect "what a person has to mend ends it at once: $1" yes "$([ $rc -ne 0 ] && [ $rc -ne 124 ] && grep -q "$1" "$T/err" && echo yes)"
}
at_once "there is no audit in this schema" "$PG_USER" nobody
at_once "password" stranger cut
pg_sql "UPDATE cut.store_head SET version = version + 1"
at_once "written by a newer blindspot" "$PG_USER" cut
expect_no_leak "key, secret and token stand in no file"
