#!/bin/sh
# tests/truth.sh WORLD AUDIT: the labels of a report beside the truth of the made-up world, in
# numbers and a sentence. Ends with 1 where a decided post is labelled otherwise than it is.
set -u
[ $# -eq 2 ] || { echo "usage: tests/truth.sh WORLD AUDIT" >&2; exit 2; }
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
for file in "$1/truth.csv" "$2/report/labels.csv"; do [ -r "$file" ] || { echo "$file: not there" >&2; exit 2; }; done
T=$(mktemp -d "${TMPDIR:-/tmp}/blindspot-truth.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT
csv "$1/truth.csv" id state label reason vanishes_at >"$T/truth"
csv "$2/report/labels.csv" id state label reason >"$T/labels"
awk -F '\t' '
# How often it was asked for before it came back is chance: both are returned.
function word(state, label, reason) { return state == "retrieved" ? "returned" : state == "open" ? reason : label }
NR == FNR { want[$1 ""] = word($2, $3, $4); gone[$1 ""] = $5; next }
{
    is = word($2, $3, $4); w = want[$1 ""]; n++
    if (!($1 "" in want)) { strange++; next }
    if ($2 == "open") { open++; open_right += is == w; next }
    if (w == "too_recent" && is == "returned") { decided++; right++; next }     # it came of age meanwhile
    if (is == w || (gone[$1 ""] != "" && is == "deleted")) { decided++; right++; by[is]++ }
    else { decided++; wrong++; as[w " as " is]++ }
}
END {
    printf "Of %d posts %d are decided, and %d of these are labelled as they are in truth", n, decided, right
    if (wrong) {
        printf "; %d are not:", wrong
        for (i in as) printf " %s %d", i, as[i]
    }
    printf ".\n"
    printf "Right: %d returned, %d deleted, %d private, %d made in Canada, %d ads, %d of the company, %d of excluded accounts, %d without a reason.\n",
        by["returned"], by["deleted"], by["private"], by["canada"], by["ad"], by["tiktok_official"], by["excluded_account"], by["unknown"]
    if (open)
        printf "%d are open, as %s.\n", open, open_right == open ? "nobody could decide them" : open_right " of them have to be"
    if (strange) printf "%d are not of this world.\n", strange
    exit wrong + strange > 0
}' "$T/truth" "$T/labels"
