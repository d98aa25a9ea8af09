#!/bin/sh
# The site of a watch list: a series that others measured, from the table to the last file of the
# page. Every file says the same of every day; what was not measured is never an absence; the
# folder appears whole and replaces no other; a list of 500 posts over 1,000 days stays small.
# In Chromium, where that is installed: axe, keys, a phone, no script.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite watch_site
if ! command -v python3 >/dev/null 2>&1; then
    skip "the site of a watch list" "python3 is not installed"
    exit 0
fi

# Like the published one: a post that comes and goes, one that begins later, days without a row, a
# failure of all at once, hostile words in a note.
cat >"$T/make.py" <<'END'
import sys
from datetime import date, timedelta
posts, days, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
first = date(2025, 4, 9) - timedelta(800 if days > 500 else 0)
state = 12345
def chance():
    global state
    state = (state * 1103515245 + 12345) % (1 << 31)
    return state / (1 << 31)
with open(path, "w") as f:
    f.write("date,id,api,page\n")
    for i in range(posts):
        api, page = "absent" if i % 5 else "found", "public"
        for d in range(days):
            if d in (17, 40) or (i == 3 and d < 20):
                continue
            if chance() < (0.03 if i % 5 == 0 else 0.002):
                api = "found" if api == "absent" else "absent"
            if i == 4 and d == days // 2:
                page = "refused"
            failed = d in (30, 31) or d > days - 5 or chance() < 0.01
            f.write("%s,%d,%s,%s\n" % (first + timedelta(d), (1660000000 + 977 * i << 32) + 0xd07,
                                       "no_answer" if failed else api, page if d % 3 else ""))
END
python3 "$T/make.py" 11 120 "$T/series.csv"
"$BLINDSPOT" -q monitor init "$T/w" || not_ok "a watch list is made"
run() { "$BLINDSPOT" -q -C "$@" >"$T/out" 2>"$T/err"; }
run "$T/w" monitor load "$T/series.csv" || not_ok "a series is loaded" "$(tail -n 3 "$T/err")"
run "$T/w" monitor note 2025-05-09 '</script><img src=x onerror=alert(1)> "down" & out' || not_ok "a note is written" "$(tail -n 3 "$T/err")"
run "$T/w" monitor site "$T/s" || not_ok "a site is made" "$(tail -n 3 "$T/err")"

cat >"$T/hold.py" <<'END'
import csv, json, re, sys, xml.etree.ElementTree as xml
series, site = sys.argv[1], sys.argv[2]
wrong = []
want = {}
for row in csv.DictReader(open(series)):
    want[row["date"], row["id"]] = ({"no_answer": "not_measured"}.get(row["api"], row["api"]), row["page"])
data = json.load(open(site + "/data.json"))
have = {}
for item in data["items"]:
    for day in item["days"]:
        have[day["date"], item["id"]] = (day["api"], day["page"] or "")
table = {(r["date"], r["id"]): (r["api"], r["page"]) for r in csv.DictReader(open(site + "/data.csv", newline=""))}
if have != want: wrong.append("data.json differs from the series: %s" % sorted(set(have.items()) ^ set(want.items()))[:3])
if table != want: wrong.append("data.csv differs from the series")
totals = {s: sum(v[0] == s for v in want.values()) for s in ("found", "absent", "not_measured")}
for name, n in totals.items():
    if data["totals"][name] != n: wrong.append("%s: %d, wanted %d" % (name, data["totals"][name], n))
if data["totals"]["days"] != len(want): wrong.append("days do not add up")
t = data["totals"]
if t["absent_page_public"] + t["absent_page_refused"] + t["absent_page_not_read"] != t["absent"]: wrong.append("the parts of absent do not add up")
if sum(t["why"].values()) != t["not_measured"]: wrong.append("the reasons do not add up")
ns = {"a": "http://www.w3.org/2005/Atom"}
feed = xml.parse(site + "/feed.xml").getroot()
entries = feed.findall("a:entry", ns)
if len(entries) != len(data["events"]) + len(data["notes"]): wrong.append("the feed has %d entries" % len(entries))
ids = [e.find("a:id", ns).text for e in entries]
if len(set(ids)) != len(ids): wrong.append("two entries of the feed share an id")
badge = xml.parse(site + "/badge.svg").getroot()
last = data["last_day"]
words = "%d of %d posts" % (last["there"]["found"], last["there"]["days"])
if words not in "".join(badge.itertext()) or last["date"] not in "".join(badge.itertext()): wrong.append("the badge does not say " + words)
page = open(site + "/index.html").read()
if "<img src=x" in page or "<script>" in page: wrong.append("a note is markup")
# The drawing: rectangles or strokes, by state, add up to the days of data.json.
wide = int(re.search(r'data-wide="(\d+)"', page).group(1))
drawn = {}
for group, inner in re.findall(r'<g class="s[^"]*" data-is="([^"]*)"[^>]*>(.*?)</g>', page, re.S):
    n = sum(int(w) for w in re.findall(r'<rect [^>]*width="(\d+)"', inner)) // wide
    kind = "found" if group.startswith("returned") else "absent" if group.startswith("not returned") else "not_measured"
    drawn[kind] = drawn.get(kind, 0) + n
if drawn and drawn != {k: v for k, v in totals.items() if v}: wrong.append("the drawing has %s, wanted %s" % (drawn, totals))
for item in data["items"]:
    text = open(site + "/item/" + item["id"] + ".html").read()
    for day in item["days"]:
        if 'id="d%s"' % day["date"] not in text: wrong.append("%s has no place for %s" % (item["id"], day["date"]))
    sums = [int(x) for x in re.findall(r'data-at="/items/\d+/totals/there/(?:found|absent|not_measured|days)">([\d,]+)', text)][:4]
    if sums[:1] and sums[0] + sums[1] + sums[2] != sums[3]: wrong.append("the sums of %s do not add up" % item["id"])
print("\n".join(wrong[:8]))
END
said=$(python3 "$T/hold.py" "$T/series.csv" "$T/s" 2>&1)
expect "every file says what the series says, day by day" "" "$said"

# A site's own table is a series: what goes out comes in.
"$BLINDSPOT" -q monitor init "$T/again"
run "$T/again" monitor load "$T/s/data.csv" || not_ok "its table can be loaded" "$(tail -n 3 "$T/err")"
run "$T/again" monitor site "$T/s2"
diff "$T/s/data.csv" "$T/s2/data.csv" >"$T/diff"
expect_empty "its table can be loaded, and tells the same" "$T/diff"

# The same store gives the same bytes, but for the hour of a note.
run "$T/w" monitor site "$T/s3"
diff -r "$T/s" "$T/s3" >"$T/diff" 2>&1
expect_empty "same in, same out" "$T/diff"

# Whole, or not at all.
mkdir "$T/other" && echo mine >"$T/other/index.html"
run "$T/w" monitor site "$T/other"
expect "a folder of somebody else is not replaced" 2 $?
expect "and keeps what it has" mine "$(cat "$T/other/index.html")"
run "$T/w" monitor site "$T/s" || not_ok "a site is replaced by the next one" "$(tail -n 3 "$T/err")"
expect "nothing is left beside it" "" "$(find "$T" -maxdepth 1 \( -name 's.new' -o -name 's.old' \))"

# 500 posts over 1,000 days.
python3 "$T/make.py" 500 1000 "$T/large.csv"
"$BLINDSPOT" -q monitor init "$T/l"
run "$T/l" monitor load "$T/large.csv" || not_ok "500,000 days are loaded" "$(tail -n 3 "$T/err")"
python3 - "$BLINDSPOT" "$T/l" "$T/ls" <<'END' >"$T/large"
import os, resource, subprocess, sys
subprocess.run([sys.argv[1], "-q", "-C", sys.argv[2], "monitor", "site", sys.argv[3]], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
size = sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(sys.argv[3]) for f in fs)
index = open(sys.argv[3] + "/index.html").read()
import re
nodes = len(re.findall(r"<[a-zA-Z]", index))
print("%.1f s of CPU, %.1f MB, index.html %.0f kB and %d nodes" % (used.ru_utime + used.ru_stime, size / 1e6, len(index) / 1e3, nodes))
print("fits" if used.ru_utime + used.ru_stime < 5 * float(os.environ.get("SLOWER", "1")) and size < 20e6 and len(index) < 1e6 and nodes < 3000 else "too much")
END
echo "# $(head -n 1 "$T/large")"
expect "500 posts over 1,000 days take less than 5 s, 20 MB, a first page of 1 MB and 3,000 nodes" fits "$(tail -n 1 "$T/large")"
expect "and the packed table has every day" "$(($(wc -l <"$T/large.csv")))" "$(gzip -dc "$T/ls/data-all.csv.gz" | wc -l)"

# Figure 8 of the published audit, from the same days; the pictures themselves are tested as others'.
run "$T/w" figure watch --out "$T/figures" --format svg || not_ok "its figure is drawn" "$(tail -n 3 "$T/err")"
expect "the data of its figure has every day that was measured" "$(($(wc -l <"$T/series.csv") - 1))" \
    "$(awk -F '\t' 'NR > 1 { n += $3 - $2 } END { print n }' "$T/figures/watch.tsv")"

# The published series, where it is at hand.
published=${BLINDSPOT_SHARED:-../shared}/real/dashboard_11_videos.csv
if [ -r "$published" ]; then
    "$BLINDSPOT" -q monitor init "$T/p"
    run "$T/p" monitor load "$published"
    run "$T/p" monitor site "$T/ps"
    expect "the published dashboard: 213 found, 2,634 absent, 181 not measured" '"totals":{"found":213,"absent":2634,"not_measured":181,"days":3028' \
        "$(grep -o '"totals":{"found":[0-9]*,"absent":[0-9]*,"not_measured":[0-9]*,"days":[0-9]*' "$T/ps/data.json" | head -n 1)"
else
    skip "the published dashboard's totals" "its series is not here"
fi

# ---- in Chromium ----
BROWSER_MODULES=${BROWSER_MODULES:-$PWD/build/browser/node_modules}
CHROMIUM=${CHROMIUM:-$(command -v chromium)}
export BROWSER_MODULES CHROMIUM
missing=
for program in node chromium; do command -v $program >/dev/null 2>&1 || missing="$missing $program"; done
for module in playwright-core axe-core; do [ -d "$BROWSER_MODULES/$module" ] || missing="$missing $module"; done
if [ -n "$missing" ]; then
    skip "the site in Chromium" "not installed (make deps):$missing"
    exit 0
fi
mkdir "$T/home" "$T/tmp" || exit 1
env -u BLINDSPOT_CLIENT_KEY -u BLINDSPOT_CLIENT_SECRET HOME="$T/home" TMPDIR="$T/tmp" node tests/browser/watch_site.js --large "$T/ls" "$T/s" || failed=$((failed + 1))
