#!/bin/sh
# tests/fault/run.sh: one call fails, once: every kind of call that can
# (memory, write, sync, rename and the like, open, read) in every command, on a
# small audit against the stand-in. Where there are more calls than FAULT_PER
# a sample of them, one from each of so many equal stretches, drawn by FAULT_SEED
# (1). Without FAULT_PER it is one call, of memory in each command and of every
# third other pair of command and kind, which FAULT_SEED moves on. After each:
#   - the exit code is 5, or that of an undisturbed run where the fault could be
#     put right (interrupted and short calls always are);
#   - code 5 comes with one sentence, and nothing else but warnings;
#   - store and ledger pass SQLite's integrity check;
#   - the same command, run again, ends as if nothing had been, and so does all
#     that follows, up to the same labels.
# `work` reads pages for an audit on a PostgreSQL of the suite's own; where there can be none it is
# skipped by name.
# With FAULT_SITES=yes, of memory those calls of which each comes from another place
# (by its callers) than all before: half a million calls have some twenty thousand.
# What follows takes most of the time: with FAULT_FAR=N it is done after the first
# and every N-th fault behind it alone. `make fault` makes every call fail so (FAULT_PER=100000
# FAULT_SITES=yes FAULT_FAR=10), and `make test` one here and there.
#   tests/fault/run.sh [COMMAND[/KIND-HOW]...]     only those; one fault: FAULT_ONLY=N
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
FIGURES=drawn
suite fault
trap 'pg_end; suite_end' EXIT
PER=${FAULT_PER:-1}
SEED=${FAULT_SEED:-1}
FAR=${FAULT_FAR:-1}
INJECT=$BUILD/fault/inject.so
LOOK=$BUILD/fault/look
KINDS="alloc-ENOMEM write-ENOSPC write-EIO write-EINTR write-SHORT sync-EIO name-EIO open-ENOSPC open-EMFILE open-EINTR
read-EIO read-EINTR read-SHORT"
COMMANDS="init add load load_api load_archive sample load_posts plan fetch scrape diff classify report draw audit status explain check hand compare site
verify review doctor sample_list sample_draw sample_state sample_report monitor_add monitor_load monitor_run monitor_site monitor_note
monitor_fresh monitor work"
wanted=$*
SETS="--set api.confirm_days=1 --set api.concurrency=1 --set page.concurrency=1 --set api.residual=0.999"
export XDG_STATE_HOME="$T/run/state"
A=$T/run/a
# What a program that ends in the middle leaves behind goes with all else.
export TMPDIR="$T/tmp"
mkdir "$TMPDIR"

# ---- the audit before each command ----

# The pages that are handed out lie in a database, which is copied whole.
handed_out_from() {
    pg_sql "DROP DATABASE IF EXISTS $2 WITH (FORCE)" >/dev/null
    # Whose client was killed may be there still.
    pg_sql "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '$1'" >/dev/null
    pg_sql "CREATE DATABASE $2 TEMPLATE $1"
}
keep() { rm -rf "$T/before/$1"; mkdir -p "$T/before"; cp -R "$T/run" "$T/before/$1"; cp "$BLINDSPOT_CLOCK" "$T/before/$1/clock"; }
back_to() { [ "$1" != handed_out ] || handed_out_from kept given; discard "$T/run"; cp -R "$T/before/$1" "$T/run"; cat "$T/before/$1/clock" >"$BLINDSPOT_CLOCK"; }
must() { quiet "$@" || [ $? -eq 3 ] || { not_ok "$2 without a fault" "$(cat "$T/err")"; exit 1; }; }

make_world "$T/w" 2 60
start_standin "$T/w" --quirk "swallow_dead 0" --quota 1000000
mkdir -p "$T/run/state"
keep nothing
"$BLINDSPOT" -q init "$A" || exit 1
keep init
must "$A" add "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
keep add
must "$A" fetch
keep fetch
must "$A" scrape
must "$A" fetch
keep scrape
# As the platform's own pages, in one gzip stream as some archives are.
cat "$A"/evidence/*.warc.gz | gzip -dc | sed 's#^\(WARC-Target-URI: \)http://127.0.0.1:[0-9]*/@#\1https://www.tiktok.com/@#' |
    gzip -1 >"$T/pages.warc.gz"
# What another tool could have listed: one row a line, of posts of the same world.
csv "$T/w/truth.csv" id | sed 5q | awk -v now="$(cat "$BLINDSPOT_CLOCK")" '{
    printf "{\"timestamp_collected\":%.0f,\"data\":{\"id\":\"%s\",\"createTime\":%d,\"stats\":{\"playCount\":1}}}\n",
        int(now) * 1000, $1, int($1 / 4294967296) }' >"$T/w/posts.ndjson"
# A workbook of the same posts: texts that cells share, a link behind a cell, an id as a number.
BOOK=
command -v python3 >/dev/null 2>&1 && BOOK=$T/w/book.xlsx && csv "$T/w/truth.csv" id | sed 6q | python3 -c '
import sys, zipfile
ids = sys.stdin.read().split()
link = "https://www.tiktok.com/@_/video/"
rows = "".join("<row r=\"%d\"><c r=\"A%d\" t=\"s\"><v>%d</v></c><c r=\"B%d\"><v>%.14E</v></c></row>" % (
    n + 2, n + 2, n + 1, n + 2, float(i)) for n, i in enumerate(ids[1:]))
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("xl/workbook.xml", "<workbook/>")
    z.writestr("xl/worksheets/sheet1.xml", "<worksheet xmlns:r=\"r\"><sheetData><row><c t=\"s\"><v>0</v></c></row>" + rows
               + "<row r=\"99\"><c r=\"A99\" t=\"str\"><v>this one</v></c></row></sheetData>"
               + "<hyperlinks><hyperlink ref=\"A99\" r:id=\"x\"/></hyperlinks></worksheet>")
    z.writestr("xl/worksheets/_rels/sheet1.xml.rels", "<Relationships><Relationship Id=\"x\" Target=\"%s%s\"/></Relationships>"
               % (link, ids[0]))
    z.writestr("xl/sharedStrings.xml", "<sst><si><t>url</t></si>" + "".join("<si><t>%s%s</t></si>" % (link, i) for i in ids[1:])
               + "</sst>")
' "$BOOK"
must "$A" classify
keep classify
must "$A" export --bundle "$T/sealed.tar"
back_to classify
# What clients of the API keep: a page of a search with an error behind it, a table, and a crawl database.
csv "$T/w/truth.csv" id | sed 3q >"$T/ids"
{
    sed 's/.*/{"id":&,"create_time":1713970900,"view_count":7}/' "$T/ids" | paste -s -d , |
        sed 's/.*/{"data":{"videos":[&],"cursor":100,"has_more":false,"search_id":"7"},"error":{"code":"ok","log_id":"20240501120000AA"}}/'
    echo '{"error":{"code":"internal_error","log_id":"20240501120000AB"}}'
} >"$T/replies.jsonl"
{ echo id,username,view_count,collected_at; sed 's/$/,mira.holt,7.0,2024-05-02T12:00:00Z/' "$T/ids"; } >"$T/rows.csv"
{
    echo "CREATE TABLE hashtag(id INTEGER PRIMARY KEY, name); CREATE TABLE effect(id INTEGER PRIMARY KEY, effect_id);
        CREATE TABLE videos_to_hashtags(video_id, hashtag_id); CREATE TABLE videos_to_effect_ids(video_id, effect_id);
        CREATE TABLE video(id INTEGER PRIMARY KEY, create_time, username, region_code, video_description, music_id, like_count,
        comment_count, share_count, view_count, playlist_id, voice_to_text, crawled_at, crawled_updated_at);"
    sed "s/.*/INSERT INTO video(id, username, view_count, crawled_at) VALUES(&, 'mira.holt', 7, '2024-05-03 12:00:00');/" "$T/ids"
} | python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.stdin.read()); c.commit()' "$T/crawl.db" ||
    { not_ok "python3 makes a crawl database"; exit 1; }
# The same pages as a crawler packs them, and some as a browser saves them.
python3 -c '
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/pages.wacz", "w") as z:
    z.writestr("datapackage.json", "{}")
    z.write(sys.argv[1] + "/pages.warc.gz", "archive/pages.warc.gz")
entries = [{"startedDateTime": "2026-03-02T12:00:00Z", "request": {"url": "https://www.tiktok.com/@_/video/" + i.strip()},
            "response": {"status": 403, "headers": [], "content": {"text": "bm8=", "encoding": "base64"}}} for i in open(sys.argv[1] + "/ids")]
json.dump({"log": {"version": "1.2", "entries": entries}}, open(sys.argv[1] + "/pages.har", "w"))' "$T" ||
    { not_ok "python3 makes archives"; exit 1; }
cat >"$T/claims.ini" <<'INI'
[some]
claim = Some are there.
source = https://example.org, 2026-02-26
criterion = completeness
of = page.username in @names.txt
that = item.state = retrieved
at_least = 1 %
[same]
claim = Names are the same.
source = https://example.org, 2026-02-26
criterion = accuracy
field = username
at_least = 99 %
INI
csv "$T/w/truth.csv" handle | sort -u >"$T/names.txt"
# A frame: handles, a table, a feed in a browser's archive; and a list of one of its creators.
printf '@mira.holt\n@odo_finch\n' >"$T/handles.txt"
printf 'handle,author_id,day,place\nmira.holt,681,2024-05-02,NL\nteo.lund,683,,\n' >"$T/creators.csv"
sed 's/.*/{"id":"&","createTime":1,"video":{},"author":{"id":"681","uniqueId":"mira.holt"}}/' "$T/ids" | paste -s -d , |
    sed 's/.*/{"extra":{"now":1714600000000},"hasMore":true,"itemList":[&]}/' >"$T/list.json"
python3 -c '
import json, sys
json.dump({"log": {"version": "1.2", "entries": [{"startedDateTime": "2024-05-02T12:00:00Z", "request": {"url":
    "https://www.tiktok.com/api/recommend/item_list/"}, "response": {"status": 200, "headers": [], "content": {"text": sys.stdin.read()}}}]}},
    open(sys.argv[1], "w"))' "$T/feed.har" <"$T/list.json" || { not_ok "python3 makes a feed"; exit 1; }
discard "$T/run/a"
must "$A" sample add "$T/handles.txt"
keep sample
one=$(csv "$T/w/truth.csv" id state | awk -F '\t' '$2 == "missing" { print $1; exit }')

# A sample of six creators with the most posts, and their lists.
back_to nothing
mkdir -p "$A"
csv "$T/w/truth.csv" handle | sort | uniq -c | sort -k1,1rn -k2 | awk '{ print $2 }' | sed 6q >"$T/creators.txt"
must "$A" sample add "$T/creators.txt"
keep sample_add
must "$A" sample list
keep sample_list
must "$A" sample draw --posts 2
keep sample_drawn
cp -R "$A" "$T/sampled"
# A watch list of six posts with two canaries, and a series that others measured of one of them.
csv "$T/w/truth.csv" id state reason | awk -F '\t' '$2 == "missing" { if (m++ < 4) print $1 } $3 == "at_once" { if (f++ < 2) print $1 }' >"$T/watched"
csv "$T/w/truth.csv" id reason | awk -F '\t' '$2 == "at_once" { if (f++ >= 2 && f < 5) print $1 }' >"$T/canaries"
sed 1q "$T/watched" | sed 's/.*/date,id,api,page\n2026-02-27,&,absent,public\n2026-02-28,&,found,public\n2026-03-01,&,no_answer,/' >"$T/series.csv"
back_to nothing
must "$A" monitor init "$A"
keep monitor_init
watch_all() {   # HOW
    # shellcheck disable=SC2046  # ids are words
    "$1" "$A" monitor add $(cat "$T/watched")
    # shellcheck disable=SC2046
    "$1" "$A" monitor add --canary $(cat "$T/canaries")
}
watch_all must
keep monitor_add
must "$A" monitor run
keep monitor_run
cp -R "$A" "$T/watched_list"
# Pages that a run handed out to workers and, killed, will take in when it begins again.
in_given() { pg_sql "$1" $PG_USER given; }
hand_out() {
    back_to nothing
    "$BLINDSPOT" -q init "$WORK_AT" "$A" || return 1
    must "$A" add "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
    must "$A" fetch
    bs_exec "$A" --set page.read_by=workers scrape >"$T/out" 2>&1 &
    pids="$pids $!"
    hand_tries=0
    until [ "$(in_given "SELECT count(*) > 0 FROM far.parcel WHERE done = 0")" = t ]; do
        [ $hand_tries -lt 200 ] || return 1
        sleep 0.05; hand_tries=$((hand_tries + 1))
    done
    signal KILL $!; wait $! 2>/dev/null
    keep handed_out
    handed_out_from given kept
}
case " ${wanted:-work} " in *" work"*)
    why=$(pg_why_no_store)
    if [ -z "$why" ]; then
        pg_begin && pg_sql "CREATE DATABASE given"
        WORK_AT="${PG_URL%/*}/given?schema=far"
        hand_out || { not_ok "pages are handed out to workers" "$(cat "$T/out")"; exit 1; }
    else
        skip "faults of a worker" "$why"
        COMMANDS=${COMMANDS% work}
    fi ;;
esac
# Posts of this hour and the last.
awk '{ printf "%.0f\n%.0f\n", int($1) * 4294967296 + 3335, (int($1) - 3600) * 4294967296 + 3335 }' "$BLINDSPOT_CLOCK" >"$T/young"
back_to classify

before_of() {
    case $1 in
    sample_list) echo sample_add ;;
    sample_draw) echo sample_list ;;
    sample_state | sample_report) echo sample_drawn ;;
    monitor_fresh) echo monitor_add ;;
    monitor_add | monitor_load) echo monitor_init ;;
    monitor_run) echo monitor_add ;;
    monitor*) echo monitor_run ;;
    init | sample) echo nothing ;;
    work) echo handed_out ;;
    load_posts) echo sample ;;
    add | load | load_api | load_archive) echo init ;;
    plan | fetch | audit) echo add ;;
    scrape) echo fetch ;;
    diff | classify) echo scrape ;;
    *) echo classify ;;
    esac
}
# The command's words. `draw` is a report with gnuplot, all others do without.
words_of() {
    case $1 in
    init) echo "init $A" ;;
    add) echo "add $T/w/links.txt $T/w/list.csv $T/w/donation.zip $T/crawl.db $T/w/posts.ndjson $BOOK" ;;
    load) echo "load --pages $T/pages.warc.gz $T/w/posts.ndjson" ;;
    load_api) echo "load --api $T/replies.jsonl $T/rows.csv $T/crawl.db" ;;
    sample) echo "sample add $T/handles.txt $T/creators.csv $T/feed.har $T/crawl.db" ;;
    load_posts) echo "load --posts $T/list.json" ;;
    load_archive) echo "load --pages $T/pages.wacz $T/pages.har" ;;
    draw) echo report ;;
    sample_list) echo "sample list" ;;
    sample_draw) echo "sample draw --posts 2" ;;
    sample_state) echo sample ;;
    sample_report) echo report ;;
    monitor_add) echo "monitor add $(cat "$T/watched")" ;;
    monitor_load) echo "monitor load $T/series.csv" ;;
    monitor_run) echo "monitor run" ;;
    monitor_site) echo "monitor site $T/run/site" ;;
    monitor_note) echo "monitor note 2026-03-01 noted" ;;
    monitor_fresh) echo "monitor fresh $(cat "$T/young")" ;;
    compare) echo "compare $T/sealed.tar $A --out $T/run/changes" ;;
    site) echo "site $T/run/site $A $T/sampled $T/watched_list" ;;
    explain) echo "explain $one" ;;
    verify) echo "verify $T/sealed.tar" ;;
    review) echo "review --again 10 --to $T/run/review" ;;
    hand) echo "export --for-platform $T/folder" ;;
    work) echo "work $WORK_AT --name w --idle 0" ;;
    check) echo "check $T/claims.ini --ids $T/verdicts --junit $T/junit.xml" ;;
    *) echo "$1" ;;
    esac
}
# A worker's files lie in a folder of its own.
folder_of() { case $1 in work) echo "$T/run/w" ;; *) echo "$A" ;; esac; }
run_it() {      # COMMAND: runs it; code in rc
    (
        words=$(words_of "$1")
        in=$(folder_of "$1")
        # shellcheck disable=SC2123  # no gnuplot is found there
        [ "$1" = draw ] || PATH=/nowhere
        # shellcheck disable=SC2086  # the words of the command
        bs_exec "$in" $words
    ) >"$T/out" 2>"$T/err"
}
run_faulty() {  # COMMAND KIND HOW NTH
    (
        export FAULT_KIND="$2" FAULT_HOW="$3" FAULT_NTH="$4" FAULT_COUNT="$T/count" FAULT_SITES="$5"
        words=$(words_of "$1")
        in=$(folder_of "$1")
        # shellcheck disable=SC2123  # no gnuplot is found there
        [ "$1" = draw ] || PATH=/nowhere
        export LD_PRELOAD="$INJECT"
        # shellcheck disable=SC2086  # the words of the command
        bs_exec "$in" $words
    ) >"$T/out" 2>"$T/err"
}
# Everything that is left, to the labels. Whether an item is confirmed on one
# day hangs on its company there, which a repeat changes; a second day decides.
finish() {      # COMMAND
    case $1 in
    # What was read is taken in, and what was not is read by another.
    work)
        bs_exec "$T/run/later" work "$WORK_AT" --name later --idle 60 & later=$!
        bs_exec "$A" --set page.read_by=workers --set page.workers_wait_s=30 scrape & handing=$!
        # Who ended in the middle counts as there until its lease ends, by a clock that stands.
        while is_ours $handing; do is_ours $later || { move_clock +601; break; }; sleep 0.05; done
        wait $handing
        signal TERM $later
        wait $later
        bs "$A" scrape ;;    # its last file
    sample) bs "$A" sample add "$T/handles.txt" "$T/creators.csv" "$T/feed.har" "$T/crawl.db"; return ;;
    load_posts) return ;;
    init | add)
        # shellcheck disable=SC2086  # one word or none
        bs "$A" add "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip" "$T/crawl.db" "$T/w/posts.ndjson" $BOOK ;;
    esac
    case $1 in
    sample_*) bs "$A" sample list; bs "$A" sample draw --posts 2 ;;
    monitor*)
        watch_all bs
        [ "$1" != monitor_load ] || bs "$A" monitor load "$T/series.csv"
        # A note that was written before the fault was told is there twice, on the same day.
        [ "$1" != monitor_note ] || bs "$A" monitor note 2026-03-01 noted
        # shellcheck disable=SC2046  # ids are words
        [ "$1" != monitor_fresh ] || bs "$A" monitor fresh $(cat "$T/young")
        bs "$A" monitor run; bs "$A" monitor site "$T/run/site" ;;
    esac
    case $1 in
    add | plan | fetch | scrape)
        bs "$A" fetch; bs "$A" scrape; bs "$A" fetch
        move_clock +86400
        bs "$A" fetch; bs "$A" scrape ;;
    esac
    case $1 in monitor*) ;; *) bs "$A" classify ;; esac
} >/dev/null 2>>"$ERRLOG"

# After init the ids alone: the seed of each new audit is drawn, and with it who is asked in whose company.
# Of a watch list the states of its days; of a sample its frame.
labels() {
    case $1 in
    # And each answer has its bytes, in the folder of who read it. What is refused is read once; a
    # public post may be asked for again at any time, to see whether the site blocks.
    work)
        in_given "SELECT i.id, l.state, l.label, l.reason FROM far.item i LEFT JOIN far.label l ON l.item = i.n ORDER BY i.id"
        in_given "SELECT count(*), count(DISTINCT (item, witness)) FROM far.page_answer WHERE kind = 3"
        bs "$A" verify --folder "$T/run/w" --folder "$T/run/later" | grep -v '^archive\|^elsewhere' ;;
    monitor_note) sqlite3 "$A/audit.db" "SELECT DISTINCT day, text FROM note" ;;
    monitor_fresh) sqlite3 "$A/audit.db" "SELECT id, role FROM watch JOIN item ON n = watch.item ORDER BY id" ;;
    monitor*) cat "$T/run/site/data.csv" ;;
    sample | load_posts)
        sqlite3 "$A/audit.db" "SELECT c.n, handle, author, source, day, place, post FROM sighting s JOIN creator c ON c.n = s.creator;
            SELECT creator, by, at, newest, rows, dropped, post, place FROM listing JOIN listed ON listing = n" ;;
    *) "$LOOK" labels "$A/audit.db" | if [ "$1" = init ]; then cut -d ' ' -f 1; else cat; fi ;;
    esac
}

# ---- one fault ----

wrong() {
    problems=$((problems + 1))
    [ $problems -gt 5 ] || printf '%s of %s: %s\n%s\n' "$nth" "$count" "$1" "$(sed 5q "$T/first.err")" >>"$T/problems"
}

one_fault() {   # COMMAND KIND HOW, calm_rc, nth, count
    back_to "$state"
    run_faulty "$1" "$2" "$3" "$nth" ""; rc=$?
    cp "$T/err" "$T/first.err"
    cat "$T/err" >>"$ERRLOG"
    said=$(grep -c '^blindspot: ' "$T/err")
    # What doctor meets is what it was asked about: a finding on stdout.
    if [ "$1" = doctor ] && grep -q '^fail' "$T/out"; then said=1; fi
    case $3 in EINTR | SHORT) transparent=yes ;; *) transparent= ;; esac
    if [ $rc -eq 5 ]; then
        [ -z "$transparent" ] || wrong "exit 5 where the call had only to be repeated"
        # What verify could not read it names as broken, on stdout.
        [ "$1" = verify ] && said=$((said + $(grep -q '^broken: ' "$T/out" && echo 1 || echo 0)))
        [ "$said" -eq 1 ] || wrong "exit 5 with $said sentences"
    elif [ $rc -ne "$calm_rc" ]; then
        wrong "exit $rc, not 5"
    fi
    # A store on a server is no file that can be looked at.
    sound=$A/audit.db
    ! is_far "$A" 2>/dev/null || sound=
    # shellcheck disable=SC2086  # one word or none
    "$LOOK" sound $sound "$T/run/state/blindspot/quota.db" >"$T/sound" 2>&1 || wrong "$(sed 3q "$T/sound")"
    [ $(((tried - 1) % FAR)) -eq 0 ] || return
    # Nobody gets what it leased before that ends.
    [ "$1" != work ] || move_clock +601
    if [ "$1" != init ] || [ $rc -ne 0 ]; then
        run_it "$1"; rc=$?
        [ $rc -eq "$calm_rc" ] || { wrong "the next run ends with $rc: $(sed 2q "$T/err")"; return; }
    fi
    finish "$1"
    labels "$1" >"$T/got" 2>&1
    cmp -s "$T/want" "$T/got" || wrong "other labels: $(diff "$T/want" "$T/got" | sed 4q)"
}

nths() {        # COUNT
    awk -v n="$1" -v per="$PER" -v seed="$SEED$1" 'BEGIN {
        srand(seed)
        if (n <= per) for (i = 1; i <= n; i++) print i
        else for (i = 0; i < per; i++) print 1 + int((i + rand()) * n / per)
    }'
}

pair=0
is_wanted() {
    pair=$((pair + 1))
    if [ -z "$wanted" ]; then
        [ -n "${FAULT_PER:-}" ] || [ "$2" = alloc-ENOMEM ] || [ $(((pair + SEED) % 3)) -eq 0 ]
        return
    fi
    for w in $wanted; do case $1/$2 in "$w" | "$w"/*) return 0 ;; esac; done
    return 1
}

# ---- all of them ----

for command in $COMMANDS; do
    state=$(before_of "$command")
    prepared=
    for kind in $KINDS; do
        is_wanted "$command" "$kind" || continue
        if [ -z "$prepared" ]; then
            back_to "$state"; run_it "$command"; calm_rc=$?
            finish "$command"; labels "$command" >"$T/want"
            # Without its server each step waits for it for ten minutes.
            if [ ! -s "$T/want" ] || grep -q "^psql: " "$T/want"; then
                not_ok "$command without a fault gives labels" "$(sed 5q "$T/want")" "$(cat "$T/err")"
                break
            fi
            prepared=yes
        fi
        back_to "$state"
        case ${FAULT_SITES:-}$kind in yesalloc*) sites=$T/sites ;; *) sites= ;; esac
        run_faulty "$command" "${kind%-*}" "${kind#*-}" 0 "$sites"
        count=$(cat "$T/count")
        : >"$T/problems"; problems=0; tried=0
        for nth in ${FAULT_ONLY:-$(if [ -n "$sites" ]; then cat "$sites"; else nths "$count"; fi)}; do
            tried=$((tried + 1))
            one_fault "$command" "${kind%-*}" "${kind#*-}"
        done
        if [ $tried -eq 0 ]; then
            continue        # it makes no such call
        elif [ $problems -eq 0 ]; then
            ok "$command, $kind: $tried of $count calls${sites:+, one from each place}"
        else
            not_ok "$command, $kind: $tried of $count calls" "$problems faults ended badly" "$(cat "$T/problems")"
        fi
    done
done
stop_standin
expect_no_leak "key, secret and token stand in no file"
