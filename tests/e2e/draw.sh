#!/bin/sh
# A sample of creators: their lists are read from the site's own pages of creators, posts are
# drawn by the seed, and all of it comes out alike whether the run was killed, the site was
# overloaded or blocked, or nothing went wrong. What is drawn is what the world's truth says.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite draw
W=$T/world
SETS='--set page.pause_ms=1000'

make_world "$W" 11 1400 --set account_least=14 --set embed_least=10 --set vanish_early=0.03
csv "$W/truth.csv" handle | sort -u >"$T/creators.txt"
echo nobody.at.all >>"$T/creators.txt"
CREATORS=$(wc -l <"$T/creators.txt")

# embeds OUTCOME: creators that the stand-in's log has with it.
embeds() { awk -F '\t' -v what="$1" '$2 == "embed" && $5 == what { seen[$4] = 1 } END { n = 0; for (i in seen) n++; print n }' "$LOG"; }
# told FILE PATH...: these numbers of a JSON object.
told() { told_file=$1; shift; for key; do jq -rj --arg at "$key" 'getpath($at / "."), " "' "$told_file"; done; echo; }
# frame_of AUDIT: what was drawn, but for the instant.
frame_of() { sed 's/"at":"[^"]*",//; s/"drawn_before":[a-z]*,//; s/"repeats":true,//' "$1"; }

# ---- the lists ----

start_standin "$W"
mkdir "$T/start"
quiet "$T/start" sample add "$T/creators.txt" --day 2026-03-01 --place NL
expect "creators come into the frame" 0 $?
copy_audit "$T/start" "$T/straight"
quiet "$T/straight" sample draw
expect "nothing is drawn while creators wait to be read" 2 $?
quiet "$T/straight" sample list --json
expect "every creator is read" 0 $?
cp "$T/out" "$T/list.json"
expect "public, private and gone are those of the site" \
    "$(embeds public) $(embeds private) $(embeds gone) 0 " "$(told "$T/list.json" read.public read.private read.gone read.no_answer)"
expect "each creator is asked for once" "$CREATORS" "$(awk -F '\t' '$2 == "embed"' "$LOG" | wc -l)"
quiet "$T/straight" sample list
expect "a second run asks for nobody" "$CREATORS" "$(awk -F '\t' '$2 == "embed"' "$LOG" | wc -l)"

# ---- the draw ----

quiet "$T/straight" sample draw --json
expect "posts are drawn" 0 $?
cp "$T/out" "$T/draw.json"
frame_of "$T/draw.json" >"$T/draw.want"
expect "each creator of the frame is drawn or left out for one reason" "$CREATORS" \
    "$(awk '{ n = 0; gsub(/.*"left_out":\{|\}.*/, ""); k = split($0, v, /[:,]/); for (i = 2; i <= k; i += 2) n += v[i]; print n }' "$T/draw.json" |
        awk -v drawn="$(json "$T/draw.json" drawn)" '{ print $1 + drawn }')"
quiet "$T/straight" report
csv "$T/straight/report/labels.csv" id username >"$T/drawn.tsv"
cp "$T/drawn.tsv" "$T/drawn.want"
expect "what is drawn are the items" "$(json "$T/draw.json" posts)" "$(wc -l <"$T/drawn.tsv")"
csv "$W/truth.csv" id handle label created_at vanishes_at reason >"$T/truth.tsv"
awk -F '\t' -v latest="$(date -u -d "@$(awk '{ print int($1) - 72 * 3600 }' "$W/clock")" +%Y-%m-%dT%H:%M:%SZ)" '
    NR == FNR { handle[$1 ""] = $2; label[$1 ""] = $3; born[$1 ""] = $4; gone[$1 ""] = $5; next }
    !($1 "" in handle) { print $1 ": not in the world"; next }
    { n[handle[$1 ""]]++ }
    born[$1 ""] > latest { print $1 ": made on " born[$1 ""] }
    label[$1 ""] == "private" || (label[$1 ""] == "deleted" && gone[$1 ""] == "") { print $1 ": " label[$1 ""] }
    END { for (h in n) if (n[h] != 10) print h ": " n[h] " posts" }' "$T/truth.tsv" "$T/drawn.tsv" >"$T/wrong"
expect_empty "ten posts a creator, public and 72 hours old" "$T/wrong"
quiet "$T/straight" sample draw --json
expect "the same again changes nothing, and is worked out again" "true true " "$(told "$T/out" drawn_before repeats)"
quiet "$T/straight" sample draw --posts 5
expect "another draw has to be asked for" 2 $?
expect_text "and the sentence says so" "$T/err" 'sample draw --again'
for what in "sample list" "sample draw"; do
    [ -d "$T/audit" ] || quiet "$T/audit" init
    # shellcheck disable=SC2086  # two words
    quiet "$T/audit" $what
    expect_text "$what is none of an audit's commands" "$T/err" 'is for a sample of creators'
done

# ---- killed ----

copy_audit "$T/start" "$T/killed"
for lines in 7 70 20; do
    from=$(log_lines)
    bs_start "$T/killed" sample list
    while is_ours "$BS_PID" && [ $(($(log_lines) - from)) -lt $lines ]; do sleep 0.005; done
    signal KILL "$BS_PID"
    wait "$BS_PID" 2>/dev/null
done
quiet "$T/killed" sample list
quiet "$T/killed" sample draw --json
frame_of "$T/out" >"$T/draw.got"
expect "killed three times the frame and the draw are the same" "$(cat "$T/draw.want")" "$(cat "$T/draw.got")"
quiet "$T/killed" report
csv "$T/killed/report/labels.csv" id username >"$T/drawn.got"
cmp -s "$T/drawn.want" "$T/drawn.got"
expect "and the posts, to the byte" 0 $?
quiet "$T/killed" scrape --replay --json
expect "the lists are read again from the archive, and say the same" "0 0 " "$(told "$T/out" replayed.changed replayed.no_answer)"
quiet "$T/killed" sample draw --json
expect "and the frame is the one that was drawn from" "true 10 " "$(told "$T/out" drawn_before posts_each)"
quiet "$T/killed" verify
expect "everything is as it was written" 0 $?
stop_standin

# ---- overloaded, blocked ----

start_standin "$W" --quirk "embed_overload 0.3"
copy_audit "$T/start" "$T/busy"
tries=0
while [ $tries -lt 8 ]; do
    quiet "$T/busy" sample list --json
    [ $? -eq 3 ] || break
    tries=$((tries + 1))
    move_clock +3600
done
expect "a site that is overloaded by turns is read all the same" \
    "$(told "$T/list.json" standing.public standing.private standing.gone standing.unread listed)" \
    "$(told "$T/out" standing.public standing.private standing.gone standing.unread listed)"
quiet "$T/busy" sample draw --json
frame_of "$T/out" >"$T/draw.got"
expect "and gives the same draw" "$(cat "$T/draw.want")" "$(cat "$T/draw.got")"
stop_standin
for quirk in "embed_overload 1" "embed_shell 1"; do
    start_standin "$W" --quirk "$quirk"
    rm -rf "$T/blocked"
    copy_audit "$T/start" "$T/blocked"
    quiet "$T/blocked" sample list --json
    expect "$quirk: nothing is read" 3 $?
    expect "$quirk: nobody is gone, given up or has used a try" "0 0 $CREATORS " "$(told "$T/out" standing.gone given_up left)"
    expect_text "$quirk: the site is named" "$T/err" 'the site blocks us'
    stop_standin
done
start_standin "$W"
quiet "$T/blocked" sample list
quiet "$T/blocked" sample draw --json
frame_of "$T/out" >"$T/draw.got"
expect "once it answers, the draw is the same" "$(cat "$T/draw.want")" "$(cat "$T/draw.got")"

# ---- the drawn posts are asked and read; some are gone by then ----

if audit_until_done "$T/straight"; then ok "the drawn posts are audited like any others"; else
    not_ok "the drawn posts are audited like any others" "$(tail -n 4 "$T/err")"; fi
csv "$T/straight/report/labels.csv" id state label >"$T/labels.tsv"
csv "$W/truth.csv" id state label >"$T/truth.tsv"
awk -F '\t' 'NR == FNR { want[$1 ""] = $2 "|" $3; next } want[$1 ""] != $2 "|" $3 { print $1 ": " want[$1 ""] ", not " $2 "|" $3 }' \
    "$T/truth.tsv" "$T/labels.tsv" >"$T/wrong"
expect_empty "each is what the truth says" "$T/wrong"
GONE=$(awk -F '\t' '$3 == "deleted"' "$T/labels.tsv" | wc -l)
[ "$GONE" -gt 0 ]
expect "some of them are deleted by now" 0 $?
quiet "$T/straight" sample draw --replace --json
expect "each that is gone is replaced, or its creator has no further post" "$GONE $GONE " \
    "$(told "$T/out" gone | awk '{ print $1 }') $(($(json "$T/out" replaced) + $(json "$T/out" left))) "
cp "$T/out" "$T/replaced.json"
quiet "$T/straight" sample draw --replace --json
expect "and once" "0 $(json "$T/replaced.json" left) " "$(told "$T/out" replaced left)"
quiet "$T/straight" sample draw --json
expect "the draw keeps its size" "$(json "$T/draw.json" posts) $(json "$T/replaced.json" replaced) " "$(told "$T/out" posts replaced)"

# ---- what --json prints ----

if python3 -c 'import jsonschema' 2>/dev/null; then
    cp "$T/draw.json" "$T/sample-draw.json"; cp "$T/list.json" "$T/sample-list.json"
    for name in sample-draw sample-list; do
        python3 -W ignore -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' "docs/json/$name.schema.json" "$T/$name.json" >"$T/said" 2>&1
        expect "$name: the schema holds" 0 $?
    done
    python3 -W ignore -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' docs/json/sample-draw.schema.json "$T/replaced.json" >"$T/said" 2>&1
    expect "sample-draw --replace: the schema holds" 0 $?
else
    skip "the schemas hold" "python3-jsonschema is not installed"
fi
