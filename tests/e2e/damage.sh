#!/bin/sh
# A store, a ledger, settings or rules that somebody damaged: every command ends
# with one clear sentence and 2 or 5, or does not notice (a flipped letter of a
# caption is a caption), never crashes, and leaves the damaged file as it is.
# Bytes are flipped, overwritten and cut by seed; and in a store that SQLite
# finds sound, columns hold what they never should. DAMAGE_PER (100 and a sixth
# of the columns): so many places, and DAMAGE_ALL=1 every column.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite damage
LOOK=${BLINDSPOT_LOOK:-$PWD/build/release/fault/look}
PER=${DAMAGE_PER:-100}
A=$T/a
make_world "$T/w" 23 60
start_standin "$T/w" --quirk "swallow_dead 0"
"$BLINDSPOT" -q init "$A"
quiet "$A" audit "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
one=$(csv "$T/w/truth.csv" id state | awk -F '\t' '$2 == "missing" { print $1; exit }')
cp -R "$A" "$T/good"
cp -R "$XDG_STATE_HOME" "$T/good.state"
LEDGER=$XDG_STATE_HOME/blindspot/quota.db
COMMANDS="status plan explain diff classify report fetch scrape add"
PATH_KEPT=$PATH

restore() {
    discard "$A" "$XDG_STATE_HOME"
    cp -R "$T/good" "$A"; cp -R "$T/good.state" "$XDG_STATE_HOME"
}
# one_command FILE: a command (they take turns) on the damaged file; what it did wrong is printed.
# What a writing command had committed to the store before it met the damage may stay.
writes() { case $1/$2 in *.db/status | *.db/plan | *.db/explain) false ;; *.db/*) true ;; *) false ;; esac }
turn=0
one_command() {
    turn=$((turn + 1))
    # shellcheck disable=SC2086  # a list of words
    set -- "$1" "$2" $COMMANDS
    damaged=$1; place=$2; shift 2
    shift $((turn % $#))
    case $1 in explain) set -- explain "$one" ;; add) set -- add "$T/w/all.txt" ;; *) set -- "$1" ;; esac
    cp "$damaged" "$T/before"
    # Whoever goes through damaged numbers without end is ended by the clock, with a code of its own.
    # shellcheck disable=SC2123  # no gnuplot is found there
    PATH=/nowhere
    # shellcheck disable=SC3045  # dash and bash know ulimit -t
    (ulimit -t 60; bs "$A" "$@") >"$T/out" 2>"$T/err"; rc=$?
    PATH=$PATH_KEPT
    cat "$T/err" >>"$ERRLOG"
    said=$(grep -c '^blindspot: ' "$T/err")
    case $rc in
    0 | 3) [ "$said" -eq 0 ] || echo "$place, $1: exit $rc with $(sed 1q "$T/err")" ;;
    2 | 5) [ "$said" -eq 1 ] || echo "$place, $1: exit $rc with $said sentences: $(sed 2q "$T/err")"
        writes "$damaged" "$1" || cmp -s "$damaged" "$T/before" || echo "$place, $1: exit $rc, and the damaged file was written" ;;
    *) echo "$place, $1: exit $rc: $(grep -v '^[a-z ]*: *[0-9]' "$T/err" | grep -E 'ERROR|SUMMARY|runtime|    #[1-5]' | sed 6q)" ;;
    esac
}

i=0; noticed=0
while [ $i -lt "$PER" ]; do
    i=$((i + 1))
    restore
    "$LOOK" flip "$A/audit.db" $i || echo "not flipped: $i"
    one_command "$A/audit.db" "seed $i"
    case $rc in 2 | 5) noticed=$((noticed + 1)) ;; esac
done >"$T/diff"
expect_empty "store: $PER damaged places" "$T/diff"
if [ $noticed -ge $((PER / 10)) ]; then ok "store: damage is noticed"; else not_ok "store: damage is noticed" "$noticed of $PER"; fi

i=0
while [ $i -lt $((PER / 5)) ]; do
    i=$((i + 1))
    restore
    "$LOOK" flip "$LEDGER" $i
    one_command "$LEDGER" "seed $i"
done >"$T/diff"
expect_empty "ledger: $((PER / 5)) damaged places" "$T/diff"
for name in blindspot.ini rules.ini company_handles.txt; do
    i=0
    while [ $i -lt $((PER / 5)) ]; do
        i=$((i + 1))
        restore
        "$LOOK" flip "$A/$name" $i
        one_command "$A/$name" "seed $i"
    done >"$T/diff"
    expect_empty "$name: $((PER / 5)) damaged places" "$T/diff"
done

# ---- what no store of ours holds ----

n=0; tried=0
for column in $("$LOOK" columns "$T/good/audit.db"); do
    for value in 99 -1 4611686018427387904 "'text'" NULL "zeroblob(70000)"; do
        n=$((n + 1))
        case $column=$value in
        # What was used as an index, a pointer or the end of a loop once.
        item.n=-1 | item_state.valid=99 | item_state.page=99 | label.account=-1 | label.state=99 | current.api="'text'" | \
            request.witness=99 | request.witness=4611686018427387904 | request.end_day=4611686018427387904 | ask.role=99) ;;
        *) [ -n "${DAMAGE_ALL:-}" ] || [ $((n % 61)) -eq 0 ] || continue ;;
        esac
        tried=$((tried + 1))
        restore
        "$LOOK" set "$A/audit.db" "$column" "$value" >/dev/null || continue     # NOT NULL and the like
        for _ in $COMMANDS; do one_command "$A/audit.db" "$column = $value"; done
    done
done >"$T/diff"
# Commands follow one another on such a store: what the former committed may be written by the next.
grep -v 'was written$' "$T/diff" >"$T/diff2"
expect_empty "strange values in columns: $tried" "$T/diff2"
stop_standin
expect_no_leak "key, secret and token stand in no file"
