#!/bin/sh
# `blindspot export | head` ends quietly when head has what it wanted, with the
# code that a shell gives a program that SIGPIPE ended; any other failure to write
# is said.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite pipe

# left NAME ARGUMENTS...: stdout is a pipe whose reader is gone.
left() {
    left_name=$1; shift
    rm -f "$T/fifo"
    mkfifo "$T/fifo"
    exec 8<>"$T/fifo" 9>"$T/fifo" 8>&-
    "$BLINDSPOT" -q "$@" >&9 2>"$T/err"
    expect "$left_name: 141, as of a program that SIGPIPE ended" 141 $?
    expect_empty "$left_name: nothing is said" "$T/err"
    cat "$T/err" >>"$ERRLOG"
    exec 9>&-
}

make_world "$T/w" 61 40
start_standin "$T/w" --quirk "swallow_dead 0"
A=$T/a
"$BLINDSPOT" -q init "$A"; quiet "$A" add "$T/w/all.txt"; quiet "$A" fetch; quiet "$A" scrape
ID=$(csv "$T/w/truth.csv" id | sed -n 5p)
stop_standin
unset BLINDSPOT_CLOCK

left "--help" --help
left "--version" --version
left "no command"
for command in init add load plan fetch scrape diff classify report audit status explain verify export purge; do
    left "$command --help" $command --help
done
for words in "add --json $T/w/all.txt" plan "plan --json" diff "diff --json" classify "classify --json" "report --json" \
    status "status --json" "explain $ID" "explain --json $ID" "explain --raw $ID" verify "verify --json" \
    export "export --format=jsonl" "purge --json --older 36500d"; do
    # shellcheck disable=SC2086  # words
    left "$(echo "$words" | sed "s#$T/w/##; s#$ID#ID#")" -C "$A" $words
done
"$BLINDSPOT" -q -C "$A" export >/dev/full 2>"$T/err"
expect "a full disk is told: 5" 5 $?
expect_text "and named" "$T/err" 'standard output.*No space left|cannot write.*No space left'
expect_no_leak "key, secret and token stand in no file"
