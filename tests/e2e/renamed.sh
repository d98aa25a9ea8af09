#!/bin/sh
# Accounts that took another handle: the API still knows some by the old one, and gives
# some posts to a wrong account altogether. What differs is what the truth says.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite renamed
make_world "$T/w" 11 800 --set renamed=0.4 --set api_old_handle=0.6 --set api_wrong_handle=0.03
start_standin "$T/w"
SETS="--set page.retrieved_sample=all"
expect_done "an audit of 800 items ends" "$T/a" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
stop_standin

# ID TAB verdict TAB rule, of every pair whose handles are not equal.
csv "$T/a/report/differences.csv" id field verdict rule | awk -F '\t' '$2 == "username" { print $1 "\t" $3 "\t" $4 }' >"$T/got"
csv "$T/w/truth.csv" id notes >"$T/truth"
expect_empty "every handle that differs is a wrong one, or an old one that nobody else knows" \
    "$(awk -F '\t' 'NR == FNR { note[$1 ""] = $2; next }
        $2 == "differs" && note[$1 ""] !~ /differs:username|api_old_handle/' "$T/truth" "$T/got" >"$T/diff"; echo "$T/diff")"
expect_empty "every wrong handle differs" \
    "$(awk -F '\t' 'NR == FNR { note[$1 ""] = $2; next }
        note[$1 ""] ~ /differs:username/ && $2 != "differs"' "$T/truth" "$T/got" >"$T/diff"; echo "$T/diff")"
expect_empty "within means renamed" "$(awk -F '\t' '$2 == "within" && $3 != "renamed"' "$T/got" >"$T/diff"; echo "$T/diff")"
wrong=$(awk -F '\t' 'NR == FNR { note[$1 ""] = $2; next } note[$1 ""] ~ /differs:username/' "$T/truth" "$T/got" | wc -l)
[ "$wrong" -ge 5 ]; expect "there are wrong handles ($wrong)" 0 $?
# An account whose old handle no link of the audit holds cannot be told from a wrong one.
old=$(awk -F '\t' 'NR == FNR { note[$1 ""] = $2; next } note[$1 ""] ~ /api_old_handle/' "$T/truth" "$T/got" | wc -l)
within=$(awk -F '\t' '$2 == "within"' "$T/got" | wc -l)
[ "$within" -ge $((old * 6 / 10)) ] && [ "$within" -ge 20 ]
expect "most old handles are known as such: $within of $old" 0 $?
quiet "$T/a" explain "$(awk -F '\t' '$2 == "within" { print $1; exit }' "$T/got")"
expect_text "explain says why such a handle is no contradiction" "$T/out" "^No contradiction$"
expect_text "and that one account has both" "$T/out" "^  username \\(renamed\\): both handles are one account's"
expect_no_leak "key, secret and token stand in no file"
