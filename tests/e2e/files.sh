#!/bin/sh
# Files on a command line: each by itself, folders walked, whatever one of them is like;
# what was not taken is named, and the exit code says so.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite files
A=$T/a
fresh() { discard "$A"; "$BLINDSPOT" -q init "$A"; }
plain() { "$BLINDSPOT" -C "$A" "$@" >"$T/out" 2>"$T/err"; plain_rc=$?; cat "$T/err" >>"$ERRLOG"; return $plain_rc; }
# page FILE ID: a page that shows this post.
page() {
    printf '%s%s%s' '<!DOCTYPE html><html><script id="__UNIVERSAL_DATA_FOR_REHYDRATION__">{"__DEFAULT_SCOPE__":{"webapp.video-detail":{"itemInfo":{"itemStruct":{"id":"' \
        "$2" '","createTime":"1714000000","desc":"made up","video":{"playAddr":"u"},"author":{"uniqueId":"mira.holt"},"stats":{"playCount":3,"diggCount":1}}},"statusCode":0}}}</script></html>' >"$1"
}
# warc FILE ID...: a gzip member for each.
warc() {
    warc_to=$1; shift; : >"$warc_to"
    for id; do
        page "$T/body" "$id"
        { printf 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n'; cat "$T/body"; } >"$T/block"
        { printf 'WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%s>\r\nWARC-Target-URI: https://www.tiktok.com/@mira.holt/video/%s\r\nWARC-Date: 2026-03-02T12:00:00Z\r\nContent-Length: %s\r\n\r\n' \
            "$id" "$id" "$(wc -c <"$T/block")"; cat "$T/block"; printf '\r\n\r\n'; } | gzip -9n >>"$warc_to"
    done
}
P=$T/pages
mkdir -p "$P/inner/deep" "$P/.hidden" "$P/post_files" "$T/empty"
page "$P/b.html" 7361448925972155679
page "$P/inner/a.html" 7361448925972155680
page "$P/inner/deep/page-20260701100000123.html" 7361448925972155681
page "$P/.hidden/h.html" 7361448925972155690
echo 'body { color: red }' >"$P/post_files/style.css"
ln -s .. "$P/inner/deep/up"
AT=2026-03-02T12:00:00Z

fresh
plain load --json --pages --at $AT "$P"
expect "a folder is walked: pages of all depths, hidden ones and circles left out" "0 3 3 0" \
    "$? $(json "$T/out" public) $(json "$T/out" new_items) $(json "$T/out" files_failed)"
expect_text "what is no page is named" "$T/err" 'style.css: passed over'
expect_text "and what leads back" "$T/err" 'deep/up: passed over: it leads back'
expect "in the order of their names" "$P/b.html $P/inner/a.html $P/inner/deep/page-20260701100000123.html" \
    "$(sed -n 's/: 1 answer.*//p' "$T/err" | tr '\n' ' ' | sed 's/ $//')"

plain load --pages --at 1965-03-02 "$P/b.html"
expect "nobody looked in 1965" "2 1" "$? $(grep -c 'at: "1965-03-02" is no time at which anybody looked' "$T/err")"

fresh
echo '<html><body>no post</body></html>' >"$T/nothing.html"
: >"$T/empty.html"
page "$T/last.html" 7361448925972155682
plain load --json --pages --at $AT "$P/b.html" "$T/nothing.html" "$T/nowhere.html" "$T/empty.html" "$T/last.html"
expect "files before and after an odd one are taken, exit 2" "2 2 3" "$? $(json "$T/out" public) $(json "$T/out" files_failed)"
expect_text "the odd one is named" "$T/err" 'nothing.html: neither the page nor its name'
expect_text "the missing one" "$T/err" 'nowhere.html: there is no such file'
expect_text "and the empty one" "$T/err" 'empty.html: it is none of the kinds'
if [ "$(id -u)" -ne 0 ]; then
    chmod 0 "$P/b.html"
    plain load --json --pages --at $AT "$P/b.html" "$P/inner"
    expect "a file that may not be read costs the others nothing" "2 2" "$? $(json "$T/out" public)"
    chmod 600 "$P/b.html"
else
    skip "a file that may not be read" "root may read all"
fi

fresh
warc "$T/all.warc.gz" 7361448925972155683 7361448925972155684 7361448925972155685
size=$(wc -c <"$T/all.warc.gz")
head -c $((size - 20)) "$T/all.warc.gz" >"$T/cut.warc.gz"
plain load --json --pages "$T/cut.warc.gz" "$T/all.warc.gz"
expect "a cut archive gives its whole records, and the next file is read" "2 5 3 1" \
    "$? $(json "$T/out" public) $(json "$T/out" new_items) $(json "$T/out" damaged)"
expect_text "its damage is named" "$T/err" 'cut.warc.gz: the gzip data is damaged or cut off'
gzip -dc "$T/all.warc.gz" >"$T/all.warc"
head -c $(($(wc -c <"$T/all.warc") - 20)) "$T/all.warc" >"$T/cut.warc"
plain load --json --pages "$T/cut.warc"
expect "the same of a plain one" "2 2 1" "$? $(json "$T/out" public) $(json "$T/out" damaged)"
plain load --pages "$T/empty"
expect "a folder of which nothing was taken is exit 2" 2 $?
expect_text "and is named" "$T/err" 'empty: nothing in this folder was taken'
plain verify
expect "what was taken is whole" 0 $?

fresh
mkdir "$T/lists"
echo 7361448925972155679 >"$T/lists/1.txt"
echo 'no link at all' >"$T/lists/2.txt"
echo https://www.tiktok.com/@mira.holt/video/7361448925972155680 >"$T/lists/3.txt"
plain add --json "$T/lists" "$T/lists/1.txt"
expect "add walks a folder too; a file of which nothing was taken is exit 2" "2 2 1" \
    "$? $(json "$T/out" items) $(json "$T/out" files_failed)"
expect_text "and is named" "$T/err" '2.txt: nothing was taken'
plain audit "$T/nowhere.txt"
expect "audit asks nothing for a list that is not there" 2 $?
expect_text "and says so" "$T/err" 'nothing was asked'
fresh
printf '{"log":{"version":"1.2","entries":[{"startedDateTime":"2026-03-02T12:00:00Z","request":{"url":"https://www.tiktok.com/@mira.holt/video/7361448925972155687"},"response":{"status":200,"headers":[],"content":{"size":9,"text":"see https://www.tiktok.com/@x/video/7361448925972155699"}}},{"startedDateTime":"2026-03-02T12:00:00Z","request":{"url":"https://www.tiktok.com/api/recommend/item_list/?aid=1988"},"response":{"status":200,"headers":[],"content":{"size":2,"text":"{}"}}}]}}' >"$T/a.har"
plain add --json "$T/all.warc.gz" "$T/a.har"
expect "of an archive add takes the posts whose pages are in it, and nothing that stands in them" "0 4 archive" \
    "$? $(json "$T/out" items) $(json "$T/out" kind)"
plain explain 7361448925972155687
expect "the post of an entry is an item" 0 $?
expect_no_leak "key and secret stand in no file"
