#!/bin/sh
# compare: of two worlds with the same posts, in which some are returned in the second that
# were missing in the first and others the other way round, the lists are those of the truth;
# folders and bundles alike, whatever their rules, and both stay what they were.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite compare
export TMPDIR="$T/tmp"; mkdir "$TMPDIR"
DAYS_MAX=4
SETS="--set page.retrieved_sample=all"
compare() { (unset BLINDSPOT_CLOCK; cd "$T" && exec "$BLINDSPOT" compare "$@") >"$T/out" 2>"$T/err"; }
# Names, times and bytes of all that lies in a folder.
bytes() { (cd "$1" && find . -type f -printf '%p %T@ %s\n' | sort; find . -type f -exec sha256sum {} + | sort) | sha256sum; }
# truth A B: id, then fixed, broken, still or none, by what both worlds say.
truth() {
    csv "$1/truth.csv" id state label reason >"$T/truth.a"
    csv "$2/truth.csv" id state label reason >"$T/truth.b"
    awk -F '\t' '
    function where(state, label, reason) {
        if (state == "retrieved") return "back"
        if (state != "missing") return "open"
        if (label ~ /^(canada|ad|tiktok_official|excluded_account)$/ || reason == "unexplained") return "gone"
        return "other"
    }
    NR == FNR { was[$1 ""] = where($2, $3, $4); next }
    ($1 "") in was {
        w = was[$1 ""]; n = where($2, $3, $4); what = "none"
        if (w == "gone" && n == "back") what = "fixed"
        if (w == "back" && n == "gone") what = "broken"
        if (w == "gone" && n == "gone") what = "still_missing"
        print $1 "\t" what
    }' "$T/truth.a" "$T/truth.b"
}
same_lists() {      # DIR: its lists against $T/truth
    for list in fixed broken still_missing; do
        awk -F '\t' -v l=$list '$2 == l { print $1 }' "$T/truth" | sort >"$T/want"
        sort "$1/$list.txt" >"$T/got"
        diff "$T/want" "$T/got" >"$T/diff"
        expect_empty "$list.txt is what the worlds say" "$T/diff"
        LC_ALL=C sort -n -c "$1/$list.txt" 2>"$T/diff"
        expect_empty "in the order of ids" "$T/diff"
    done
}

make_world "$T/w1" 83 400 --set unexplained=0.06 --set vanish_later=0
make_world "$T/w2" 83 400 --set unexplained=0.16 --set vanish_later=0
for n in 1 2; do
    start_standin "$T/w$n" --quirk "swallow_dead 0"
    audit_until_done "$T/a$n" "$T/w$n/all.txt"
    stop_standin
done
unset BLINDSPOT_CLOCK
mv "$T/a1" "$T/march"; mv "$T/a2" "$T/april"
truth "$T/w1" "$T/w2" >"$T/truth"
for kind in fixed broken still_missing none; do
    expect "the worlds hold some of each: $kind" "yes" "$(awk -F '\t' -v k=$kind '$2 == k { n++ } END { print (n > 3 ? "yes" : n + 0) }' "$T/truth")"
done

# ---- two folders ----

bytes "$T/march" >"$T/before"; bytes "$T/april" >>"$T/before"
compare march april --out changes
expect "worse beyond chance ends with 1" 1 $?
bytes "$T/march" >"$T/after"; bytes "$T/april" >>"$T/after"
expect "both are byte for byte what they were" "$(cat "$T/before")" "$(cat "$T/after")"
same_lists "$T/changes"
expect_text "the answer comes first" "$T/out" '^Worse beyond chance: [0-9]* fixed, [0-9]* broken'
cp "$T/out" "$T/text"
csv "$T/changes/moved.csv" change id | awk -F '\t' '$1 != "" { print $1 "\t" $2 }' | sort >"$T/got"
awk -F '\t' '$2 == "fixed" || $2 == "broken" { print $2 "\t" $1 }' "$T/truth" | sort >"$T/want"
diff "$T/want" "$T/got" >"$T/diff"
expect_empty "moved.csv says which" "$T/diff"
csv "$T/march/report/labels.csv" id bucket | sort >"$T/bucket.a"
csv "$T/april/report/labels.csv" id bucket | sort >"$T/bucket.b"
join -t "$(printf '\t')" "$T/bucket.a" "$T/bucket.b" | awk -F '\t' '$2 != $3' | sort >"$T/want"
csv "$T/changes/moved.csv" id from to | sort >"$T/got"
diff "$T/want" "$T/got" >"$T/diff"
expect_empty "from the bucket of one labels.csv to that of the other" "$T/diff"
cp -R "$T/changes" "$T/first"; rm -rf "$T/changes"
compare march april --out changes
expect "once more it gives the same bytes" "" "$(diff -r "$T/first" "$T/changes"; diff "$T/text" "$T/out")"
compare march april --json
cp "$T/out" "$T/ab.json"
expect "as JSON the same" "$(wc -l <"$T/changes/fixed.txt") $(wc -l <"$T/changes/broken.txt") $(wc -l <"$T/changes/moved.csv")" \
    "$(jq -r '"\(.fixed) \(.broken) \([.moved[].count] | add + 1)"' "$T/ab.json")"
expect "and p is McNemar's" "true" "$(jq '.mcnemar as $m | ([$m.fixed, $m.broken] | min) as $k | ($m.fixed + $m.broken) as $n |
    reduce range(0; $k + 1) as $i ({sum: 0, c: 1}; {sum: (.sum + .c), c: (.c * ($n - $i) / ($i + 1))}) |
    (2 * .sum / pow(2; $n)) as $p | ($p - $m.p | fabs) < 0.00001 * $p' "$T/ab.json")"
compare april march
expect "the other way round it is better, and ends with 0" 0 $?
expect_text "as the answer says" "$T/out" '^Better beyond chance'
expect_text "and it warns that the first is newer" "$T/out" '^caution: april is newer than march'
compare march march --json
expect "an audit and itself: no change" "0 0 0 0 1" "$? $(jq -r '"\(.fixed) \(.broken) \(.moved | length) \(.mcnemar.p)"' "$T/out")"
expect "and no number that differs" 0 "$(jq '[.numbers[] | select(.change != 0 and .change != null)] | length' "$T/out")"

# ---- bundles ----

(unset BLINDSPOT_CLOCK; "$BLINDSPOT" -q -C "$T/march" export --bundle "$T/march.tar") 2>"$T/err"
compare march.tar april --json
expect "a bundle against a folder" 1 $?
jq -S 'del(.a)' "$T/out" >"$T/got"; jq -S 'del(.a)' "$T/ab.json" >"$T/want"
expect "says the same" "" "$(diff "$T/want" "$T/got")"
expect "and names its manifest" "$(tar xOf "$T/march.tar" manifest.sha256 | sha256sum | cut -c1-64)" "$(jq -r .a.manifest "$T/out")"
expect "and leaves nothing behind" "" "$(ls "$TMPDIR")"
cp "$T/march.tar" "$T/bad.tar"
flip "$T/bad.tar" 20000
compare bad.tar april
expect "a changed bundle is refused" 2 $?
expect_text "with the file that is not what was sealed" "$T/err" 'bad.tar: it is not what was sealed: audit.db'
compare april nothing
expect "what is not there" 2 $?
compare april
expect "one operand" 2 $?
compare march april --out april
expect "an audit is no place for lists" 2 $?

# ---- another schema, other rules, other settings ----

cp -R "$T/march" "$T/old"
sqlite3 "$T/old/audit.db" <tests/unit/back_to_7.sql || not_ok "a store of an older schema"
bytes "$T/old" >"$T/before"
compare old april --json
expect "an older schema" 1 $?
expect "gives the same lists" "$(jq -c '[.fixed, .broken, .still_missing, .moved]' "$T/ab.json")" "$(jq -c '[.fixed, .broken, .still_missing, .moved]' "$T/out")"
bytes "$T/old" >"$T/after"
expect "and stays of that schema" "$(cat "$T/before")" "$(cat "$T/after")"
cp -R "$T/april" "$T/ruled"
printf '[everything]\nlabel = ad\nwhen = page.outcome = public\n' >"$T/ruled/rules.ini"
bytes "$T/ruled" >"$T/before"
compare march ruled --json
expect "other rules: both by those that are shipped" "1 the rules that this program ships false true" \
    "$? $(jq -r '"\(.rules_are) \(.a.relabelled) \(.b.relabelled)"' "$T/out")"
expect "so that no label moves by its rules" "$(jq -c .moved "$T/ab.json")" "$(jq -c .moved "$T/out")"
compare march april --rules ruled/rules.ini --json
expect "or both by a file" "true true 0" "$(jq -r '"\(.a.relabelled) \(.b.relabelled) \(.labels.unknown.a + .labels.canada.a)"' "$T/out")"
bytes "$T/ruled" >"$T/after"
expect "whose own labels stay" "$(cat "$T/before")" "$(cat "$T/after")"
cp -R "$T/april" "$T/strict"
printf '[api]\nconfirm_days = 5\n' >"$T/strict/blindspot.ini"
compare march strict
expect_text "settings that decide are named where they differ" "$T/out" '^caution: The setting api.confirm_days differs: "2" in march, "5" in strict'
expect_text "and what is open is said" "$T/out" 'open in one of them or in both, and neither fixed nor broken'

# ---- purged ----

cp -R "$T/april" "$T/purged"
(unset BLINDSPOT_CLOCK; "$BLINDSPOT" -q -C "$T/purged" purge --older 0d) 2>"$T/err"
compare march purged --out again --json
expect "with the key purged items are found again" "$(jq -c '[.items, .fixed, .broken, .moved]' "$T/ab.json")" "$(jq -c '[.items, .fixed, .broken, .moved]' "$T/out")"
same_lists "$T/again"
mv "$T/state" "$T/away"
compare march purged --json
expect "without it they are not comparable, and in no list" "true" "$(jq '.b.not_comparable == .b.purged and .b.purged > 100 and .items.both + .items.only_a == .a.items' "$T/out")"
mv "$T/away" "$T/state"

# ---- text of others ----

mkdir "$T/hostile"
for n in march april; do cp -R "$T/$n" "$T/hostile/$n"; done
mv "$T/hostile/march" "$T/hostile/<b>march"
sqlite3 "$T/hostile/april/audit.db" "UPDATE label SET handle = '=cmd<script>' || char(27) || '[2J'"
(cd "$T/hostile" && "$BLINDSPOT" compare '<b>march' april --out out) >"$T/out" 2>"$T/err"
expect "no tag and no control of a handle or name is written" "0 0 0" \
    "$(grep -c '<script\|<b>' "$T/hostile/out/index.html") $(cat "$T/hostile/out"/* "$T/out" | grep -c "$(printf '\033')") $(grep -c ',=cmd' "$T/hostile/out/moved.csv")"
expect "the page needs nothing from elsewhere" 0 "$(grep -c '<script\|<link\|src=' "$T/changes/index.html")"
expect_no_leak "key, secret and token stand in no file"
