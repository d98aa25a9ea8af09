#!/bin/sh
# Evidence goes to and comes from a real S3 server, OpenStack Swift's: it checks each signature by
# itself, and refuses what the made-up one takes (a condition on a PUT).
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite bucket_swift
python=/usr/bin/python3
if ! $python -c 'import swift.common.middleware.s3api.s3api' 2>/dev/null; then
    skip "evidence in a bucket of OpenStack Swift" "not installed (make deps): python3-swift"
    exit 0
fi
mkdir "$T/swift"
$python tests/e2e/s3_server.py "$T/swift" "$T/swift.port" >"$T/swift.out" 2>&1 &
pids="$pids $!"
for _ in $(seq 600); do [ -s "$T/swift.port" ] && break; sleep 0.1; done
if [ ! -s "$T/swift.port" ]; then not_ok "Swift comes up" "$(tail -n 3 "$T/swift.out")"; exit 1; fi
export AWS_ACCESS_KEY_ID=test:tester AWS_SECRET_ACCESS_KEY=testing AWS_REGION=us-east-1
unset AWS_SESSION_TOKEN
make_world "$T/w" 43 40
start_standin "$T/w" --mild
SETS="--set evidence.file_bytes=60000 --set evidence.bucket=http://127.0.0.1:$(cat "$T/swift.port")/march/run"
quiet "$T/a" audit "$T/w/all.txt"
lie=$(sqlite3 "$T/a/audit.db" "SELECT count(*) FROM evidence_file WHERE bucket <> ''" 2>/dev/null)
files=$(find "$T/a/evidence" -name '*.warc.gz' ! -empty | wc -l)
expect "every file of evidence lies there" "$files yes" "$lie $([ "$files" -gt 1 ] && echo yes)"
quiet "$T/a" verify; expect "verify reads them there" 0 $?
(AWS_SECRET_ACCESS_KEY=wrong quiet "$T/a" verify)
expect_text "a wrong secret is told as such" "$T/err" 'lets nobody in with these keys|SignatureDoesNotMatch|AccessDenied'
mkdir "$T/aside"; find "$T/a/evidence" -name '*.warc.gz' ! -empty -exec mv {} "$T/aside/" \;
quiet "$T/a" verify; expect "and reads them where the folder has none" 0 $? || tail -n 3 "$T/err" "$T/out"
object=$(find "$T/swift/disk" -name '*.data' -size +20k | head -n 1)
flip "$object" 200
quiet "$T/a" verify; expect "but not what was changed there" 5 $?
stop_standin
