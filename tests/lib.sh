# shellcheck shell=sh
# tests/lib.sh: what the end-to-end tests and the goldens share. To be sourced
# from the root of the checkout:
#     . tests/lib.sh; suite NAME      temporary folder $T, cleanup at the end
#     FIGURES=drawn; suite NAME       the same with gnuplot; else a stub stands in its place
#     make_world DIR SEED N [--set ..]   a made-up population with known truth
#     start_standin DIR [ARGS...]     serves it; sets URL, LOG, BLINDSPOT_CLOCK
#     audit_until_done AUDIT FILES... audits over simulated days
#     compare_truth DIR AUDIT         every row of labels.csv against the truth
#     copy_audit AUDIT DIR            its folder, and its store, wherever that lies
#     flip FILE OFFSET                changes one byte
#     bring_home AUDIT                its store into its folder, where it lies elsewhere
# BLINDSPOT_TEST_STORE=postgresql: every store that a test makes is a schema of the server whose address
# is in BLINDSPOT_TEST_PG (`BLINDSPOT_TEST_STORE=postgresql sh tests/pg.sh sh tests/e2e/truth.sh`).
# AT_END: a function of the test's own that is run at its end.
# A test prints "ok - NAME", "not ok - NAME" with "# " lines, or
# "ok - NAME # SKIP why"; tests/run.sh counts them.
# Nothing but loopback is ever asked for, and $T holds all that a test writes.

BUILD=${BLINDSPOT_BUILD:-$PWD/build/release}
BLINDSPOT=$BUILD/blindspot
STANDIN=$BUILD/standin
WORLD=$BUILD/world
DAYS_MAX=12
. tests/canary.sh
failed=0
pids=
S=

# ---- beginning and end ----

suite() {
    NAME=$1
    T=$(mktemp -d "${TMPDIR:-/tmp}/blindspot-$1.XXXXXX") || exit 1
    canary_begin "$T.words"
    trap suite_end EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP PIPE
    export XDG_STATE_HOME="$T/state" BLINDSPOT_CLIENT_KEY=$KEY BLINDSPOT_CLIENT_SECRET=$SECRET
    unset BLINDSPOT_CLIENT_KEY_FILE BLINDSPOT_CLIENT_SECRET_FILE BLINDSPOT_CLOCK
    unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
    export NO_COLOR=1 LC_ALL=C TZ=UTC
    case ${BLINDSPOT_TEST_STORE:-} in
    postgresql)
        [ -n "${BLINDSPOT_TEST_PG:-}" ] || { not_ok "BLINDSPOT_TEST_PG names a server"; exit 1; }
        NAME="$1 on PostgreSQL"; BLINDSPOT_REAL=$BLINDSPOT; BLINDSPOT=$PWD/tests/far/blindspot; PATH=$PWD/tests/far:$PATH
        export BLINDSPOT_REAL ;;
    esac
    [ "${FIGURES:-}" = drawn ] || PATH=$PWD/tests/stub:$PATH
    ERRLOG=$T/stderr; : >"$ERRLOG"
}

# Sets S and TMPDIR: a folder with a short name, for a browser's profile needs one, and a program
# that finds TMPDIR too long for it takes /tmp, where nobody looks for what it leaves.
short_tmp() {
    S=$(mktemp -d /tmp/bs.XXXXXX) || exit 1
    export TMPDIR="$S"
}

# Sets CHROMIUM to the browser that the program reads pages by, empty where there is none;
# ENGINE_BROWSER=PATH is another one.
find_browser() {
    CHROMIUM=
    for place in "${ENGINE_BROWSER:-}" /usr/lib/chromium/chromium-headless-shell /usr/bin/chromium-headless-shell /usr/lib/chromium/chromium; do
        [ -n "$CHROMIUM" ] || [ ! -x "$place" ] || CHROMIUM=$place
    done
}

# The number of a process that ended long ago may be another suite's by now.
is_ours() {
    while read -r ours_key ours_value _; do
        [ "$ours_key" != PPid: ] || break
    done <"/proc/$1/status" && [ "$ours_value" = $$ ]
} 2>/dev/null
# signal NAME PID: of a child that may have ended; false where it has.
signal() { is_ours "$2" && kill "-$1" "$2" 2>/dev/null; }

suite_end() {
    suite_rc=$?
    trap - EXIT
    for pid in $pids; do
        signal KILL "$pid"
    done
    wait 2>/dev/null
    ${AT_END:-:}
    if [ -n "${BLINDSPOT_KEEP:-}" ]; then
        echo "# kept: $T"
    else
        discard "$T"
        [ -z "$S" ] || discard "$S"
    fi
    rm -f "$T.words"
    [ "$suite_rc" -ne 0 ] || [ "$failed" -eq 0 ] || suite_rc=1
    exit "$suite_rc"
}

ok() { echo "ok - $NAME: $1"; }
skip() { echo "ok - $NAME: $1 # SKIP $2"; }
not_ok() {
    echo "not ok - $NAME: $1"
    shift
    for line; do
        printf '%s\n' "$line" | sed 's/^/# /'
    done
    failed=$((failed + 1))
}
# expect NAME WANT GOT: equal texts.
expect() {
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "expected: $2" "     got: $3"; fi
}
# expect_file NAME FILE: the file, made by a comparison, is empty.
expect_empty() {
    if [ -s "$2" ]; then not_ok "$1" "$(wc -l <"$2") lines differ, the first:" "$(sed 12q "$2")"; else ok "$1"; fi
}
# expect_text NAME FILE PATTERN: a line of the file matches (grep -E).
expect_text() {
    if grep -Eq -e "$3" "$2"; then ok "$1"; else not_ok "$1" "no line matches: $3" "$(tail -n 8 "$2")"; fi
}

# ---- the stand-in ----

make_world() {
    world_dir=$1; world_seed=$2; world_items=$3
    shift 3
    "$WORLD" "$world_seed" "$world_items" "$world_dir" "$@" >>"$T/world.out" 2>&1 ||
        { cat "$T/world.out"; not_ok "world $world_seed"; exit 1; }
}

# Pages of 160 KB: small, yet even their shell is above the 64 KB of a captcha page.
start_standin() {
    standin_dir=$1; shift
    rm -f "$standin_dir/port" "$standin_dir/log"
    LOG=$standin_dir/log
    export BLINDSPOT_CLOCK="$standin_dir/clock"
    STANDIN_KEY=$KEY STANDIN_SECRET=$SECRET "$STANDIN" "$standin_dir" --port-file "$standin_dir/port" --clock "$BLINDSPOT_CLOCK" --log "$LOG" \
        --page-kb 160 "$@" >>"$T/standin.out" 2>&1 &
    STANDIN_PID=$!
    pids="$pids $STANDIN_PID"
    standin_tries=0
    while [ ! -s "$standin_dir/port" ]; do
        standin_tries=$((standin_tries + 1))
        if [ "$standin_tries" -gt 200 ] || ! kill -0 "$STANDIN_PID" 2>/dev/null; then
            not_ok "the stand-in starts" "$(cat "$T/standin.out")"
            exit 1
        fi
        sleep 0.05
    done
    URL=http://127.0.0.1:$(cat "$standin_dir/port")
}

stop_standin() {
    signal TERM "$STANDIN_PID"
    wait "$STANDIN_PID" 2>/dev/null
}

# Makes $T/slow_link, a way through which all takes time; what the compiler said is in $T/link.err.
build_link() { ${CC:-cc} -O2 -D_GNU_SOURCE -o "$T/slow_link" tests/e2e/slow_link.c 2>"$T/link.err"; }
move_clock() { "$STANDIN" clock "$BLINDSPOT_CLOCK" "$1" >/dev/null; }
log_lines() { if [ -f "$LOG" ]; then wc -l <"$LOG"; else echo 0; fi; }
# Queries that the stand-in counted, on one UTC day (days since 1970) or all.
log_queries() { awk -F '\t' -v day="${1:-}" '$2 == "query" && (day == "" || int($1 / 86400) == day) { n++ } END { print n + 0 }' "$LOG"; }
log_days() { awk -F '\t' '$2 == "query" { d[int($1 / 86400)] } END { for (i in d) print i }' "$LOG" | sort -n; }
today() { awk '{ print int($1 / 86400) }' "$BLINDSPOT_CLOCK"; }

# ---- blindspot ----

# bs AUDIT COMMAND...: SETS holds further --set words. bs_start: the same in the
# background, BS_PID is the program itself; stdout and stderr to $T/out and $T/err.
bs_exec() {
    bs_audit=$1; shift
    # shellcheck disable=SC2086  # SETS is a list of words
    exec "$BLINDSPOT" -C "$bs_audit" --progress=never --set api.base_url="$URL" --set page.base_url="$URL" \
        --set page.short_url="$URL" --set page.requests_per_second=100000 --set api.requests_per_second=100000 \
        ${SETS:-} "$@"
}
bs() { (bs_exec "$@"); }
bs_start() {
    bs_exec "$@" >"$T/out" 2>"$T/err" &
    BS_PID=$!
    pids="$pids $BS_PID"
}
# quiet AUDIT COMMAND...: the same; stdout to $T/out, stderr to $T/err and the log of all.
quiet() {
    bs "$@" >"$T/out" 2>"$T/err"
    quiet_rc=$?
    cat "$T/err" >>"$ERRLOG"
    return $quiet_rc
}

# flip FILE OFFSET: another byte stands there, whichever it was.
flip() {
    flip_byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    # shellcheck disable=SC2059  # the format is the byte
    printf "\\$(printf %03o $((flip_byte ^ 85)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

is_far() { [ "$(head -c 13 "$1/audit.db")" = postgresql:// ]; }
copy_audit() {
    cp -R "$1" "$2" || exit 1
    if is_far "$2"; then tests/far/copy "$2" || exit 1; fi
}
# For what needs it there: a bundle, a purge.
bring_home() {
    if is_far "$1"; then "$BLINDSPOT" -q gather "$(cat "$1/audit.db")" "$1" || exit 1; fi
}

# As many simulated days as needed, at most DAYS_MAX; DAYS is how many it took.
audit_until_done() {
    until_audit=$1; shift
    quiet "$until_audit" audit "$@"
    until_rc=$?
    DAYS=1
    while [ $until_rc -eq 3 ] && [ $DAYS -lt "$DAYS_MAX" ]; do
        move_clock "+${STEP:-86400}"
        DAYS=$((DAYS + 1))
        quiet "$until_audit" audit
        until_rc=$?
    done
    return $until_rc
}

# expect_done NAME AUDIT FILES...
expect_done() {
    done_name=$1; shift
    if audit_until_done "$@"; then
        ok "$done_name"
    else
        not_ok "$done_name" "exit code $until_rc after $DAYS days" "$(tail -n 6 "$T/err")"
        return 1
    fi
}

# ---- CSV ----

# csv FILE NAME...: these columns, tab-separated, by RFC 4180: commas, quotes and
# line ends in quoted cells (shown as \n). Ids stay text.
csv() {
    csv_file=$1; shift
    awk -v want="$*" '
    function cell(text) { gsub(/\t/, " ", text); gsub(/\r/, "", text); v[++n] = text }
    # Cuts one record, which may go on in further lines, into v[1..n].
    function cut(line,    i, from, text, more) {
        n = 0
        if (index(line, "\"") == 0) {
            sub(/\r$/, "", line)
            n = split(line, v, ",")
            if (line == "") n = 0
            return
        }
        for (;;) {
            if (substr(line, 1, 1) != "\"") {
                i = index(line, ",")
                if (i == 0) { cell(line); return }
                cell(substr(line, 1, i - 1))
                line = substr(line, i + 1)
                continue
            }
            line = substr(line, 2); text = ""
            for (;;) {
                i = index(line, "\"")
                if (i == 0) {
                    text = text line "\\n"
                    if ((getline more) <= 0) { cell(text); return }
                    line = more
                } else if (substr(line, i + 1, 1) == "\"") {
                    text = text substr(line, 1, i)
                    line = substr(line, i + 2)
                } else {
                    text = text substr(line, 1, i - 1)
                    line = substr(line, i + 1)
                    break
                }
            }
            cell(text)
            if (substr(line, 1, 1) != ",") return
            line = substr(line, 2)
        }
    }
    NR == 1 {
        cut($0)
        for (i = 1; i <= n; i++) at[v[i]] = i
        wanted = split(want, name, " ")
        for (i = 1; i <= wanted; i++)
            if (!(name[i] in at)) { print "no column " name[i] > "/dev/stderr"; exit 1 }
        next
    }
    {
        cut($0)
        out = ""
        for (i = 1; i <= wanted; i++) {
            out = out (i > 1 ? "\t" : "") (at[name[i]] <= n ? v[at[name[i]]] : "")
            v[at[name[i]]] = v[at[name[i]]]
        }
        print out
        delete v
    }' "$csv_file"
}

# compare_truth WORLD AUDIT [swallow]: prints the rows that are not what the
# truth says, ID TAB WANT TAB GOT. With "swallow", the batches of the stand-in
# swallow items, so that an item may need retries; an item that vanishes while
# the audit runs may be read as gone, and one that was too recent at the start may
# have come of age (72 hours) and been returned.
compare_truth() {
    csv "$1/truth.csv" id state label reason basis vanishes_at created_at >"$T/truth.tsv"
    csv "$2/report/labels.csv" id state label reason basis >"$T/labels.tsv"
    of_age=$(date -u -d "@$(awk '{ print int($1) - 72 * 3600 }' "$1/clock")" +%Y-%m-%dT%H:%M:%SZ)
    awk -F '\t' -v of_age="$of_age" -v swallow="${3:-}" '
    NR == FNR { want[$1 ""] = $2 "|" $3 "|" $4 "|" $5; gone[$1 ""] = $6; born[$1 ""] = $7; next }
    {
        id = $1 ""; got = $2 "|" $3 "|" $4 "|" $5
        if (!(id in want)) { print id "\t(not in the world)\t" got; next }
        w = want[id]; delete want[id]
        if (w == got)
            next
        if (swallow != "" && w ~ /^retrieved\|/ && got ~ /^retrieved\|\|(at_once|after_retries)\|$/)
            next
        if (w == "open||too_recent|" && born[id] <= of_age && got ~ /^retrieved\|\|(at_once|after_retries)\|$/)
            next
        if (gone[id] != "" && got ~ /^missing\|(deleted|private)\|[a-z_]+\|not_public$/)
            next
        print id "\t" w "\t" got
    }
    END { for (id in want) print id "\t" want[id] "\t(no row)" }' "$T/truth.tsv" "$T/labels.tsv"
}

# verdicts AUDIT: what a killed and an unkilled run must agree on.
verdicts() { csv "$1/report/labels.csv" id state label reason rule basis confirmed; }
# count AUDIT COLUMN PATTERN: rows of labels.csv whose cell matches.
count() { csv "$1/report/labels.csv" "$2" | grep -Exc -e "$3"; }
# json FILE KEY: the value with that key, the outermost one where an inner object has it too.
json() { jq -rn --arg key "$2" 'first(inputs | .. | objects | select(has($key))) | .[$key]' "$1"; }

# vantages_of_truth WORLD LABELS: HERE_THERE and the id of each post that the vantages first and ca
# decided: here as it was last seen, there by the world's truth.
vantages_of_truth() {
    csv "$1/truth.csv" id reason notes >"$T/truth.notes"
    csv "$2" id public_at refused_at | awk -F '\t' '
        NR == FNR { reason[$1 ""] = $2; notes[$1 ""] = $3; next }
        {
            at = " " $2 " " $3 " "
            if (at !~ / first / || at !~ / ca /) next
            here = (" " $2 " ") ~ / first / ? "public" : "refused"
            there = reason[$1 ""] == "region_blocked" ? "public" : here == "public" && notes[$1 ""] ~ /refused_in:CA/ ? "refused" : here
            print here "_" there "\t" $1
        }' "$T/truth.notes" - | sort
}

# ---- secrets ----

expect_no_leak() {
    canary_in "$T" >"$T.leaks"
    expect_empty "$1" "$T.leaks"
    rm -f "$T.leaks"
}
