#!/bin/sh
# The public side: a site that blocks everything decides nothing; each
# generation of pages is read alike; what evidence.keep says is kept.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite pages

make_world "$T/w" 41 400
start_standin "$T/w" --quirk "swallow_dead 0" --quirk block_all
quiet "$T/a" audit "$T/w/all.txt"
expect "a site that blocks every page: unfinished" 3 $?
expect_text "which is said in a sentence" "$T/err" 'block'
quiet "$T/a" report
expect "no item is called deleted or private" 0 "$(count "$T/a" label 'deleted|private')"
expect "none is missing at all: no page, no verdict" 0 "$(count "$T/a" state missing)"
blocked=$(awk -F '\t' '$2 == "page" && $3 == 403 { n++ } END { print n + 0 }' "$LOG")
if [ "$blocked" -le 40 ]; then ok "a run of blocks ends the reading early"; else
    not_ok "a run of blocks ends the reading early" "$blocked pages were asked for after the site had begun to block"; fi
stop_standin
start_standin "$T/w" --quirk "swallow_dead 0"
expect_done "when the site answers again, the audit ends" "$T/a"
compare_truth "$T/w" "$T/a" >"$T/diff"
expect_empty "and its verdicts equal the truth: blocks used up no attempt" "$T/diff"
# Per kind of page the report says when the first and the last came in: the answers' own times.
sqlite3 "$T/a/audit.db" "
    SELECT t.name, t.first_at, p.first_at, t.last_at, p.last_at FROM tally t LEFT JOIN
        (SELECT g.name, min(a.at) first_at, max(a.at) last_at FROM page_answer a
         JOIN word w ON w.kind = 'witness' AND w.n = a.witness AND w.name IN ('page', 'embed')
         JOIN word k ON k.kind = 'answer' AND k.n = a.kind AND k.name IN ('public', 'refused')
         JOIN word g ON g.kind = 'generation' AND g.n = a.generation GROUP BY g.name) p ON p.name = t.name
    WHERE t.kind = 'page_read' AND t.name <> 'other'
      AND (t.first_at IS NOT p.first_at OR t.last_at IS NOT p.last_at)" >"$T/diff" 2>&1
expect_empty "what the pages gave is dated by the answers, not by the end of the run" "$T/diff"
# Of first readings, pages of one account follow one another no oftener than in a shuffle.
csv "$T/w/truth.csv" id handle >"$T/handles"
awk -F '\t' 'NR == FNR { handle[$1 ""] = $2; next }
    $2 == "page" && $3 == 200 && !seen[$4 ""]++ { h = handle[$4 ""]; of[h]++; n++; same += h == last; last = h }
    END { for (h in of) by_chance += of[h] * (of[h] - 1) / n; printf "%d %d %.1f\n", n, same, by_chance }' \
    "$T/handles" "$LOG" >"$T/order"
if awk '$1 > 100 && $2 < 2 * $3 + 4 { ok = 1 } END { exit !ok }' "$T/order"; then
    ok "no account is hit in a row ($(cat "$T/order"): pages, beside one of the same account, by chance)"; else
    not_ok "no account is hit in a row" "pages, beside one of the same account, by chance: $(cat "$T/order")"; fi
stop_standin

# next_old is of 2020: it knew neither place nor ad label, so only the states can be equal.
for generation in rehydrate mobile sigi next next_old mixed; do
    rm -f "$T/w/clock"
    export XDG_STATE_HOME="$T/state.$generation"
    start_standin "$T/w" --quirk "swallow_dead 0" --quirk "generation $generation"
    expect_done "pages of the kind $generation" "$T/g.$generation" "$T/w/all.txt"
    compare_truth "$T/w" "$T/g.$generation" >"$T/diff"
    if [ $generation = next_old ]; then
        awk -F '\t' '{ split($2, w, "|"); split($3, g, "|"); if (w[1] != g[1]) print }' "$T/diff" >"$T/diff2"
        expect_empty "$generation: every state equals the truth" "$T/diff2"
    else
        expect_empty "$generation: every verdict equals the truth" "$T/diff"
    fi
    stop_standin
done

verdicts "$T/g.rehydrate" >"$T/want"
for keep in extract none; do
    rm -f "$T/w/clock"
    export XDG_STATE_HOME="$T/state.$keep"
    start_standin "$T/w" --quirk "swallow_dead 0"
    SETS="--set evidence.keep=$keep"
    expect_done "evidence.keep=$keep" "$T/k.$keep" "$T/w/all.txt"
    SETS=
    verdicts "$T/k.$keep" >"$T/got"
    diff "$T/want" "$T/got" >"$T/diff"
    expect_empty "$keep: the same verdicts" "$T/diff"
    stop_standin
done
size() { du -sk "$1" 2>/dev/null | awk '{ print $1 }'; }
all=$(size "$T/g.rehydrate/evidence"); some=$(size "$T/k.extract/evidence")
if [ "$((some * 4))" -lt "$all" ]; then ok "extract keeps less than a quarter of the bytes"; else
    not_ok "extract keeps less than a quarter of the bytes" "pages $all KB, extract $some KB"; fi
expect "none keeps no body" 0 "$(find "$T/k.none/evidence" -name '*.gz' 2>/dev/null | wc -l)"
expect_no_leak "key, secret and token stand in no file"
