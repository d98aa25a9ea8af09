#!/bin/sh
# Evidence in an S3 bucket: closed files are put there, by the audit itself and by workers, and had
# back; whatever the bucket does, nothing is lost, nothing wrong is taken for right, and its keys
# stand nowhere. The bucket is one of fixtures/, which checks signatures by itself.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite bucket
W=$T/keys.d; B=$T/b
export AWS_ACCESS_KEY_ID="$BUCKET_ID" AWS_SECRET_ACCESS_KEY="$BUCKET_SECRET" AWS_SESSION_TOKEN="$BUCKET_TOKEN"
unset AWS_REGION AWS_PROFILE
bucket_port=0
start_bucket() {
    rm -f "$T/b.port"
    BUCKET_ID=$BUCKET_ID BUCKET_SECRET=$BUCKET_SECRET BUCKET_TOKEN=$BUCKET_TOKEN \
        "$BUILD/bucket" "$B" --port "$bucket_port" --port-file "$T/b.port" --log "$T/b.log" >>"$T/b.out" 2>&1 &
    BUCKET_PID=$!
    pids="$pids $BUCKET_PID"
    bucket_tries=0
    until [ -s "$T/b.port" ] || [ $bucket_tries -gt 200 ]; do sleep 0.05; bucket_tries=$((bucket_tries + 1)); done
    bucket_port=$(cat "$T/b.port")
    AT=http://127.0.0.1:$bucket_port/made-up/march
}
stop_bucket() { signal TERM "$BUCKET_PID"; wait "$BUCKET_PID" 2>/dev/null; }
faults() { printf '%s\n' "$@" >"$B/faults"; }
objects() { find "$B/objects" -type f | wc -l; }
# Who is killed before a byte is written leaves a file of none.
files() { find "$1/evidence" -name '*.warc.gz' ! -empty | wc -l; }
# The bucket holds each file of a folder, and nothing else.
same_there() {
    (cd "$2/evidence" && find . -name '*.warc.gz' ! -empty -printf '%f\n' | sort | xargs sha256sum --) >"$T/here"
    (cd "$B/objects" && sha256sum -- * | sed 's/march+//') >"$T/there"
    expect "$1" "" "$(diff "$T/here" "$T/there" | head -n 3)"
}
start_bucket
make_world "$T/w" 43 "${ITEMS:-150}"
start_standin "$T/w" --mild

# ---- the audit's own files ----
faults "PUT status 503 2" "PUT lose 0 1" "PUT cut 0 1"
SETS="--set evidence.file_bytes=60000 --set evidence.bucket=$AT"
expect_done "an audit ends, whatever the bucket does meanwhile" "$T/a" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
expect_text "a bucket that fails is told" "$ERRLOG" "evidence stays here until the bucket takes it: .*answered 503 InternalError"
expect_text "and that it takes files again" "$ERRLOG" "takes evidence again"
same_there "every closed file lies in the bucket, byte for byte" "$T/a"
[ "$(objects)" -gt 3 ]; expect "of which there are several ($(objects))" 0 $?
expect "the store says where they lie" "$(files "$T/a")" "$(sqlite3 "$T/a/audit.db" "SELECT count(*) FROM evidence_file WHERE bucket = '$AT'")"
expect "no request was signed wrongly" "" "$(awk -F '\t' '$3 == 403 || $3 == 400' "$T/b.log" | head -n 3)"
sent=$(awk -F '\t' '$1 == "PUT" && $3 == 200' "$T/b.log" | wc -l)
quiet "$T/a" fetch
expect "the next run sends none of them again" "$sent" "$(awk -F '\t' '$1 == "PUT" && $3 == 200' "$T/b.log" | wc -l)"
quiet "$T/a" verify --json; expect "verify reads them in both places" 0 $?
expect "all of them" "$(files "$T/a")" "$(jq .in_bucket "$T/out")"
quiet "$T/a" report; cp -R "$T/a" "$T/whole"

# ---- back from there ----
rm -f "$T/a/evidence/"*
SETS=; quiet "$T/a" status --all
expect_text "status names what lies in the bucket" "$T/out" "evidence: $(objects) files lie in $AT; .blindspot gather. brings them"
quiet "$T/a" status; expect_text "and so does the screen" "$T/out" "$(objects) files lie in a bucket"
quiet "$T/a" status --json; expect "and JSON" "0  $(objects) $AT" "$(jq -r '.evidence_elsewhere | "\(.files) \(.workers) \(.in_bucket) \(.buckets)"' "$T/out")"
quiet "$T/a" verify; expect "verify without the bucket misses them" 5 $?
SETS="--set evidence.bucket=$AT"
quiet "$T/a" verify; expect "with it every record is read there" 0 $?
cp "$T/out" "$T/there.out"; quiet "$T/whole" verify
expect "as many as here" "$(grep '^archive' "$T/out")" "$(grep '^archive' "$T/there.out")"
"$BLINDSPOT" gather "$T/a" >"$T/out" 2>"$T/err"
expect_text "gather without the bucket says where they lie" "$T/err" "set evidence.bucket=$AT"
gather() { "$BLINDSPOT" --set evidence.bucket="$AT" gather "$T/a" "$@" >"$T/out" 2>"$T/err"; }
killed=0
for ms in 005 010 015 020 030; do
    timeout -s KILL "0.$ms" "$BLINDSPOT" --set evidence.bucket="$AT" gather "$T/a" >"$T/out" 2>"$T/err" || killed=$((killed + 1))
    for file in "$T/a/evidence/"*.gz; do
        [ ! -e "$file" ] || cmp -s "$file" "$T/whole/evidence/${file##*/}" || not_ok "killed after $ms ms: ${file##*/} is not whole"
    done
done
[ $killed -gt 0 ]; expect "gather is killed $killed times" 0 $?
faults "GET cut 0 1" "GET status 500 1"
gather --json; expect "gather fetches them, cut and refused once each" 0 $?
same_there "every file is here again, byte for byte" "$T/a"
expect "and nothing is left of those that were killed" "" "$(find "$T/a/evidence" ! -name '*.warc.gz' -type f)"
quiet "$T/a" report
expect "labels.csv, byte for byte" "" "$(cmp "$T/whole/report/labels.csv" "$T/a/report/labels.csv" 2>&1)"
expect "summary.json, but for the setting" "" "$(diff "$T/whole/report/summary.json" "$T/a/report/summary.json" 2>&1 | grep '^[<>]' | grep -v evidence | head -n 2)"

# ---- what is not right there ----
first=$(find "$T/a/evidence" -name '*.gz' -printf '%f\n' | sort | sed -n 1p); second=$(find "$T/a/evidence" -name '*.gz' -printf '%f\n' | sort | sed -n 2p)
flip "$B/objects/march+$first" 5000
quiet "$T/a" verify; expect "a byte that is flipped in the bucket is found" 5 $?
expect_text "in the file where it is" "$T/out" "$first, byte 0: .*another size or digest .* in $AT"
expect "and nothing else" "1 thing is broken" "$(tail -n 1 "$T/out")"
rm -f "$T/a/evidence/$first" "$T/a/evidence/$second"
rm -f "$B/objects/march+$second"
quiet "$T/a" verify; expect "where the bucket's copy is the only one" 5 $?
expect_text "the record is named" "$T/out" "$first, byte [1-9][0-9]*: .*; it is of request"
expect_text "and an object that is gone" "$T/out" "$second, byte 0: the file was put there, and is not there any more, in $AT"
gather --json; expect "gather takes neither" 0 $?
expect "and names both" "$first $second" "$(jq -r '.evidence_missing | sort | join(" ")' "$T/out")"
expect_text "with what is wrong" "$T/err" "$first in .* has another size or digest than the store knows"
quiet "$T/a" verify --folder "$T/whole"; expect "a worker's folder is read as well, and the bucket still is wrong" 5 $?
expect_text "which says how many" "$T/out" "elsewhere: 2 files read in the folders of workers"
cp "$T/whole/evidence/$first" "$B/objects/march+$first"; cp "$T/whole/evidence/$second" "$B/objects/march+$second"
quiet "$T/a" verify --folder "$T/whole"; expect "all three places" 0 $?
rm -rf "$T/a"; cp -R "$T/whole" "$T/a"

# ---- what does not get there stays, and the next run sends it ----
# more WHAT: a run that closes one more file; N is its name.
more() {
    move_clock +86400
    quiet "$T/a" --set page.retrieved_sample=all --set evidence.worker="$1" audit; run_rc=$?
    N=$(find "$T/a/evidence" -name "*-$1-*.gz" -printf '%f\n' | sort | tail -n 1)
}
lies() { sqlite3 "$T/a/audit.db" "SELECT count(*) FROM evidence_file WHERE name = '$1' AND bucket <> ''"; }
stop_bucket
more down
expect "a run ends well where the bucket is down" 0 $run_rc
[ -n "$N" ]; expect "and keeps what it wrote" 0 $?
expect_text "which says so" "$T/err" "did not get into $AT and .* here; the next run sends"
expect "nothing says that it lies there" 0 "$(lies "$N")"
start_bucket
AWS_SECRET_ACCESS_KEY=not-this-one AWS_SESSION_TOKEN=$BUCKET_TOKEN quiet "$T/a" fetch
expect_text "a wrong key is told" "$T/err" "lets nobody in with these keys: 403 SignatureDoesNotMatch"
expect "and sends nothing" 0 "$(lies "$N")"
(unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; HOME=$T quiet "$T/a" fetch)
expect_text "no key as well" "$T/err" "no keys to the bucket: set AWS_ACCESS_KEY_ID"
mkdir -p "$W/.aws"
printf '[default]\naws_access_key_id = %s\naws_secret_access_key=%s\naws_session_token = %s\n' "$BUCKET_ID" "$BUCKET_SECRET" "$BUCKET_TOKEN" >"$W/.aws/credentials"
(unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; HOME=$W quiet "$T/a" fetch)
rm -rf "$W"
expect "the next run sends it, with keys of ~/.aws/credentials" 1 "$(lies "$N")"
cmp "$T/a/evidence/$N" "$B/objects/march+$N"; expect "as it is" 0 $?
# Something else lies under the name.
sqlite3 "$T/a/audit.db" "UPDATE evidence_file SET bucket = '' WHERE name = '$N'"
faults ""
for server in "knows If-None-Match" "does not" "refuses it"; do
    printf 'something else' >"$B/objects/march+$N"
    printf '%064d' 1 >"$B/says/march+$N"
    quiet "$T/a" fetch
    expect_text "something else is not written over, where the server $server" "$T/err" "something else lies in .* under the name $N, and stays"
    expect "and stays ($server)" "something else" "$(cat "$B/objects/march+$N")"
    case $server in knows*) faults "PUT deaf 0 -1" ;; *) faults "PUT strict 0 -1" ;; esac
done
faults "PUT strict 0 -1" "HEAD status 403 -1"
quiet "$T/a" fetch
expect "where it is refused, and nobody may look" "something else" "$(cat "$B/objects/march+$N")"
faults "PUT strict 0 -1"; rm -f "$B/objects/march+$N" "$B/says/march+$N"
quiet "$T/a" fetch
expect "where it is refused, and nothing lies there, the file is put" 1 "$(lies "$N")"
cmp -s "$T/a/evidence/$N" "$B/objects/march+$N"; expect "as it is there too" 0 $?
sqlite3 "$T/a/audit.db" "UPDATE evidence_file SET bucket = '' WHERE name = '$N'"
printf 'something else' >"$B/objects/march+$N"; printf '%064d' 1 >"$B/says/march+$N"
faults "HEAD status 403 -1"
quiet "$T/a" fetch
expect "nor where nobody may look" "something else" "$(cat "$B/objects/march+$N")"
expect_text "which is told" "$T/err" "$N is being put there by another|lets nobody in|something else lies"
faults ""
cp "$T/a/evidence/$N" "$B/objects/march+$N"; : >"$B/says/march+$N"
quiet "$T/a" fetch; expect "the same bytes, of whoever, are as good" 1 "$(lies "$N")"
sqlite3 "$T/a/audit.db" "UPDATE evidence_file SET bucket = '' WHERE name = '$N'"; rm -f "$B/objects/march+$N"
cp "$T/a/evidence/$N" "$T/good"; flip "$T/a/evidence/$N" 200
quiet "$T/a" fetch
expect_text "a file that was changed here is not sent" "$T/err" "$N has another size or digest than when it was closed"
expect "nor told" "0 no" "$(lies "$N") $([ -e "$B/objects/march+$N" ] && echo yes || echo no)"
cp "$T/good" "$T/a/evidence/$N"
for url in http://s3.example.org/e "https://AKIA:x@s3.example.org/e" https://s3.example.org/e/; do
    quiet "$T/a" --set evidence.bucket="$url" status; expect "evidence.bucket=$url is refused" 2 $?
done
stop_standin
SETS=; cp -R "$T/a" "$T/purged"; quiet "$T/purged" purge --gone; expect "a purge" 0 $?
expect_text "which says what lies in the bucket as it was" "$T/err" "lies in $AT as it was, with what was purged here: delete it there"

# ---- workers ----
why=$(pg_why_no_store)
if [ -n "$why" ]; then skip "evidence of workers in a bucket" "$why"; rm -f "$T/good"; expect_no_leak "keys to the bucket stand in no file"; exit 0; fi
trap 'pg_end; suite_end' EXIT
pg_begin || exit 1
rm -f "$T/w/clock" "$B/objects/"* "$B/says/"*; : >"$T/b.log"
start_standin "$T/w" --mild
ADDRESS="$PG_URL?schema=far"
"$BLINDSPOT" init "$ADDRESS" "$T/far" >/dev/null 2>&1
worker() {
    mkdir -p "$T/$1"
    "$BLINDSPOT" -C "$T/$1" --progress=never --set evidence.bucket="$AT" work "$ADDRESS" --name "$1" --idle "$2" >>"$T/$1.out" 2>>"$T/$1.err" &
    WORKER=$!
    pids="$pids $WORKER"
}
SETS="--set page.concurrency=1 --set api.concurrency=1 --set page.read_by=workers --set page.workers_wait_s=30"
bs_start "$T/far" audit "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
faults "PUT lose 0 1" "PUT status 500 1"
for n in 1 2 3 4 5 6; do
    worker wa 60
    sleep "0.$((2 + n))"
    # Killed with a file open: nobody closes it but the next one.
    signal KILL "$WORKER"; wait "$WORKER" 2>/dev/null; move_clock +601
done
worker wa 60
# shellcheck disable=SC2046  # a list of sessions
expect "keys to the bucket stand in no argument" "" "$(canary_seen $(session_of $$))"
wait "$BS_PID"; far_rc=$?
[ $far_rc -eq 0 ] || [ $far_rc -eq 3 ]; expect "a run whose worker is killed six times ends ($far_rc)" 0 $?
expect_done "so do those of the next days" "$T/far"
faults ""    # an interrupt leaves one try
signal TERM "$WORKER"; wait "$WORKER"
expect "a worker that is asked to ends" 130 $?
same_there "the bucket holds every file of the worker, those of the killed too" "$T/wa"
expect "each file was put there once" "" "$(awk -F '\t' '$1 == "PUT" && $3 == 200 && $4 == "" { print $2 }' "$T/b.log" | sort | uniq -d)"
quiet "$T/far" scrape; expect "a run takes in what was told last" 0 $?
expect "the store says where each lies" "$(files "$T/wa")" "$(pg_sql "SELECT count(*) FROM far.evidence_file WHERE bucket = '$AT' AND size > 0 AND name LIKE '%-wa-%'")"
looks=$(awk -F '\t' '$1 == "HEAD"' "$T/b.log" | wc -l)
worker wa 1; wait "$WORKER"
expect "what was told is looked for no more" "$looks" "$(awk -F '\t' '$1 == "HEAD"' "$T/b.log" | wc -l)"
quiet "$T/far" status --json
expect "status: what answers rest on lies in the bucket, and nothing on the worker alone" \
    "0 $(pg_sql "SELECT count(DISTINCT file) FROM far.evidence WHERE file IN (SELECT n FROM far.evidence_file WHERE name LIKE '%-wa-%')")" "$(jq -r '.evidence_elsewhere | "\(.files) \(.in_bucket)"' "$T/out")"
SETS="--set evidence.bucket=$AT"
quiet "$T/far" verify; expect "verify reads all of it in the bucket" 0 $?
"$BLINDSPOT" --set evidence.bucket="$AT" gather "$ADDRESS" "$T/home" "$T/far" --json >"$T/out" 2>"$T/err"; expect "gathered into a copy" 0 $?
expect "with every file out of the bucket" "$(files "$T/wa") []" "$(jq -c '"\(.evidence_from_bucket) \(.evidence_missing)"' "$T/out" | tr -d '"')"
find "$T/wa/evidence" -name '*.gz' -empty -delete
for file in "$T/wa/evidence/"*.gz; do cmp "$file" "$T/home/evidence/${file##*/}"; done >"$T/diff" 2>&1
expect_empty "byte for byte" "$T/diff"
SETS=; quiet "$T/home" verify; expect "and verify needs no bucket any more" 0 $?

# ---- a worker that cannot reach it ----
stop_bucket
ADDRESS="$PG_URL?schema=dry"
"$BLINDSPOT" init "$ADDRESS" "$T/dry" >/dev/null 2>&1
rm -f "$T/w/clock"; stop_standin; start_standin "$T/w" --mild
SETS="--set page.concurrency=1 --set api.concurrency=1 --set page.read_by=workers --set page.workers_wait_s=30"
worker wb 60
expect_done "an audit ends while the bucket is down" "$T/dry" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
signal TERM "$WORKER"; wait "$WORKER"
expect_text "the worker keeps its evidence, and says so" "$T/wb.err" "of evidence did not get into $AT and .* here; the next run sends"
quiet "$T/dry" scrape
quiet "$T/dry" status --json
expect "status names it" "$(files "$T/wb") wb 0" "$(jq -r '.evidence_elsewhere | "\(.files) \(.workers) \(.in_bucket)"' "$T/out")"
start_bucket
# Killed when the bucket has a file, and the audit was not told of it.
faults "PUT late 20000 1"
worker wb 60
tries=0
until [ -n "$(find "$B/objects" -name '*-wb-*')" ] || [ $tries -gt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
signal KILL "$WORKER"; wait "$WORKER" 2>/dev/null
faults ""
expect "a worker is killed between the two" "yes no" "$([ $tries -le 200 ] && echo yes) $([ -e "$T/wb/evidence/bucket.txt" ] && echo yes || echo no)"
worker wb 1; wait "$WORKER"
expect "what lay there is not sent again" "" "$(awk -F '\t' '$1 == "PUT" && $3 == 200 && $4 == "" { print $2 }' "$T/b.log" | sort | uniq -d)"
expect "its next run sends what is left, though there is nothing to read" "" \
    "$(for file in "$T/wb/evidence/"*.gz; do cmp "$file" "$B/objects/march+${file##*/}" 2>&1; done)"
"$BLINDSPOT" --set evidence.bucket="$AT" gather "$T/dry" --json >"$T/out" 2>"$T/err"
expect "which gather has from there, told or not" "[]" "$(jq -c .evidence_missing "$T/out")"
(unset AWS_SECRET_ACCESS_KEY; "$BLINDSPOT" -C "$T/wb" --set evidence.bucket="$AT" work "$ADDRESS" --idle 0 >"$T/out" 2>"$T/err")
expect "a worker without keys leases nothing" "4 yes" "$? $(grep -q 'no AWS_SECRET_ACCESS_KEY in the environment' "$T/err" && echo yes)"
stop_standin; stop_bucket
expect_no_leak "keys to the bucket stand in no file"
