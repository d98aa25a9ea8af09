#!/bin/sh
# Text from outside reaches each place only as that place can bear it: handles,
# captions, messages, file names, settings and names of rules that hold
# controls, bidi marks, markup, formulas, quotes and commands of gnuplot, SQL
# and the shell go through load, classify, report, status and explain.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/hostile.sh
FIGURES=drawn
suite hostile_text
A=$T/a
ESC=$(printf '\033'); RLO=$(printf '\342\200\256'); CSI=$(printf '\302\233')
run() {         # NAME ARGUMENTS...: exit 0; what it printed is kept for the checks at the end
    run_name=$1; shift
    "$BLINDSPOT" -C "$A" "$@" >"$T/said/$run_name.out" 2>"$T/said/$run_name.err"
    run_rc=$?
    cat "$T/said/$run_name.err" >>"$ERRLOG"
    [ $run_rc -eq 0 ] || not_ok "$run_name" "exit code $run_rc" "$(sed 3q "$T/said/$run_name.err")"
}
mkdir "$T/said"
"$BLINDSPOT" -q init "$A"

hostile_answers
odd="$T/=odd ${ESC}[31m ${RLO}name\"<b>'\$(touch pwned).txt"
printf 'https://www.tiktok.com/@=1+a/video/7341234567890123990\nhttps://www.tiktok.com/@%%1b%%5b2J/video/7341234567890123991\nhttps://x.example/%s[2J%s\n' "$ESC" "$RLO" >"$odd"
printf "id,handle\n7341234567890123992,'; DROP TABLE item; --\n7341234567890123993,=1+1\n" >"$T/list.csv"

# A rule whose own words are hostile, before all others.
cp "$A/rules.ini" "$T/rules"
cat - "$T/rules" >"$A/rules.ini" <<END
[=cmd|'<b>" ${RLO}rule ${CSI}31m]
label = unknown
reason = unexplained
basis = unexplained
source = <script>alert(1)</script> ${RLO}source \$(touch $UP)
when = page.status_msg ~ .

END

run add-json add --json "$odd" "$T/list.csv"
run add add "$odd"
for i in $(seq 1 "$count"); do printf '73412345678901230%02d\n73412345678901231%02d\n' "$i" "$i"; done >"$T/asked"
run load-api load --api --asked "$T/asked" "$T/reply.json"
run load-pages load --pages --at 2024-03-12T12:00:00Z "$T"/pages/*.html
run diff diff
run classify classify
run report report
run status status
run status-json status --json
for i in $(seq 1 "$count"); do
    run "explain-$i" explain "$(printf '73412345678901230%02d' "$i")"
    run "explain-json-$i" explain --json "$(printf '73412345678901230%02d' "$i")"
    run "explain-gone-$i" explain "$(printf '73412345678901231%02d' "$i")"
done
# What is refused is quoted in a sentence.
for word in "${ESC}[2J$RLO" "<b>=1\$(touch $UP)"; do
    for command in "explain $word" "add $T/none$word" "$word" "report --$word" "--set $word=1 status" "--set api.base_url=$word status"; do
        # shellcheck disable=SC2086  # words
        "$BLINDSPOT" -C "$A" $command >>"$T/said/refused.out" 2>>"$T/said/refused.err"
        code=$?
        [ $code -eq 2 ] || not_ok "exit code 2, not $code: $(printf %s "$command" | od -c | sed 2q)"
    done
done

# ---- the places ----

rows=$(csv "$A/report/labels.csv" id | wc -l)
expect "every item has its row" $((2 * count + 4)) "$rows"
expect "the hostile rule decided where a page said something" yes "$([ "$(count "$A" rule "'=cmd.*")" -gt 5 ] && echo yes || echo no)"
expect "the caption reached the differences: the texts went through" yes \
    "$(grep -q 'u202egnp' "$A/report/differences.csv" && echo yes || echo no)"
# C0 but tab and line ends, DEL, C1, bidi marks, U+FEFF and what is no UTF-8.
hidden() {
    LC_ALL=C grep -laP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xef\xbb\xbf' "$@"
}
printf 'a %s b\n' "$RLO" >"$T/proof"
expect "the search finds a mark that turns the text" "$T/proof" "$(hidden "$T/proof")"
hidden "$T"/said/* "$A"/report/*.csv "$A"/report/*.json "$A"/report/*.html "$A"/report/figures/*.tsv \
    "$A"/report/figures/*.gp "$A"/report/figures/*.svg >"$T/diff"
expect_empty "terminal, CSV, JSON, HTML, SVG and scripts: no control, no bidi mark" "$T/diff"
for table in labels differences; do
    for column in $(sed -n '1s/\r$//; 1s/,/ /gp' "$A/report/$table.csv"); do
        csv "$A/report/$table.csv" "$column" | grep -E '^([=+@]|-[^0-9]|-.*[^0-9.e-]|\\n)' | sed "s/^/$column: /"
    done >"$T/diff"
    expect_empty "$table.csv: no cell is a formula" "$T/diff"
done
grep -inoE '<(script|svg|img)[^>]*>|on(error|load)=[^&]{0,20}>|javascript:' "$A/report/index.html" "$A/report/method.html" "$A"/report/cases/[0-9]*.html |
    grep -vE '<img class="[a-z]+" alt="[^"]*" src="data:image/svg|<img alt="[^"]*" src="data:image/svg' | cut -c1-200 >"$T/diff"
expect_empty "index.html, method.html and case files: no markup of theirs, no script" "$T/diff"
grep -lE 'touch|alert|HYPERLINK|gnp' "$A"/report/figures/* >"$T/diff"
expect_empty "figures: no text of theirs at all" "$T/diff"
for json in "$A/report/summary.json" "$T"/said/*json*.out; do
    # What is left when every string is taken out is JSON's own signs, numbers and words.
    sed 's/"\([^"\\]\|\\["\\/bfnrt]\|\\u[0-9a-f]\{4\}\)*"//g' "$json" |
        sed 's/true//g; s/false//g; s/null//g; s/-*[0-9][0-9.]*\(e[+-]*[0-9]*\)*//g; s/[][{},: ]//g; /^$/d' | sed "s#^#$(basename "$json"): #"
done >"$T/diff"
expect_empty "JSON: every text is one string" "$T/diff"
expect "no command was run" "" "$(ls "$UP" 2>/dev/null)"
expect "SQL: nothing was dropped, the store is sound" "$rows" "$("$BLINDSPOT" -C "$A" status --json | tr -d '\n ' | sed 's/.*"items":{"count":\([0-9]*\).*/\1/')"
expect_no_leak "key, secret and token stand in no file"
