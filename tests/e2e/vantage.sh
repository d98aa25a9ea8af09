#!/bin/sh
# A second vantage: posts that are refused here and public there are called
# region_blocked, not deleted; only refused ones are read there; the proxy's
# password stands nowhere.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite vantage

PASSWORD=canary-proxy-2b9e417f
make_world "$T/w" 41 600
start_standin "$T/w" --quirk "swallow_dead 0" --proxy CA --proxy-port-file "$T/w/proxy" --proxy-user "auditor:$PASSWORD"
PROXY=127.0.0.1:$(cat "$T/w/proxy")

# Rows that are not what the truth says, but for the public ones that wait for another day.
wrong() { compare_truth "$T/w" "$T/a" | awk -F '\t' '$3 != "open||unconfirmed|"'; }
log_from() { awk -F '\t' -v at="$1" '$2 == "page" && $NF == at { n++ } END { print n + 0 }' "$LOG"; }

SETS="--set page.oembed=never"
quiet "$T/a" audit "$T/w/all.txt"
wrong >"$T/before"
blocked=$(grep -c 'region_blocked|unexplained.*not_found' "$T/before")
if [ "$blocked" -gt 0 ]; then ok "without oEmbed, posts that are blocked here look deleted ($blocked of them)"; else
    not_ok "without oEmbed, posts that are blocked here look deleted" "$(sed 5q "$T/before")"; fi
expect "nothing was read through the proxy" 0 "$(log_from 'from CA')"

SETS="$SETS --set page.vantage=ca"
BLINDSPOT_PROXY="http://auditor:wrong@$PROXY" quiet "$T/a" scrape
expect "a proxy that refuses us is no answer: unfinished" 3 $?
expect "and reads nothing" 0 "$(log_from 'from CA')"
move_clock +7200
BLINDSPOT_PROXY="http://auditor:$PASSWORD@$PROXY" quiet "$T/a" scrape
read=$(log_from 'from CA')
refused=$(csv "$T/a/report/labels.csv" page_outcome | grep -c refused)
if [ "$read" -gt "$blocked" ] && [ "$read" -lt "$refused" ]; then
    ok "the second vantage reads some of the refused posts ($read of $refused)"; else
    not_ok "the second vantage reads some of the refused posts" "$read of $refused"; fi
home=$(awk -F '\t' '$2 == "page" && $NF != "from CA" { n++ } END { print n }' "$LOG")
quiet "$T/a" report
wrong >"$T/after"
expect_empty "seen from two places, every refused post has its true label" "$T/after"
expect "the table says where it is public" "$(count "$T/a" elsewhere_vantage ca)" "$(count "$T/a" page_elsewhere 'public|refused')"
expect "every region_blocked one is public there" "$(count "$T/a" reason region_blocked)" \
    "$(csv "$T/a/report/labels.csv" reason page_elsewhere | grep -c '^region_blocked.public$')"
expect "none that is called deleted or private is" 0 \
    "$(csv "$T/a/report/labels.csv" label page_elsewhere | grep -Ec '^(deleted|private).public$')"
id=$(csv "$T/a/report/labels.csv" reason id | awk '$1 == "region_blocked" { print $2; exit }')
quiet "$T/a" explain "$id"
expect_text "explain shows the vantage of the page" "$T/out" 'page: public.*seen from CA, at vantage ca'
expect_text "and the one that refused" "$T/out" 'page: refused.*seen from DE'
BLINDSPOT_PROXY="http://auditor:$PASSWORD@$PROXY" quiet "$T/a" scrape
expect "read again, nothing is due there" "$read" "$(log_from 'from CA')"
expect "and the first vantage was not disturbed" "$home" \
    "$(awk -F '\t' '$2 == "page" && $NF != "from CA" { n++ } END { print n }' "$LOG")"

SETS="$SETS --set page.elsewhere=refused --set page.proxy=http://127.0.0.1:1,http://auditor:$PASSWORD@$PROXY"
quiet "$T/a" scrape
expect "page.elsewhere=refused reads every refused post" "$refused" "$(log_from 'from CA')"
quiet "$T/a" report
wrong >"$T/all"
expect_empty "and the labels are the same" "$T/all"
expect_text "the report shows the proxies without the password" "$T/a/report/summary.json" \
    "http://127.0.0.1:1 http://[*][*][*]@$PROXY"
stop_standin
cp "$T/a/report/labels.csv" "$T/labels"
quiet "$T/a" scrape --replay
expect "its replay ends" 0 $?
quiet "$T/a" report
if cmp "$T/labels" "$T/a/report/labels.csv" >"$T/diff" 2>&1; then ok "and gives the same labels, each answer at its vantage"; else
    not_ok "and gives the same labels, each answer at its vantage" "$(diff "$T/labels" "$T/a/report/labels.csv" | sed 6q)"; fi

# ---- the same sight for every vantage: truth by country ----

# Public at home, refused to visitors from one country: a world whose truth names them.
make_world "$T/w2" 43 400 --set refused_abroad=0.05 --set region_blocked=0.02
start_standin "$T/w2" --quirk "swallow_dead 0" --proxy CA --proxy-port-file "$T/w2/proxy" --proxy-user "auditor:$PASSWORD"
PROXY=127.0.0.1:$(cat "$T/w2/proxy")
A=$T/b
HOME_SETS="--set page.retrieved_sample=all"
SETS=$HOME_SETS
audit_until_done "$A" "$T/w2/all.txt"
expect "the first vantage is done by itself" 0 "$until_rc"
there() { BLINDSPOT_PROXY="http://auditor:$PASSWORD@$PROXY" quiet "$A" "$@"; }
read_there() { awk -F '\t' '$2 == "page" && $NF == "from CA" { print $4 }' "$LOG" | sort; }
report="$A/report/labels.csv"
expect "an audit of one vantage has no places" 0 "$(csv "$report" public_at refused_at | grep -vc '^	$')"

SETS="$HOME_SETS --set page.vantage=ca --set page.elsewhere=sample:40"
there scrape
read_there >"$T/drawn"
cp "$report" "$T/before"
there scrape
expect "a sample is read once" "$(wc -l <"$T/drawn")" "$(read_there | wc -l)"
csv "$T/before" id page_outcome | awk -F '\t' '$2 == "public" { print $1 }' | sort | comm -12 - "$T/drawn" >"$T/sampled"
expect "of those that are public here so many as were asked for" 40 "$(wc -l <"$T/sampled")"
SETS="$HOME_SETS --set page.vantage=ca --set page.elsewhere=all"
there scrape
awk -F '\t' '$2 == "page" && $NF == "from CA" && $5 ~ /^(public|refused)$/ { print $4 }' "$LOG" | sort | uniq -d >"$T/twice"
expect_empty "what the sample read is not read again for all" "$T/twice"
csv "$T/before" id page_outcome | awk -F '\t' '$2 ~ /^(public|refused)$/ { print $1 }' | sort >"$T/known"
read_there | sort -u | comm -23 "$T/known" - >"$T/unread"
expect_empty "all reads there whatever was read here" "$T/unread"

SETS=$HOME_SETS
home_reads() { awk -F '\t' '$2 == "page" && $NF != "from CA" { print $4 }' "$LOG" | sort; }
home_reads >"$T/home"
move_clock +3600
quiet "$A" report
number() { jq -r ".numbers.$1.$2" "$A/report/summary.json"; }
ids() { if [ -f "$A/report/ids/$1.txt" ]; then sort "$A/report/ids/$1.txt"; fi; }
open=$(number vantages_undecided n)
expect "refused there after it was last read here: no post is called public here yet" "0 yes" \
    "$(number public_at_1_refused_at_2 n) $([ "$open" -gt 0 ] && echo yes)"
ids vantages_undecided >"$T/undecided"
expect "they are undecided, and in a list" "$open" "$(wc -l <"$T/undecided")"
quiet "$A" explain "$(head -n 1 "$T/undecided")"
expect_text "explain says so" "$T/out" 'vantages differ +public at first, refused at ca; nobody saw it since'
if [ "$(jq -r .final "$A/report/summary.json")" = false ]; then ok "what was refused there since is to be read here once more"; else
    not_ok "what was refused there since is to be read here once more"; fi
quiet "$A" scrape
home_reads | comm -13 "$T/home" - >"$T/again"
csv "$T/w2/truth.csv" id notes | awk -F '\t' '$2 ~ /refused_in:CA/ { print $1 }' | sort >"$T/abroad"
comm -23 "$T/again" "$T/abroad" >"$T/surplus"
csv "$T/w2/truth.csv" id vanishes_at | awk -F '\t' '$2 != "" { print $1 }' | sort | comm -23 "$T/surplus" - >"$T/no_need"
expect_empty "these alone, and what was deleted meanwhile" "$T/no_need"
quiet "$A" report
# The truth of a post at CA, by what its page is at home now.
csv "$T/w2/truth.csv" id reason notes >"$T/truth3"
csv "$report" id public_at refused_at | awk -F '\t' '
    NR == FNR { reason[$1 ""] = $2; notes[$1 ""] = $3; next }
    {
        id = $1 ""; here = $2 ~ /(^| )first( |$)/ ? "public" : $3 ~ /(^| )first( |$)/ ? "refused" : ""
        got = $2 ~ /(^| )ca( |$)/ ? "public" : $3 ~ /(^| )ca( |$)/ ? "refused" : ""
        if (here == "") next
        want = reason[id] == "region_blocked" ? "public" : here == "public" && notes[id] ~ /refused_in:CA/ ? "refused" : here
        if (got != want) print id "\t" reason[id] "\t" notes[id] "\there " here ", there " got ", want " want
    }' "$T/truth3" - >"$T/odd"
expect_empty "where each post is public is what the truth says, country by country" "$T/odd"

# The same as numbers: here and there by the truth, of posts that both vantages decided.
vantages_of_truth "$T/w2" "$report" >"$T/beside"
of_kind() { awk -F '\t' -v kind="$1" '$1 == kind { print $2 }' "$T/beside"; }
for kind in public_refused refused_public both_public both_refused; do
    of_kind "$(echo "$kind" | sed 's/both_\(.*\)/\1_\1/')" >"$T/kind"
    expect "as many posts are $kind as in the truth" "$(wc -l <"$T/kind")" "$(jq -r ".vantages.pairs[0].$kind" "$A/report/summary.json")"
done
of_kind public_refused >"$T/kind"
ids public_at_1_refused_at_2 | diff "$T/kind" - >"$T/odd"
expect_empty "public here, refused there: these very posts" "$T/odd"
if [ -s "$T/kind" ]; then ok "there are such posts"; else not_ok "there are such posts"; fi
of_kind refused_public >"$T/kind"
ids refused_at_1_public_at_2 | diff "$T/kind" - >"$T/odd"
expect_empty "refused here, public there: these very posts" "$T/odd"
expect "none is undecided any more" 0 "$(number vantages_undecided n)"
expect "over all pairs it is the sum, of all that two decided" "$(grep -Ec '^(public_refused|refused_public)' "$T/beside") $(wc -l <"$T/beside")" \
    "$(number public_here_refused_there n) $(number public_here_refused_there of)"
ids public_at_1_refused_at_2 >"$T/kind"
quiet "$A" explain "$(head -n 1 "$T/kind")"
expect_text "explain says that it was there still" "$T/out" 'vantages differ +public at first, refused at ca while it was there still'
expect_text "the page has the list" "$A/report/index.html" 'href="ids/public_at_1_refused_at_2.txt"'
expect "and its figure is drawn" 6 "$(find "$A/report/figures" -name 'vantages.*' | wc -l)"

# What it keeps of its own.
quiet "$A" export --vantage ca
csv "$report" id public_at | awk -F '\t' '$2 ~ /(^| )ca( |$)/ { print $1 }' | sort >"$T/public_there"
csv "$T/out" id | sort -u | comm -23 "$T/public_there" - >"$T/unkept"
expect_empty "the record that each post had there is kept" "$T/unkept"
quiet "$A" export --vantage cq
expect "a vantage that never read is no vantage" 2 $?
quiet "$A" export
csv "$T/out" id side | sort | uniq -d >"$T/double"
expect_empty "what is compared is the first one's alone" "$T/double"
cp "$A/rules.ini" "$T/rules.ini"
printf '%s\n' '[refused-in-canada]' 'label = unknown' 'reason = unexplained' 'when = page.outcome = public' 'when = page@ca.outcome = refused' >"$A/rules.ini"
cat "$T/rules.ini" >>"$A/rules.ini"
quiet "$A" classify
quiet "$A" report
expect "a rule may ask for one vantage" "$(csv "$report" state page_outcome public_at refused_at | grep -Ec '^missing.public.(first).ca$')" \
    "$(count "$A" rule refused-in-canada)"
cp "$T/rules.ini" "$A/rules.ini"
sed 's/page.elsewhere = public/page@cq.outcome = public/' "$T/rules.ini" >"$A/rules.ini"
quiet "$A" classify
expect_text "one that nobody read at is named" "$T/err" 'vantage "cq", at which no page'
cp "$T/rules.ini" "$A/rules.ini"
quiet "$A" report
cp "$report" "$T/labels"
(BLINDSPOT_CLOCK='' "$BLINDSPOT" -C "$A" --progress=never verify) >"$T/out" 2>&1
expect "its store and archive are sound" 0 $?
quiet "$A" scrape --replay
quiet "$A" report
if cmp -s "$T/labels" "$report"; then ok "a replay puts every answer back to its vantage"; else
    not_ok "a replay puts every answer back to its vantage" "$(diff "$T/labels" "$report" | sed 6q)"; fi
quiet "$A" export --vantage ca
csv "$T/out" id | sort -u | comm -23 "$T/public_there" - >"$T/unkept"
expect_empty "and every record" "$T/unkept"
id=$(csv "$report" id refused_at | awk -F '\t' '$2 == "ca" { print $1; exit }')
quiet "$A" explain "$id"
expect_text "explain names the vantages" "$T/out" 'refused at +ca'
stop_standin
SECRET=$PASSWORD
expect_no_leak "the proxy's password stands in no file"
