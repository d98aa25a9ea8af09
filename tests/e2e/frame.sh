#!/bin/sh
# The frame of a sample: creators from every form that is read, with day and place; lists that
# others made, each row of a file accounted for; two files of one creator under two handles; a
# kill in the middle; what belongs to another folder. Nothing is asked of anybody.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite frame
FORMATS=$PWD/fixtures/formats
plain() { "$BLINDSPOT" -C "$@" >"$T/out" 2>"$T/err"; }
store() { sqlite3 "$1/audit.db" "$2"; }
# Instants and days as a store has them.
at() { date -u -d "$1" +%s; }
day() { echo $(($(at "$1") / 86400)); }

# FILE, sightings, rows and links that name nobody; then of `load --posts`: posts on lists, rows
# dropped ("-": it is no list of posts).
forms() {
    grep -v '^#' <<'END'
links.txt                3 2  - -
list.csv                 2 0  - -
list.xlsx                2 0  - -
dataset.json             0 0  - -
donation.json            0 4  - -
like-list.txt            0 2  - -
api-reply.json           2 0  - -
api-reposted.json        1 0  - -
api-rows.jsonl           2 0  - -
api-frame.csv            2 0  - -
api-frame-columns.json   2 0  - -
api-frame-split.json     2 0  - -
api-frame-index.json     2 0  - -
api-frame-table.json     2 0  - -
api-wrapper-tuple.json   2 0  - -
api-pages.jsonl          2 0  - -
api-pinned.json          2 0  - -
traktok-api.csv          0 2  - -
tiktok-library.db        2 0  - -
7647122272138743045.html - -  - -
pages.warc.gz            2 0  - -
crawl.wacz               2 0  - -
browser.har              2 0  - -
# a feed beside a post: whom it showed, but nobody's list
zeeschuimer.ndjson       3 0  0 3
4cat.ndjson              2 0  0 2
4cat.csv                 2 0  0 2
tiktok-api-reply.json    2 0  0 2
yt-dlp.info.json         1 0  1 0
yt-dlp-list.json         3 1  2 2
tiktok-api.json          2 0  2 0
pyktok.json              1 0  1 0
pyktok-sigi.json         1 0  1 0
pyktok.csv               2 0  2 0
apify.json               4 1  2 3
apify.csv                1 1  1 1
gallery-dl.json          5 0  2 0
gallery-dl-file.json     1 0  1 0
END
}

# ---- every form ----

plain "$T/s" sample add "$FORMATS/links.txt" --day 2026-06-20 --place NL
expect "an empty folder becomes a sample" "0 sample" "$? $(store "$T/s" "SELECT value FROM meta WHERE key = 'series'")"
: >"$T/differ"
forms | while read -r file seen nobody posts dropped; do
    plain "$T/s" sample add --json "$FORMATS/$file" --day 2026-06-21
    [ "$seen" = - ] || got=$(jq -r '.files[0] | "\(.sightings) \([.skipped[]] | add // 0) \(.residual)"' "$T/out")
    [ "$seen" = - ] && got="- - 0" && grep -q 'is a web page' "$T/err" || :
    [ "$got" = "$seen $nobody 0" ] || echo "sample add $file: $got, not $seen $nobody 0" >>"$T/differ"
    plain "$T/s" load --posts --json --at 2026-06-22 "$FORMATS/$file"
    got=$(jq -r '.files[0] | if . then "\(.posts) \([.dropped[]] | add // 0)" else "- -" end' "$T/out")
    [ "$got" = "$posts $dropped" ] || echo "load --posts $file: $got, not $posts $dropped" >>"$T/differ"
done
expect_empty "$(forms | wc -l) files of all forms give their creators, and their lists" "$T/differ"
ls "$FORMATS" >"$T/have"; forms | awk '{ print $1 }' | LC_ALL=C sort >"$T/tried"
LC_ALL=C sort -o "$T/have" "$T/have"; comm -3 "$T/have" "$T/tried" >"$T/differ"
expect_empty "and no form is left out" "$T/differ"
expect "they are three creators, each with an author id" "3|3" \
    "$(store "$T/s" 'SELECT count(*), count(*) FILTER (WHERE author > 0) FROM creator')"
expect "the row's own day comes before --day" "$(day 2026-06-21)" \
    "$(store "$T/s" "SELECT DISTINCT day FROM sighting WHERE source = (SELECT max(source) FROM sighting WHERE day > 0 AND place = '')" | head -n 1)"
plain "$T/s" verify; expect "verify finds all of it whole" 0 $?
plain "$T/s" status --json
expect "the ledger over inputs closes" 0 "$(jq .summary.inputs.residual "$T/out")"

# ---- the platform's own feed ----

# item ID HANDLE AUTHOR MORE
item() { printf '{"id":"%s","createTime":1780401600,"author":{"id":"%s","uniqueId":"%s"%s},"video":{"id":"v"},"stats":{"playCount":7}%s}' \
    "$1" "$3" "$2" "${5:-}" "${4:-}"; }
IDS="7646411022609181963 7646426484646657302 7646441946684132641 7646457408721607980"
# shellcheck disable=SC2086  # four ids
set -- $IDS
printf '{"extra":{"now":1782000001123},"statusCode":0,"hasMore":true,"itemList":[%s,%s,%s]}\n' \
    "$(item "$1" Ann 681)" "$(item "$2" bob 682)" "$(item "$3" Ann 681)" >"$T/feed.json"
plain "$T/f" sample add "$T/feed.json" --place DE
expect "a feed of the platform" "3 new sightings, 2 creators" \
    "$(sed -n 's/.*: posts, 3 sightings (\(3 new\), 0 repeats), \(2\) new creators$/\1 sightings, \2 creators/p' "$T/err")"
expect "with its time, its place, each post" \
    "$(printf "%s|$(day 2026-06-21)|DE|%s " "ann|681" "$1" "ann|681" "$3" "bob|682" "$2")" \
    "$(store "$T/f" "SELECT handle, author, day, place, post FROM sighting JOIN creator ON n = creator ORDER BY handle, post" | tr '\n' ' ')"
plain "$T/f" sample add "$T/feed.json" --place DE
expect_text "the same file again adds nothing" "$T/err" '3 sightings \(0 new, 3 repeats\), 0 new creators'
plain "$T/f" load --posts "$T/feed.json"
expect "a feed is nobody's list" "2 1" "$? $(grep -c '3 not_on_a_profile' "$T/err")"

# ---- lists ----

# Ann's page: a repost of bob's, one for friends alone, a repeat; two replies, of which the last is the end.
printf '{"hasMore":true,"extra":{"now":1782010000000},"itemList":[%s,%s]}\n' "$(item "$3" ann 681)" "$(item "$1" ann 681)" >"$T/ann.jsonl"
printf '{"hasMore":false,"extra":{"now":1782010060000},"itemList":[%s,%s]}\n' "$(item "$1" ann 681)" "$(item "$4" ann 681 ',"privateItem":true')" >>"$T/ann.jsonl"
plain "$T/f" load --posts "$T/ann.jsonl" --json
expect "two replies of one list are one, and its end is its end" "4 2 1 1 0 1" \
    "$(jq -r '.files[0] | "\(.rows) \(.posts) \(.repeats) \(.lists) \(.newest_only) \(.dropped.private_post)"' "$T/out")"
for i in 1 2 3; do
    case $i in 1) who=ann id=$3 ;; 2) who=bob id=$2 ;; 3) who=ann id=$1 ;; esac
    printf '{"timestamp_collected":1782020000000,"source_platform_url":"https://www.tiktok.com/@ann","data":%s}\n' \
        "$(item "$id" $who "$([ $who = ann ] && echo 681 || echo 682)")"
done >"$T/zee.ndjson"
plain "$T/f" load --posts "$T/zee.ndjson" --json
expect "rows of others on a profile are dropped" "2 1 1" "$(jq -r '.files[0] | "\(.posts) \(.lists) \(.dropped.post_of_another)"' "$T/out")"
entry() { printf '{"_type":"url","ie_key":"TikTok","id":"%s","url":"https://www.tiktok.com/@%s/video/%s","uploader":"%s"}' "$1" "$2" "$1" "$2"; }
printf '{"_type":"playlist","id":"x","title":"ann","webpage_url":"https://www.tiktok.com/@ann","extractor_key":"TikTokUser","epoch":1782030000,"requested_entries":[1,2],"entries":[%s,%s]}\n' \
    "$(entry "$3" ann)" "$(entry "$1" ann)" >"$T/yt.json"
plain "$T/f" load --posts "$T/yt.json" --json
expect "a list that was cut is marked" "2 1 1" "$(jq -r '.files[0] | "\(.posts) \(.lists) \(.newest_only)"' "$T/out")"
printf 'collected_from_url,id,thread_id,author,tiktok_url,plays\n' >"$T/4cat.csv"
printf 'https://www.tiktok.com/@ann?lang=en,%s,%s,%s,https://www.tiktok.com/@%s/video/%s,1\n' "$3" "$3" ann ann "$3" "$2" "$2" bob bob "$2" >>"$T/4cat.csv"
plain "$T/f" load --posts "$T/4cat.csv" --at 2026-06-20 --json
expect "4CAT says on whose page a row stood" "1 1 1" "$(jq -r '.files[0] | "\(.posts) \(.lists) \(.dropped.post_of_another)"' "$T/out")"
sed 's/,"requested_entries":\[1,2\]//' "$T/yt.json" >"$T/yt2.json"
plain "$T/f" load --posts "$T/yt2.json" --json
expect "and one that was not is not" 0 "$(jq '.files[0].newest_only' "$T/out")"
plain "$T/f" load --posts "$T/yt2.json" --json
expect "the same file is one list" 0 "$(jq '.files[0].new' "$T/out")"
expect "who listed what, when, stays" \
    "web_item|0|$(at "2026-06-21 02:47:40") web_item|0|$(at "2026-06-21 05:33:20") yt_dlp|1|$(at "2026-06-21 08:20") 4cat_csv|0|$(at 2026-06-20) yt_dlp|0|$(at "2026-06-21 08:20") " \
    "$(store "$T/f" "SELECT by, newest, at FROM listing ORDER BY n" | tr '\n' ' ')"
entry "$2" eve >"$T/entry"
printf '{"_type":"playlist","webpage_url":"https://www.tiktok.com/@eve","epoch":1782030000,"entries":[%s]}' "$(cat "$T/entry")" >"$T/eve.json"
plain "$T/f" load --posts "$T/eve.json"
expect "who was never seen is none of the frame" "2 1" "$? $(grep -c 'its creators are not in the frame' "$T/err")"
printf '[%s]' "$(item "$1" ann 681)" >"$T/no_time.json"
plain "$T/f" load --posts "$T/no_time.json"
expect "a list of no time is refused" "2 1" "$? $(grep -c 'nothing in it says when its posts were listed: give --at' "$T/err")"
plain "$T/f" load --posts "$T/feed.json" "$T/no_time.json" --at 2026-06-23
expect "with --at it is taken" 2 "$?"
printf '[%s,%s,%s,%s]' "$(item 7646411022609182000 ann 681)" "$(item 7646426484646657000 ann 681)" "$(item 7646441946684133000 ann 681)" \
    "$(item 7646457408721608000 ann 681)" >"$T/spoiled.json"
plain "$T/f" load --posts "$T/spoiled.json" --at 2026-06-23 --json
expect "rounded ids are no posts" "0 4" "$(jq -r '.files[0] | "\(.posts) \(.dropped.spoiled_id)"' "$T/out")"
plain "$T/f" load --posts "$T/yt.json" --pages; expect "one of --api, --pages, --posts" 2 $?
plain "$T/f" load --pages "$T/yt.json" --newest; expect "--newest goes with --posts" 2 $?

# ---- one creator, two handles ----

printf 'handle,author_id,day,place\nann.renamed,681,2026-06-24,DE\n' >"$T/renamed.csv"
plain "$T/f" sample add "$T/renamed.csv"
expect_text "another handle of the same author is no new creator" "$T/err" '1 sighting \(1 new, 0 repeats\), 0 new creators'
printf '{"_type":"playlist","webpage_url":"https://www.tiktok.com/@ann.renamed","epoch":1782130000,"entries":[%s]}' "$(entry "$4" ann.renamed)" >"$T/renamed.json"
plain "$T/f" load --posts "$T/renamed.json" --json
expect "and its list is theirs" "1 2 1" "$(jq -r '"\(.files[0].lists) \(.creators) \(.listed)"' "$T/out")"
plain "$T/f" verify; expect "verify finds all of it whole, too" 0 $?

# What others wrote is cut, whole letters of it, and shown, never obeyed.
printf 'handle;place\neve;%s\n' "$(awk 'BEGIN { for (i = 0; i < 300; i++) printf "\303\251" }')" >"$T/long.csv"
printf 'handle\tplace\nfay\tN\033[31mL\n' >"$T/wild.tsv"
plain "$T/f" sample add "$T/long.csv" "$T/wild.tsv"
store "$T/f" "SELECT place FROM sighting JOIN creator ON n = creator WHERE handle = 'eve'" | tr -d '\n' >"$T/place"
expect "a place is cut behind 120 bytes" "60 120" "$(LC_ALL=C.UTF-8 wc -m <"$T/place") $(wc -c <"$T/place")"
expect "and keeps no control" 0 "$(store "$T/f" "SELECT count(*) FROM sighting WHERE place LIKE '%$(printf '\033')%'")"

# ---- other folders ----

"$BLINDSPOT" -q init "$T/a"
plain "$T/a" sample add "$T/feed.json"
expect "sample add is refused in an audit" "2 blindspot: sample add is for a sample of creators, and $T/a holds an audit" "$? $(cat "$T/err")"
plain "$T/a" load --posts "$T/yt.json"
expect "and so is load --posts" "2 blindspot: load --posts is for a sample of creators, and $T/a holds an audit" "$? $(cat "$T/err")"
plain "$T/f" sample add "$T/none.json"; expect "a file that is not there" 2 $?
plain "$T/f" sample add "$T/feed.json" --day yesterday
expect "a day that is none" "2 1" "$? $(grep -c -e '--day' "$T/err")"
printf 'who,x\nann,1\n' >"$T/who.csv"
plain "$T/f" sample add "$T/who.csv" --column whom
expect_text "a column that is not there" "$T/err" 'there is no column "whom"'

# ---- a kill ----

awk 'BEGIN { print "handle,day,place"; for (i = 0; i < 20000; i++) printf "h%d.x,2026-06-%02d,NL\n", i * 7919 % 20000, i % 28 + 1 }' >"$T/many.csv"
"$BLINDSPOT" -q -C "$T/k" sample add "$T/many.csv" --place DE
dump() { store "$1" "SELECT handle, author, day, place, post FROM sighting JOIN creator ON n = creator ORDER BY n, day"; }
dump "$T/k" >"$T/want"
expect "20,000 sightings" 20000 "$(wc -l <"$T/want")"
"$BLINDSPOT" -q -C "$T/l" sample add "$T/renamed.csv"
for wait in 0.02 0.1 0.2 0.3; do
    "$BLINDSPOT" -q -C "$T/l" sample add "$T/many.csv" & pid=$!
    sleep "$wait"; signal KILL $pid; wait $pid 2>/dev/null
    n=$(store "$T/l" 'SELECT count(*) FROM sighting')
    case $n in 1 | 20001) ;; *) not_ok "a kill leaves all of a file or nothing" "$n sightings" ;; esac
done
"$BLINDSPOT" -q -C "$T/l" sample add "$T/many.csv"
store "$T/l" "SELECT handle, author, day, place, post FROM sighting JOIN creator ON n = creator WHERE source > 1 OR handle LIKE 'h%' ORDER BY n, day" | grep -v renamed >"$T/got"
if cmp -s "$T/want" "$T/got"; then ok "killed and run again, the frame is the same"; else not_ok "killed and run again, the frame is the same" "$(diff "$T/want" "$T/got" | sed 5q)"; fi

# ---- purge ----

# says AUDIT TEXT: files in which a text stands.
says() {
    find "$1" -type f | while read -r f; do
        case $f in *.gz) gzip -dcq "$f" 2>/dev/null ;; *) cat "$f" ;; esac >"$T/plain"
        if grep -qaF -e "$2" "$T/plain"; then echo "$f"; fi
    done
}
SETS="--set page.retrieved_sample=all"
make_world "$T/w" 23 160 --set account_least=6 --set account_max=8 --set private_account=0.2 --set account_gone=0.1
start_standin "$T/w"
csv "$T/w/truth.csv" handle | sort -u >"$T/handles"
quiet "$T/p" sample add "$T/handles" --day 2026-03-01 --place NL
quiet "$T/p" sample list
quiet "$T/p" sample draw --posts 4
for i in 1 2 3; do quiet "$T/p" fetch; quiet "$T/p" scrape; move_clock +86400; done
quiet "$T/p" report
drawn=$(store "$T/p" "SELECT c.handle FROM drawn JOIN creator c ON c.n = creator GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
closed=$(store "$T/p" "SELECT handle FROM creator WHERE standing IN (2, 3) ORDER BY n LIMIT 1")
id=$(store "$T/p" "SELECT post FROM drawn JOIN creator c ON c.n = creator WHERE handle = '$drawn' LIMIT 1")
other=$(store "$T/p" "SELECT post FROM listed WHERE post NOT IN (SELECT id FROM item) LIMIT 1")
for text in "$drawn" "$closed" "$id"; do [ -n "$(says "$T/p" "$text")" ] || not_ok "before: $text stands in some file"; done
bring_home "$T/p"
quiet "$T/p" export --bundle "$T/p.tar"
quiet "$T/p" verify "$T/p.tar"; expect "a sample goes into a bundle, and that is whole" 0 $?
copy_audit "$T/p" "$T/q"
quiet "$T/q" purge --gone --json
expect "purge --gone takes creators whose page is private or gone" "$(store "$T/p" 'SELECT count(*) FROM creator WHERE standing IN (2, 3)')" \
    "$(store "$T/q" "SELECT count(*) FROM creator WHERE handle LIKE '~%' AND standing IN (2, 3)")"
expect "and says how many" "$(store "$T/q" "SELECT count(*) FROM creator WHERE handle LIKE '~%'")" "$(jq .creators "$T/out")"
expect "no trace of such a handle is left" "" "$(says "$T/q" "$closed")"
expect "others stay" 1 "$(store "$T/q" "SELECT count(*) FROM creator WHERE handle = '$drawn'")"
quiet "$T/q" verify; expect "verify finds it whole" 0 $?
move_clock +86400
quiet "$T/p" purge --older 0d
expect "purge --older takes all that is decided" 0 $?
open=$(store "$T/p" "SELECT count(*) FROM item WHERE purged_at = 0")
expect "which was every drawn post" 0 "$open"
for text in "$drawn" "$closed" "$id" "$other"; do
    left=$(says "$T/p" "$text")
    expect "no trace of $(case $text in [0-9]*) echo an id ;; *) echo a handle ;; esac) is left" "" "$left"
done
expect "when and where creators were seen stays" "$(wc -l <"$T/handles")" "$(store "$T/p" "SELECT count(*) FROM sighting WHERE day > 0 AND place = 'NL'")"
quiet "$T/p" verify; expect "verify finds what is left whole" 0 $?
quiet "$T/p" report; expect "and a report can be made" 0 $?
