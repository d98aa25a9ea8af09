# shellcheck shell=sh
# tests/hostile.sh: what hostile_text.sh and browser.sh share: texts that would do something in
# a terminal, a spreadsheet, a page, a shell or a database, as captions, handles and messages.
#     hostile_answers      $T/texts (as JSON has them), $T/reply.json (rows of the API), $T/pages
#                          (public ones and refusals); sets count, and UP, which nothing may make

hostile_page() {        # FILE ID DETAIL
    printf '<!DOCTYPE html><html><head><script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">{"__DEFAULT_SCOPE__":{"webapp.app-context":{"language":"en","region":"CH","appId":1233},"seo.abtest":{"canonical":"https:\\u002F\\u002Fwww.tiktok.com\\u002F@i\\u002Fvideo\\u002F%s","vidList":["1"]},"webapp.video-detail":%s}}</script></head><body></body></html>\n' "$2" "$3" >"$1"
}

hostile_answers() {
    UP=$T/pwned
    : >"$T/texts"
    while IFS= read -r text; do printf '%s\n' "$text" >>"$T/texts"; done <<END
\\u001b[2J\\u001b]0;owned\\u0007 and \\u202egnp.exe\\u2066x\\u200f\\u009b31m
=HYPERLINK(\\"http://x.example/\\",\\"a\\")
+1+cmd|' /C calc'!A0
-2+3
@SUM(1+1)
\\t=1
\\r=1
\\n=1
<\\/script><script>alert(1)<\\/script><img src=x onerror=alert(1)>
\\"><svg onload=alert(1)> ]]> --> &lt;b&gt; &#x202e;
\`touch $UP\` \$(touch $UP) ;touch $UP;
'; system('touch $UP'); print '\\" . system(\\"touch $UP\\") . \\"
{/:Bold x} @{a}^b_c~d\\\\n %s%n%d %.999999d
'); DROP TABLE item; DELETE FROM label; --
\\u0000 \\u2028\\u2029\\u0085\\ufeff\\u007f
END
    # shellcheck disable=SC2034  # for who sources this
    count=$(wc -l <"$T/texts")

    # Rows of the API, and the same items as pages: public ones and refusals.
    awk 'BEGIN { printf "{\"data\":{\"videos\":[" }
        { printf "%s{\"id\":73412345678901230%02d,\"create_time\":1709280021,\"username\":\"%s\",\"video_description\":\"%s\",\"view_count\":5}",
            (NR > 1 ? "," : ""), NR, $0, $0 } END {
        print "],\"has_more\":false,\"cursor\":0},\"error\":{\"code\":\"ok\",\"message\":\"\",\"log_id\":\"20240310000000ABCDEF\"}}" }' \
        "$T/texts" >"$T/reply.json"
    mkdir "$T/pages"
    n=0
    while IFS= read -r text; do
        n=$((n + 1))
        id=$(printf '73412345678901230%02d' $n); gone=$(printf '73412345678901231%02d' $n)
        hostile_page "$T/pages/$id.html" "$id" "{\"itemInfo\":{\"itemStruct\":{\"id\":\"$id\",\"desc\":\"x $text\",\"createTime\":\"1709280021\",\"author\":{\"id\":\"69123456789012345$n\",\"uniqueId\":\"$text\",\"nickname\":\"$text\",\"privateAccount\":false,\"secret\":false},\"music\":{\"id\":\"68123\",\"title\":\"$text\"},\"challenges\":[{\"id\":\"1\",\"title\":\"$text\"}],\"stats\":{\"diggCount\":1,\"playCount\":7},\"locationCreated\":\"$text\",\"privateItem\":false}},\"statusCode\":0,\"statusMsg\":\"\"}"
        hostile_page "$T/pages/$gone.html" "$gone" "{\"statusCode\":99$n,\"statusMsg\":\"$text\",\"itemInfo\":{}}"
    done <"$T/texts"
}
