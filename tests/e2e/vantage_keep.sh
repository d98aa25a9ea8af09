#!/bin/sh
# What two vantages read goes with an audit: into a bundle, through a replay, out of a purge but for
# where each post was public; a page that somebody saved belongs to the vantage that is named.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite vantage_keep
plain() { (unset BLINDSPOT_CLOCK; exec "$BLINDSPOT" -C "$@") >"$T/out" 2>"$T/err"; }
places() { csv "$1/report/labels.csv" state label reason public_at refused_at | sort; }
vantages() { jq -c '[.vantages, (.numbers | to_entries | map(select(.key | test("_at_[0-9]+_|public_here|vantages_und")) | [.key, .value.n, .value.of]))]' "$1/report/summary.json"; }

PASSWORD=canary-proxy-71c0de55
make_world "$T/w" 47 260 --set refused_abroad=0.06 --set region_blocked=0.04
start_standin "$T/w" --quirk "swallow_dead 0" --proxy CA --proxy-port-file "$T/w/proxy" --proxy-user "auditor:$PASSWORD"
PROXY=127.0.0.1:$(cat "$T/w/proxy")
A=$T/a
HOME_SETS="--set page.retrieved_sample=all"
THERE_SETS="$HOME_SETS --set page.vantage=ca --set page.elsewhere=all"
SETS=$HOME_SETS
audit_until_done "$A" "$T/w/all.txt"
expect "the first vantage is done" 0 "$until_rc"
SETS=$THERE_SETS
BLINDSPOT_PROXY="http://auditor:$PASSWORD@$PROXY" quiet "$A" scrape
expect "the second leaves the first what was refused there" 3 $?
move_clock +3600
SETS=$HOME_SETS
quiet "$A" scrape
quiet "$A" report
vantages "$A" >"$T/sums"
expect "posts differ both ways" true "$(jq '.[0].pairs[0] | .public_refused > 0 and .refused_public > 0' "$T/sums")"
differs=$(sed -n 1p "$A/report/ids/public_at_1_refused_at_2.txt")
blocked=$(sed -n 1p "$A/report/ids/refused_at_1_public_at_2.txt")

# ---- a bundle ----

plain "$A" export --bundle "$T/a.tar"
expect "a bundle" 0 $?
mkdir "$T/open"; tar xf "$T/a.tar" -C "$T/open"
for words in "export --vantage ca" "explain $differs" "explain $blocked" "status"; do
    # shellcheck disable=SC2086  # a command's words
    plain "$A" $words; rc=$?; mv "$T/out" "$T/want"
    for at in a.tar open; do
        # shellcheck disable=SC2086
        plain "$T/$at" $words
        expect "$words, of $at: as of the folder" "$rc same" "$? $(cmp -s "$T/want" "$T/out" && echo same)"
    done
done
plain "$T/open" report
expect "unpacked it says the same of both vantages" "0 same" "$? $(vantages "$T/open" | cmp -s - "$T/sums" && echo same)"
expect "row by row" "" "$(cmp "$A/report/labels.csv" "$T/open/report/labels.csv" 2>&1)"
plain "$T/a.tar" verify
expect "and is sound" 0 $?

# ---- pages that somebody saved ----

# A page as it is at home, of a post that is refused to visitors from CA.
now=$(awk '{ print int($1) }' "$BLINDSPOT_CLOCK")
at() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }
mkdir "$T/saved"
curl -s "$URL/@x/video/$differs" >"$T/saved/$differs.html"
page_at() { csv "$A/report/labels.csv" id public_at refused_at | awk -F '\t' -v id="$1" '$1 == id { print $2 "|" $3 }'; }
load_page() { quiet "$A" load --pages --at "$(at "$1")" "$T/saved/$differs.html"; quiet "$A" report; }
SETS="$HOME_SETS --set page.vantage=ca"
load_page $((now - 86400 * 2))
expect "a page saved at ca before ca was refused: what was read last stands" "first|ca" "$(page_at "$differs")"
load_page $((now + 60))
expect "one saved later counts as read there" "first ca|" "$(page_at "$differs")"
SETS="$HOME_SETS --set page.vantage=us"
load_page $((now + 60))
expect "one of a vantage that never read makes that vantage" "first ca us|" "$(page_at "$differs")"
quiet "$A" export --vantage us
expect "with the record that it shows" 1 "$(csv "$T/out" id | grep -c "$differs")"
SETS=$HOME_SETS
expect "nothing of it is the first vantage's" "$(csv "$T/open/report/labels.csv" id page_at | grep "^$differs")" \
    "$(csv "$A/report/labels.csv" id page_at | grep "^$differs")"
load_page $((now + 120))
expect "without page.vantage it is the first's" "$(at $((now + 120)))" "$(csv "$A/report/labels.csv" id page_at | awk -F '\t' -v id="$differs" '$1 == id { print $2 }')"
stop_standin

# ---- a replay ----

places "$A" >"$T/places"; vantages "$A" >"$T/sums"
cp "$A/report/labels.csv" "$T/labels"
quiet "$A" export --vantage ca; cp "$T/out" "$T/there"
quiet "$A" scrape --replay
expect "a replay ends" 0 $?
quiet "$A" report
expect "each answer goes back to its vantage, the loaded ones too" "" "$(cmp "$T/labels" "$A/report/labels.csv" 2>&1)"
expect "and the numbers are the same" "" "$(vantages "$A" | cmp - "$T/sums" 2>&1)"
quiet "$A" export --vantage ca
expect "and every record" "" "$(cmp "$T/there" "$T/out" 2>&1)"

# ---- a purge ----

# Words of a caption that ca showed, of a post that is decided.
csv "$A/report/labels.csv" id state | awk -F '\t' '$2 != "open" { print $1 }' >"$T/decided"
caption=$(csv "$T/there" id description | awk -F '\t' 'NR == FNR { d[$1 ""]; next } ($1 "") in d && $2 ~ /^[a-z ]+/ && match($2, /^[A-Za-z ]+/) && RLENGTH >= 16 { print substr($2, 1, 16); exit }' "$T/decided" -)
plain "$A" purge --older 0d
expect "a purge" 0 $?
plain "$A" report
places "$A" >"$T/got"
diff "$T/places" "$T/got" >"$T/diff"
expect_empty "where each post was public stands as it was" "$T/diff"
expect "and so do the numbers" "" "$(vantages "$A" | cmp - "$T/sums" 2>&1)"
plain "$A" export --vantage ca
csv "$T/there" id | sort -u >"$T/ids"
csv "$T/out" id | sort -u >"$T/got"
comm -12 "$T/ids" "$T/got" >"$T/left"
csv "$A/report/labels.csv" id state | awk -F '\t' '$2 == "open" { print $1 }' | sort | comm -23 "$T/left" - >"$T/diff"
expect_empty "no record of what was read at ca is left but of open posts" "$T/diff"
expect "there is a caption to look for" 16 "${#caption}"
for what in "$blocked" "$differs" "$caption"; do
    find "$A" -type f | while read -r f; do
        case $f in *.gz) gzip -dcq "$f" 2>/dev/null ;; *) cat "$f" ;; esac | grep -qaF -e "$what" && echo "$f"
    done >"$T/left"
    expect_empty "nothing that ca showed stands in any file: $(printf '%.30s' "$what")" "$T/left"
done
plain "$A" verify
expect "verify finds nothing broken" 0 $?
SECRET=$PASSWORD
expect_no_leak "the proxy's password stands in no file"
