#!/bin/sh
# How often an audit asks a server: what it asks must not grow with its items but by chunks of
# hundreds, or each item would cost a way there and back. Counted on PostgreSQL, by the server's
# own log, of two audits of which one has four times the items of the other.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite ways
pg_wanted "ways to a server"
PG_CONFIG="log_statement = all"
pg_begin || exit 1
FEW=50
MANY=200

# What was asked since the last call, as reads and as commits, into NAME.reads and NAME.commits.
counted() {
    tail -c "+$((seen + 1))" "$PG_DIR/log" >"$T/part"
    seen=$((seen + $(wc -c <"$T/part")))
    grep -c 'LOG:  execute q[0-9]*: SELECT' "$T/part" >"$1.reads"
    grep -c 'LOG:  execute q[0-9]*: COMMIT' "$T/part" >"$1.commits"
    sed -n 's/.*LOG:  execute q[0-9]*: \(SELECT.*\)/\1/p' "$T/part" | cut -c1-100 | sort >"$1.text"
}

# audited ITEMS: each command's numbers, into $T/ITEMS.COMMAND.*
audited() {
    n=$1
    make_world "$T/w$n" 31 "$n"
    start_standin "$T/w$n" --mild
    seen=$(wc -c <"$PG_DIR/log")
    "$BLINDSPOT" init "$PG_URL?schema=of_$n" "$T/$n" --seed "the same words" >"$T/out" 2>"$T/err"
    expect "init of $n items" 0 $?
    counted "$T/$n.init"
    quiet "$T/$n" add "$T/w$n/all.txt"; counted "$T/$n.add"
    quiet "$T/$n" audit; counted "$T/$n.audit"
    move_clock +86400
    quiet "$T/$n" audit; counted "$T/$n.again"
    for command in plan diff classify report status; do
        quiet "$T/$n" "$command"
        expect "$command of $n items" 0 $?
        counted "$T/$n.$command"
    done
    quiet "$T/$n" export; expect "export of $n items" 0 $?
    counted "$T/$n.export"
    stop_standin
}
audited $FEW
audited $MANY

# grows WHAT: by how much more the audit of many took.
grows() { echo $(($(cat "$T/$MANY.$1") - $(cat "$T/$FEW.$1"))); }
# What is asked of an audit as it stands is asked by chunks of 256 and more.
for command in add plan diff classify report status export; do
    if [ "$(grows $command.reads)" -le 6 ] && [ "$(cat "$T/$MANY.$command.reads")" -gt 2 ]; then
        ok "$command asks of $MANY items as often as of $FEW"
    else
        not_ok "$command asks of $MANY items as often as of $FEW" \
            "$(cat "$T/$FEW.$command.reads") reads of $FEW items, $(cat "$T/$MANY.$command.reads") of $MANY; more of:" \
            "$(comm -13 "$T/$FEW.$command.text" "$T/$MANY.$command.text" | uniq -c | sort -rn | head -n 5)"
    fi
done
# A request of the API commits twice and asks for what its end needs when it is reserved, a commit of
# pages asks for three things on one way.
for day in audit again; do
    if [ "$(grows $day.reads)" -le $((2 * $(grows $day.commits) + 20)) ]; then
        ok "$day: what is asked grows with what is committed"
    else
        not_ok "$day: what is asked grows with what is committed" \
            "$(grows $day.reads) more reads, and $(grows $day.commits) more commits; more of:" \
            "$(comm -13 "$T/$FEW.$day.text" "$T/$MANY.$day.text" | uniq -c | sort -rn | head -n 5)"
    fi
done
# What costs every run the same: 336 and 206 of 50 items.
for day in audit:400 again:250; do
    reads=$(cat "$T/$FEW.${day%:*}.reads")
    if [ "$reads" -le "${day#*:}" ]; then
        ok "${day%:*}: a run asks for what it needs anyway at most ${day#*:} times"
    else
        not_ok "${day%:*}: a run asks for what it needs anyway at most ${day#*:} times" "$reads times; most:" \
            "$(uniq -c "$T/$FEW.${day%:*}.text" | sort -rn | head -n 8)"
    fi
done
for command in init add audit again plan diff classify report status export; do
    expect "$command reads the facts of the audit once" 1 "$(grep -c 'FROM meta' "$T/$MANY.$command.text")"
done
for day in audit again; do
    expect "$day: no page is looked up for having been read alike" 0 \
        "$(grep -c 'SELECT 1 FROM page_answer' "$T/$MANY.$day.text")"
done
expect_no_leak "key, secret and token stand in no file"
