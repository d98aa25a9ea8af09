#!/bin/sh
# tests/golden/run.sh [NAME...]: the goldens. --redo [--yes] NAME...: shows how what is
# wanted would change, asks, and writes it (--yes: shows and writes; for where nobody can
# be asked). Each golden is a folder:
#   world          words of the world, separated by ; or line ends:
#                  seed N; items N; zero (no kind of trouble); set NAME=VALUE; quirk NAME ARGS; quota N; clock TIME;
#                  proxy COUNTRY (the stand-in is a proxy in that country as well);
#                  restless (what was refused or blocked is rightly tried again on the same day)
#   cmd            shell: `blindspot COMMAND...` runs on the golden's audit, $W is the world, $A the
#                  audit; from_there VANTAGE COMMAND... does through the proxy; next_day moves the clock; item REASON [NOTE] and csv FILE COLUMN... help to show things
#   want.out       stdout, with the exit code of each command that did not end with 0
#   want.err       stderr
#   want.requests  what the stand-in was asked: day, kind, status, details
# Each runs three times: straight; again on the same audit, which changes no
# verdict and sends nothing; and killed after the first, second, third ...
# request of every command, then resumed to the same verdicts.
# Ports, temporary paths and an audit's random name are replaced; its seed is the
# same in all of them; the order of requests and of ids in them is evened out.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
GOLDENS=tests/golden
redo=
if [ "${1:-}" = --redo ]; then
    redo=ask; shift
    if [ "${1:-}" = --yes ]; then redo=yes; shift; fi
    [ $# -gt 0 ] || { echo "usage: tests/golden/run.sh --redo [--yes] NAME..." >&2; exit 2; }
    [ $redo = yes ] || [ -t 0 ] || { echo "no terminal to ask at: --redo --yes NAME... writes without asking" >&2; exit 2; }
fi
# shellcheck disable=SC2046  # names without blanks
[ $# -gt 0 ] || set -- $(cd $GOLDENS && for d in */cmd; do echo "${d%/cmd}"; done)
suite golden
KILLS_MAX=6

# ---- what a cmd may use ----

blindspot() {
    case $mode/$1 in
    again/init) return 0 ;;
    killed/fetch | killed/scrape | killed/audit | killed/load) blindspot_killed "$@" ;;
    *) bs "$A" "$@" ;;
    esac
    code=$?
    [ $code -eq 0 ] || echo "exit $code"
    [ "$1" != init ] || same_seed
    return $code
}
from_there() {
    there=$1; shift
    here=$SETS
    SETS="$SETS --set page.vantage=$there --set page.proxy=http://127.0.0.1:$(cat "$W/proxy")"
    blindspot "$@"
    SETS=$here
}
# How many asks an audit needs hangs on who travels with whom, and that on its seed.
same_seed() {
    sqlite3 "$A/audit.db" "UPDATE meta SET value = '$(printf '%064d' 7)' WHERE key = 'seed'"
}
next_day() { [ "$mode" = again ] || move_clock +86400; }
item() {
    csv "$W/truth.csv" id reason notes |
        awk -F '\t' -v reason="$1" -v note="${2:-}" '$2 == reason && index($3, note) { print $1; exit }'
}

# Kills after one request more each time, then lets it run.
blindspot_killed() {
    round=1
    while [ $round -le $KILLS_MAX ]; do
        from=$(log_lines)
        bs_exec "$A" "$@" &
        BS_PID=$!
        pids="$pids $BS_PID"
        while is_ours "$BS_PID" && [ $(($(log_lines) - from)) -lt $round ]; do sleep 0.004; done
        signal KILL "$BS_PID"
        wait "$BS_PID" 2>/dev/null
        code=$?
        [ $code -eq 137 ] || return $code
        round=$((round + 1))
    done
    bs "$A" "$@"
}

# ---- one run ----

make_golden_world() {
    standin_words=; restless=; seed=1; items=40
    sets=
    while IFS= read -r word; do
        word=${word# }
        case $word in
        "seed "*) seed=${word#seed } ;;
        "items "*) items=${word#items } ;;
        zero) for kind in $("$WORLD" --help | awk '/^Shares/ { on = 1; next } /^Other/ { exit } on && NF == 2 { print $1 }'); do
                sets="$sets --set $kind=0"; done ;;
        "set "*) sets="$sets --set ${word#set }" ;;
        "clock "*) sets="$sets --clock ${word#clock }" ;;
        restless) restless=yes ;;
        "proxy "*) standin_words="$standin_words --proxy ${word#proxy } --proxy-port-file $W/proxy" ;;
        "quota "*) standin_words="$standin_words --quota ${word#quota }" ;;
        "quirk "*) printf '%s\n' "${word#quirk }" >>"$W.quirks" ;;
        "" | "#"*) ;;
        *) echo "world: what is \"$word\"?"; return 1 ;;
        esac
    done <<END
$(tr ';' '\n' <"$GOLDENS/$golden/world" | sed 's/^ *//; s/ *$//')
END
    # shellcheck disable=SC2086  # words
    make_world "$W" "$seed" "$items" $sets
}
serve() {
    set -- --tick-ms 1000
    while IFS= read -r quirk; do set -- "$@" --quirk "$quirk"; done <"$W.quirks"
    # shellcheck disable=SC2086  # words
    start_standin "$W" $standin_words "$@"
}

even() {        # what differs from run to run without meaning
    sed -e "s#$A#AUDIT#g; s#$W#WORLD#g; s#$T#TMP#g; s#http://127\.0\.0\.1:[0-9]*#URL#g" \
        -e 's/blindspot-[0-9a-f]\{16\}-1-[0-9]*-[0-9]*\.warc\.gz:[0-9]* sha256:[0-9a-f]*/EVIDENCE/g' \
        -e 's/blindspot-[0-9a-f]\{16\}-1-[0-9]*-[0-9]*\.warc\.gz:[0-9]*/EVIDENCE/g'
}
requests() {
    awk -F '\t' -v start="$(sed -n 's/^clock=//p' "$W/world.txt")" '
    # Which items serve as canaries hangs on the random seed: how many is what counts.
    function sorted(list,    id, n, i, j, x, out, canaries, m) {
        n = split(list, id, ",")
        for (i = 1; i <= n; i++)
            if ((id[i] "") in back) canaries++
            else if (id[i] != "-") id[++m] = id[i]
        for (i = 2; i <= m; i++) {
            x = id[i]
            for (j = i - 1; j > 0 && (id[j] "") > (x ""); j--) id[j + 1] = id[j]
            id[j + 1] = x
        }
        for (i = 1; i <= m; i++) out = out (i > 1 ? "," : "") id[i]
        return (out == "" ? "-" : out) (canaries ? " and " canaries " that came back before" : "")
    }
    {
        out = "day " (int($1 / 86400) - int(start / 86400) + 1) "\t" $2 "\t" $3
        for (i = 4; i <= NF; i++)
            out = out "\t" ($2 == "query" && (i == 7 || i == 8) ? sorted($i) : \
                            $2 == "page" && i == 4 && ($i "") in back ? "one that came back before" : $i)
        print out
        if ($2 == "query") {
            n = split($8, id, ",")
            for (i = 1; i <= n; i++) back[id[i] ""]
            delete back["-"]
        }
    }' "$LOG" | sort
}
play() {        # MODE: runs cmd; $R.out, $R.err
    mode=$1
    R=$T/$golden.$mode
    # shellcheck disable=SC1090  # a golden's own commands
    (. "./$GOLDENS/$golden/cmd") >"$R.raw.out" 2>"$R.raw.err"
    even <"$R.raw.out" >"$R.out"
    even <"$R.raw.err" >"$R.err"
    cat "$R.raw.err" >>"$ERRLOG"
}
# Where the stand-in swallows every Nth query, whatever it holds, a kill moves
# the count, and with it who needed a second ask.
verdicts_into() {
    : >"$1"
    if bs "$A" report >/dev/null 2>>"$ERRLOG"; then
        verdicts "$A" | { if grep -q swallow_batch "$W.quirks"; then sed 's/after_retries/at_once/'; else cat; fi; } >"$1"
    fi
}
asked() { awk -F '\t' '$2 != "token" { n++ } END { print n + 0 }' "$LOG"; }
same() {        # NAME WANT GOT
    if diff "$2" "$3" >"$T/diff" 2>&1; then ok "$1"; else not_ok "$1" "$(sed 14q "$T/diff")"; fi
}

# What is wanted becomes what came out, once somebody has seen the difference.
redo_wanted() {
    for part in out err requests; do
        diff -u -N --label "wanted: $part" --label "now: $part" "$GOLDENS/$golden/want.$part" "$R.$part"
    done >"$T/redo"
    if [ ! -s "$T/redo" ]; then
        echo "# $golden: nothing changes"
        return
    fi
    cat "$T/redo"
    if [ $redo = ask ]; then
        printf '%s: write this? [y/N] ' "$golden"
        read -r answer || answer=
        case $answer in y | Y | yes) ;; *) echo "# $golden: left as it was"; return ;; esac
    fi
    for part in out err requests; do cp "$R.$part" "$GOLDENS/$golden/want.$part"; done
    echo "# $golden: written"
}

one_golden() {
    golden=$1
    SETS="--set api.concurrency=1 --set page.concurrency=1 --set api.spot_check=0"      # drawn by the random seed
    W=$T/$golden.w; A=$T/$golden.a
    export XDG_STATE_HOME="$T/$golden.state"
    : >"$W.quirks"
    make_golden_world || { not_ok "$golden: its world"; return; }
    serve
    play straight
    requests >"$R.requests"
    [ -z "$redo" ] || redo_wanted
    for part in out err requests; do same "$golden: $part" "$GOLDENS/$golden/want.$part" "$R.$part"; done
    verdicts_into "$T/want"
    before=$(asked)
    play again
    [ -n "$restless" ] || expect "$golden: again, nothing is asked" "$before" "$(asked)"
    verdicts_into "$T/got"
    same "$golden: again, no verdict changes" "$T/want" "$T/got"
    stop_standin

    discard "$A" "$W/clock"
    export XDG_STATE_HOME="$T/$golden.state2"
    serve
    play killed
    verdicts_into "$T/got"
    same "$golden: killed and resumed, the same verdicts" "$T/want" "$T/got"
    stop_standin
    discard "$A" "$W" "$W.quirks"
}

for name; do one_golden "$name"; done
expect_no_leak "key, secret and token stand in no file"
