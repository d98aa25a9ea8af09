#!/bin/sh
# Claims as tests: a promise that is kept passes, one that is broken fails by the items that the
# truth says, and an unfinished audit is undecided, says how many more would decide, and passes
# when they came. Verdicts for people, programs and build servers.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite check

# claim NAME LINES...: one section more in $T/claims.ini.
claim() {
    claim_name=$1; shift
    { printf '[%s]\nclaim = What %s says.\nsource = https://example.org, 2026-02-26\ncriterion = completeness\n' "$claim_name" "$claim_name"
      printf '%s\n' "$@"; } >>"$T/claims.ini"
}
# verdict NAME: of the last `check --json`.
verdict() { jq -r --arg n "$1" '.claims[] | select(.name == $n) | .verdict' "$T/check.json"; }
of_claim() { jq -r --arg n "$1" --arg k "$2" '.claims[] | select(.name == $n) | .[$k]' "$T/check.json"; }
checked() {
    quiet "$T/a" check "$T/claims.ini" --json --ids "$T/ids" --junit "$T/junit.xml"
    check_rc=$quiet_rc
    cp "$T/out" "$T/check.json"
}

make_world "$T/w" 47 1500 --set too_recent=0 --set unobserved=0 --set vanish_later=0
start_standin "$T/w"
"$BLINDSPOT" -q init "$T/a"
SETS="--set page.retrieved_sample=all"

claim all-public 'of = item.bucket ~ ^(retrieved|missing/public)' 'that = item.state = retrieved' 'at_least = 99 %'
claim half-public 'of = item.bucket ~ ^(retrieved|missing/public)' 'that = item.state = retrieved' 'at_least = 50 %'
claim canada 'of = page.location_created = CA' 'of = page.outcome = public' 'that = item.state = missing' 'at_most = 20 %'
claim names 'field = username' 'at_least = 90 %'
claim cannot 'untestable = nobody can see it from outside'

# ---- before the end: undecided ----

checked
expect "before anything is asked it is undecided" 6 $check_rc
quiet "$T/a" audit "$T/w/all.txt"
checked
expect "half of all is decided, or open, on the first day" 1 "$(verdict half-public | grep -Exc 'pass|undecided')"
expect "a claim is undecided before that" undecided "$(verdict names)"
expect_text "what is open stands among the cautions" "$T/check.json" '"cautions":[[].*"unfinished: '
quiet "$T/a" check "$T/claims.ini"
expect_text "the line of a person says so too" "$T/out" '^caution    unfinished: '
grep '^undecided' "$T/out" >"$T/undecided"
if [ -s "$T/undecided" ]; then
    expect_text "it says how many more would decide" "$T/undecided" 'of these would decide, in [0-9]+ days? at the earliest'
else
    not_ok "a claim is undecided on the first day" "$(cat "$T/out")"
fi

# ---- finished ----

audit_until_done "$T/a"
quiet "$T/a" report
checked
expect "one that fails gives exit code 1" 1 $check_rc
expect "the broken promise fails" fail "$(verdict all-public)"
expect "what is kept passes" pass "$(verdict half-public)"
expect "at_most fails from above" fail "$(verdict canada)"
expect "the one that was undecided passes when they came" pass "$(verdict names)"
expect "what cannot be tested is counted nowhere" "4 1" "$(jq -r '"\(.claims | length) \(.not_tested | length)"' "$T/check.json")"
expect "the counts are those of the claims" "2 2 0" "$(jq -r '"\(.pass) \(.fail) \(.undecided)"' "$T/check.json")"

csv "$T/w/truth.csv" id state label reason | awk -F '\t' '$2 == "missing" && $3 != "deleted" && $3 != "private" &&
    ($3 != "unknown" || $4 == "unexplained") { print $1 }' | sort >"$T/want"
sort "$T/ids/all-public.failed.txt" | diff "$T/want" - >"$T/differ"
expect_empty "the ids that failed are those of the truth" "$T/differ"
csv "$T/w/truth.csv" id state | awk -F '\t' '$2 == "retrieved" { print $1 }' | sort >"$T/want"
sort "$T/ids/all-public.held.txt" | diff "$T/want" - >"$T/differ"
expect_empty "the ids that held are those of the truth" "$T/differ"
expect "none is open" 0 "$(wc -l <"$T/ids/all-public.open.txt")"
expect "held and failed are n" "$(of_claim all-public n)" \
    "$(cat "$T/ids/all-public.held.txt" "$T/ids/all-public.failed.txt" | wc -l)"
expect "the file's name stands in the JSON" all-public.failed.txt \
    "$(jq -r '.claims[] | select(.name == "all-public") | .ids.failed' "$T/check.json")"

cp "$T/check.json" "$T/first.json"; cp "$T/junit.xml" "$T/first.xml"
checked
cmp "$T/first.json" "$T/check.json" >"$T/differ" 2>&1; cmp "$T/first.xml" "$T/junit.xml" >>"$T/differ" 2>&1
expect_empty "the same audit and claims give the same bytes" "$T/differ"

# ---- against an earlier audit, or a bundle of one ----

make_world "$T/w2" 48 1200 --set too_recent=0 --set unobserved=0 --set vanish_later=0 --set unexplained=0.3
stop_standin
start_standin "$T/w2"
"$BLINDSPOT" -q init "$T/b"
audit_until_done "$T/b" "$T/w2/all.txt"
copy_audit "$T/b" "$T/home"
bring_home "$T/home"
quiet "$T/home" export --bundle "$T/b.tar"
start_a() { stop_standin; start_standin "$T/w"; }
mkdir "$T/claims"
worse() {
    printf '[%s]\nclaim = No worse.\nsource = us, 2026-03-02\ncriterion = completeness\n' "$1"; shift
    printf '%s\n' "$@"
}
{
    worse better 'of = item.bucket ~ ^(retrieved|missing/public)' 'that = item.state = retrieved' 'not_worse_than = ../b.tar' 'margin = 1 %'
    worse number 'number = public_not_returned' 'worse = higher' 'not_worse_than = ../b' 'margin = 1 %'
} >"$T/claims/now.ini"
{
    worse worse 'of = item.bucket ~ ^(retrieved|missing/public)' 'that = item.state = retrieved' 'not_worse_than = ../a' 'margin = 1 %'
    worse same 'field = username' 'not_worse_than = ../a' 'margin = 20 %'
} >"$T/claims/then.ini"
find "$T/a" -type f ! -name '*-shm' ! -name '*-wal' | sort | xargs sha256sum >"$T/before.sum"
quiet "$T/b" check "$T/claims/then.ini" --json
cp "$T/out" "$T/check.json"
expect "what got worse fails" "1 fail" "$quiet_rc $(verdict worse)"
expect "what stayed passes" pass "$(verdict same)"
expect "the change is now less before" true "$(jq -r '.claims[0] | (.change.value - (.value - .before.value) | fabs) < 0.000002 and .change.high < -0.01' "$T/check.json")"
find "$T/a" -type f ! -name '*-shm' ! -name '*-wal' | sort | xargs sha256sum | diff "$T/before.sum" - >"$T/differ"
expect_empty "the earlier audit is as it was" "$T/differ"
start_a
quiet "$T/a" check "$T/claims/now.ini" --json
cp "$T/out" "$T/check.json"
expect "what got better passes, beside a bundle" "0 pass pass" "$quiet_rc $(verdict better) $(verdict number)"
worse gone 'field = username' 'not_worse_than = ../nowhere' 'margin = 1 %' >"$T/claims/gone.ini"
quiet "$T/a" check "$T/claims/gone.ini"
expect "an audit that there is not is refused" 2 $quiet_rc
expect_text "with file and line" "$T/err" 'gone.ini:6: '

# ---- what is to be read first ----

make_world "$T/w4" 63 150
stop_standin
start_standin "$T/w4" --quirk "block_posts 0.03 403"
"$BLINDSPOT" -q init "$T/d"
SETS="$SETS --set page.pause_ms=1"
audit_until_done "$T/d" "$T/w4/all.txt"
quiet "$T/d" check "$T/claims.ini"
expect_text "blocks of the site stand before the verdicts" "$T/out" '^caution    blocks: the site blocked this machine [0-9]+ times?$'
expect "all cautions do" "" "$(sed -n '/^\(pass\|fail\|undecided\|not tested\)/,$p' "$T/out" | grep '^caution')"

# ---- counters: those that are a hundredth fail by their ids, and the median with them ----

make_world "$T/w3" 62 900 --set wrong_counter=0.2 --set too_recent=0 --set unobserved=0 --set vanish_later=0
stop_standin
start_standin "$T/w3"
"$BLINDSPOT" -q init "$T/c"
audit_until_done "$T/c" "$T/w3/all.txt"
{
    printf '[%s]\nclaim = Views.\nsource = us, 2026-03-02\ncriterion = accuracy\n%s\n' \
        near "$(printf 'field = view_count\nwithin = 50 %%\nat_least = 99 %%')" \
        median "$(printf 'median_ratio = view_count\nat_least = 90 %%')" \
        too-much "$(printf 'median_ratio = view_count\nat_most = 50 %%')"
    printf '[%s]\nclaim = Asks.\nsource = us, 2026-03-02\ncriterion = consistency\nagreement = %s\nat_least = 50 %%\n' \
        asks all days other_days
} >"$T/counters.ini"
quiet "$T/c" check "$T/counters.ini" --json --ids "$T/ids"
cp "$T/out" "$T/check.json"
expect "a fifth of the counters is no median" "fail pass fail" "$(verdict near) $(verdict median) $(verdict too-much)"
expect "asks agree" "pass pass" "$(verdict asks) $(verdict days)"
csv "$T/w3/truth.csv" id notes | awk -F '\t' '$2 ~ /differs:view_count/ { print $1 }' | sort >"$T/want"
sort "$T/ids/near.failed.txt" | diff "$T/want" - >"$T/differ"
expect_empty "the counters that failed are those of the truth" "$T/differ"
start_a

# ---- what build servers read ----

if command -v xmllint >/dev/null 2>&1; then
    xmllint --noout --schema tests/e2e/junit.xsd "$T/junit.xml" >"$T/said" 2>&1
    grep -v validates "$T/said" >"$T/differ"
    expect_empty "the JUnit file is as the schema says" "$T/differ"
else
    skip "the JUnit file is as the schema says" "xmllint (libxml2-utils) is not installed"
fi
PY=
for python in python3 /usr/bin/python3; do
    "$python" -c 'import junitparser' 2>/dev/null && PY=$python
done
if [ -n "$PY" ]; then
    "$PY" - "$T/junit.xml" >"$T/said" 2>&1 <<'PYTHON'
import sys
from junitparser import Failure, JUnitXml, Skipped
for suite in JUnitXml.fromfile(sys.argv[1]):
    print(suite.tests, suite.failures, suite.errors, suite.skipped)
    for case in suite:
        kinds = [type(r).__name__ for r in case.result]
        print(case.classname, case.name, *kinds)
PYTHON
    printf '4 2 0 0\n%s\n' "blindspot.completeness all-public Failure
blindspot.completeness half-public
blindspot.completeness canada Failure
blindspot.completeness names" | diff - "$T/said" >"$T/differ"
    expect_empty "a reader of JUnit files finds cases and failures" "$T/differ"
else
    skip "a reader of JUnit files finds cases and failures" "junitparser (python3-junitparser) is not installed"
fi
for yaml in docs/ci/*.yml; do
    if python3 -c 'import yaml' 2>/dev/null; then
        python3 -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))' "$yaml" >"$T/differ" 2>&1
        expect_empty "$yaml is YAML" "$T/differ"
    else
        skip "$yaml is YAML" "python3-yaml is not installed"
    fi
done

# ---- the shipped claims, and errors ----

quiet "$T/a" check --json
expect "the shipped claims are held against it" 1 $quiet_rc
expect "of these coverage fails" fail "$(jq -r '.claims[] | select(.name == "coverage") | .verdict' "$T/out")"
"$BLINDSPOT" check --print >"$T/shipped.ini"
quiet "$T/a" check "$T/shipped.ini" --json
cp "$T/out" "$T/printed.json"
quiet "$T/a" check --json
cmp "$T/out" "$T/printed.json" >"$T/differ" 2>&1
expect_empty "--print prints them" "$T/differ"

printf '[a]\nclaim = x\nsource = y\ncriterion = accuracy\nnumber = missin\nat_most = 1\n' >"$T/wrong.ini"
quiet "$T/a" check "$T/wrong.ini"
expect "a number that there is not is refused" 2 $quiet_rc
expect_text "with file, line and the nearest name" "$T/err" 'wrong.ini:5: expected the name of a number.*did you mean missing\?'
quiet "$T/a" check "$T/nowhere.ini"
expect "a file that there is not is refused" 2 $quiet_rc
printf '[a]\nlabel = ad\nwhen = item.state = missing\n' >"$T/a/rules.ini"
quiet "$T/a" classify
expect "rules may not ask for what they say" 2 $quiet_rc
expect_text "and the sentence says why" "$T/err" 'rules.ini:3: expected a name that is known before the rules have spoken'
expect_no_leak "no key stands anywhere"
