#!/bin/sh
# doctor: what would keep the next run from working is named, one line each, and the exit
# code is that of the run. Each of the states that users get into, one after another.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite doctor

# doctor WHAT WANT-CODE ARGS...: stdout is in $T/out.
doctor() {
    doctor_what=$1; doctor_code=$2; shift 2
    bs "$A" doctor "$@" >"$T/out" 2>"$T/err"
    doctor_rc=$?
    cat "$T/out" "$T/err" >>"$ERRLOG"
    expect "$doctor_what: exit code" "$doctor_code" $doctor_rc
}
# says CHECK LEVEL PATTERN: that line, and every check has exactly one.
says() {
    expect_text "$doctor_what: $1 is $2" "$T/out" "^$2 +$1 +.*$3"
    expect "$doctor_what: a line a check" "13" "$(grep -c . "$T/out")"
}
restore() { rm -rf "$A"; cp -R "$T/sound" "$A"; }

make_world "$T/w" 41 60
start_standin "$T/w"
A=$T/a
SETS=
"$BLINDSPOT" -q init "$A"
quiet "$A" audit "$T/w/all.txt"
cp -R "$A" "$T/sound"

# ---- all is well ----

before=$(log_lines); queries=$(log_queries)
doctor "all is well" 0
expect "all is well: nothing fails or warns" "" "$(grep -v '^ok' "$T/out")"
says api ok "gave this key a token \(one request, not charged\)"
says page ok "\(one request\), and a post.s page can be read"
says clock ok "0 seconds from the server"
says store ok "schema [0-9]+, undamaged"
expect "one request to either side" 2 $(($(log_lines) - before))
expect "and no query" "$queries" "$(log_queries)"
expect "nothing in the folder has changed" "" "$(diff -r "$T/sound" "$A" 2>&1 | grep -v 'audit.db-')"
before=$(log_lines)
doctor "offline" 0 --offline
says api - "not asked: --offline"
says clock - "not compared"
expect "offline: nothing is sent" "$before" "$(log_lines)"

# ---- the key ----

(unset BLINDSPOT_CLIENT_KEY; bs "$A" doctor >"$T/out" 2>"$T/err"; echo $? >"$T/rc")
doctor_what="no key"
expect "no key: exit code" 4 "$(cat "$T/rc")"
says key fail "no BLINDSPOT_CLIENT_KEY: set it"
says api - "not asked: there is no key"
before=$(log_lines)
(BLINDSPOT_CLIENT_SECRET=wrong-one; export BLINDSPOT_CLIENT_SECRET; bs "$A" doctor >"$T/out" 2>"$T/err"; echo $? >"$T/rc")
doctor_what="a wrong secret"
expect "a wrong secret: exit code" 4 "$(cat "$T/rc")"
says api fail "refuses the client key or secret: invalid_client"
expect "a wrong secret: asked once for all that" 2 $(($(log_lines) - before))
expect "a wrong secret: it stands nowhere" "" "$(grep wrong-one "$T/out" "$T/err")"
printf '%s\n' "$SECRET" >"$T/secret"; chmod 644 "$T/secret"
(unset BLINDSPOT_CLIENT_SECRET; BLINDSPOT_CLIENT_SECRET_FILE=$T/secret; export BLINDSPOT_CLIENT_SECRET_FILE
    bs "$A" doctor --offline >"$T/out" 2>"$T/err"; echo $? >"$T/rc")
doctor_what="a secret that others can read"
expect "a secret that others can read: exit code" 0 "$(cat "$T/rc")"
says key warn "others can read the file that BLINDSPOT_CLIENT_SECRET_FILE names; chmod 600"
rm -f "$T/secret"

# ---- the clock ----

true_clock=$BLINDSPOT_CLOCK
awk '{ printf "%.0f\n", $1 + 3600 }' "$true_clock" >"$T/fast"
awk '{ printf "%.0f\n", $1 - 90 }' "$true_clock" >"$T/slow"
export BLINDSPOT_CLOCK="$T/fast"
doctor "a clock that is an hour fast" 5
says clock fail "60 minutes ahead of the server.s: days would be counted wrong; set it right"
export BLINDSPOT_CLOCK="$T/slow"
doctor "a clock that is 90 seconds slow" 0
says clock warn "90 seconds behind the server.s"
export BLINDSPOT_CLOCK="$true_clock"

# ---- settings, folder, store, archive ----

SETS="--set api.batch=1000"
doctor "a setting out of range" 2
says settings fail "api.batch"
SETS=
printf '[broken\nlabel = nothing\n' >>"$A/rules.ini"
doctor "rules that are none" 2 --offline
says rules fail "rules.ini:[0-9]+"
restore
dd if=/dev/urandom of="$A/audit.db" bs=4096 seek=4 count=6 conv=notrunc 2>/dev/null
doctor "a damaged store" 5 --offline
says store fail "damaged"
restore
echo "no database at all" >"$A/audit.db"
doctor "a store that is none" 2 --offline
says store fail "is not"
restore
mv "$A/evidence" "$T/elsewhere"
doctor "an archive that is missing" 5 --offline
says archive fail "of evidence/ (is|are) missing; put .* back"
mv "$T/elsewhere" "$A/evidence"
for file in "$A"/evidence/*.gz; do break; done
head -c 2000 "$file" >"$T/short"; cat "$T/short" >"$file"
doctor "an archive that was cut" 5 --offline
says archive fail "not as long as when"
restore
rm -rf "$A/evidence"; mkdir "$A/evidence"
A=$T/nowhere
doctor "no audit" 2 --offline
says folder fail "there is no audit here; .blindspot init. makes one"
A=$T/a
restore
( flock 9; sleep 4 ) 9>"$A/audit.db-lock" &
pids="$pids $!"
sleep 0.3
doctor "another one works on it" 0 --offline
says store warn "another blindspot works on it"
restore

# ---- read-only: where this runs as root, permissions stop nobody ----

chmod -R a-w "$A"
if (: >"$A/probe") 2>/dev/null; then
    rm -f "$A/probe"
    skip "a folder that cannot be written" "permissions do not hold for this user"
else
    doctor "a folder that cannot be written" 5 --offline
    says folder fail "nothing can be written to .*; make it writable"
fi
chmod -R u+w "$A"
# ---- quota, servers, proxy ----

SETS="--set api.daily_requests=1"
doctor "the quota is used up" 3 --offline
says quota fail "today.s quota is used; the next begins at 2026-03-03T00:00:00Z"
SETS=
(XDG_STATE_HOME=$T/w/truth.csv; export XDG_STATE_HOME; bs "$A" doctor --offline >"$T/out" 2>"$T/err"; echo $? >"$T/rc")
doctor_what="a ledger that cannot be made"
expect "a ledger that cannot be made: exit code" 5 "$(cat "$T/rc")"
says quota fail "cannot be made: Not a directory; make it writable, or set api.quota"
SETS="--set page.proxy=http://me:pass-word@127.0.0.1:1"
doctor "a proxy that is not there" 3
says page fail "cannot be reached by way of the first proxy.*takes your name and password"
expect "a proxy that is not there: its password stands nowhere" "" "$(grep pass-word "$T/out" "$T/err")"
SETS=
stop_standin
doctor "both servers down" 3
says api fail "cannot be reached"
says page fail "cannot be reached"
says clock - "no reply"
start_standin "$T/w" --quirk block_all
doctor "the site blocks" 3
says page fail "answers with a block"
stop_standin
expect_no_leak "key, secret and token stand in no file"
