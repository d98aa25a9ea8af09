#!/bin/sh
# docs/draw.sh: docs/architecture.svg, drawn from the includes: a box a folder (a room of
# audit/ is one), an arrow where a file of the upper includes one of the lower. What nearly
# all include is a bar below, and says who does not. `make draw` writes it, `make lint`
# compares it.
set -u
cd "$(dirname "$0")/.." || exit 1

# "FROM TO" for each pair of folders, without what is within one.
arrows() {
    find base record platform silence watch import fetch scrape diff classify archive store report \
        audit cmd fixtures -name '*.[ch]' | sort | xargs grep '^#include "' /dev/null | awk '
    # A room of audit/ counts as a folder of its own.
    function home(path,    part) {
        split(path, part, "/")
        return part[1] == "audit" && part[2] !~ /\./ ? "audit/" part[2] : part[1]
    }
    {
        from = $0; sub(/:.*/, "", from)
        to = $0; sub(/.*#include "/, "", to); sub(/".*/, "", to)
        if (home(from) != home(to)) print home(from), home(to)
    }' | sort -u
}

arrows | awk '
function box(name, x, y, w, tip) {
    at_x[name] = x; at_y[name] = y; width[name] = w; says[name] = tip; order[++boxes] = name
}
function row(y, names, tips,    n, i, name, tip, w) {
    n = split(names, name, " "); split(tips, tip, "|")
    w = (WIDTH - 2 * EDGE - (n - 1) * 12) / n
    for (i = 1; i <= n; i++) box(name[i], EDGE + (i - 1) * (w + 12), y, w, tip[i])
}
function text(x, y, size, what, more) {
    printf "<text x=\"%.0f\" y=\"%.0f\" font-size=\"%d\" text-anchor=\"middle\"%s>%s</text>\n", x, y, size, more, what
}
BEGIN {
    WIDTH = 1120; EDGE = 20; HIGH = 50
    row(20, "cmd", "one thin file a subcommand")
    row(150, "audit audit/turn audit/verdict audit/keep audit/take", \
        "the open audit, in all rooms|what is due, asking, reading|differs, labels, sums up|verify, purge, replay, export|adds items, loads answers")
    row(350, "silence watch import fetch scrape diff classify archive store report", \
        "which silences count|days and events|datasets to ids|the API|the pages|two sides|rules to labels|WARC|the database|files to show")
    row(480, "platform", "what only this platform has: hosts, addresses, limits")
    row(560, "record", "the nouns: every type that crosses a folder, and the lists that name each thing once")
    row(640, "base", "bytes, memory, time, errors, files, HTTP, JSON, digests, statistics")
    row(730, "fixtures", "aside: made-up worlds, and the server that plays the platform")
    bar["base"]; bar["record"]; bar["audit"]
}
{ from[NR] = $1; to[NR] = $2; has[$1, $2] }
# Who stands above a bar, or beside it, and does not include it.
function without(b,    i, list) {
    for (i = 1; i <= boxes; i++)
        if (order[i] != b && order[i] != "fixtures" && at_y[order[i]] <= at_y[b] && !((order[i], b) in has))
            list = list (list == "" ? "" : ", ") order[i]
    return list
}
END {
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d 800\" font-family=\"DejaVu Sans, sans-serif\">\n", WIDTH
    print "<title>What includes what</title>"
    print "<desc>Made by docs/draw.sh from the includes; arrows point down, from who includes to what is included.</desc>"
    print "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>"
    printf "<rect width=\"%d\" height=\"800\" fill=\"#ffffff\"/>\n", WIDTH
    split("#1b6ca8 #b3541e #3a7d44 #7b4b94 #a13d63 #4a5759", colour, " ")
    # Where on its lower edge each arrow of a box begins: in the order of what they lead to.
    for (i = 1; i <= NR; i++)
        if (!(to[i] in bar) && from[i] != "fixtures") out[from[i]]++
    for (i = 1; i <= boxes; i++)
        for (j = 1; j <= boxes; j++)
            if ((order[i], order[j]) in has && !(order[j] in bar) && order[i] != "fixtures") {
                a = order[i]; b = order[j]
                if (at_y[a] == at_y[b]) {      # neighbours on one level
                    left = at_x[a] < at_x[b]
                    printf "<path d=\"M%.0f %.0fH%.0f\" stroke=\"#222\" fill=\"none\" stroke-width=\"2\" marker-end=\"url(#tip)\"/>\n", \
                        at_x[a] + (left ? width[a] : 0), at_y[a] + HIGH / 2, at_x[b] + (left ? 0 : width[b])
                    continue
                }
                x1 = at_x[a] + width[a] * (++begun[a]) / (out[a] + 1); y1 = at_y[a] + HIGH
                x2 = at_x[b] + width[b] / 2 + ((at_x[a] + width[a] / 2 - at_x[b] - width[b] / 2) / WIDTH) * width[b] * 0.8
                y2 = at_y[b] - 1
                if (y1 > y2) { y1 = at_y[a]; y2 = at_y[b] + HIGH }     # an arrow that points up: lint forbids it
                printf "<path d=\"M%.0f %.0fC%.0f %.0f %.0f %.0f %.0f %.0f\" stroke=\"%s\" fill=\"none\" stroke-width=\"1.2\" opacity=\".75\" marker-end=\"url(#tip)\"/>\n", \
                    x1, y1, x1, y1 + (y2 - y1) * 0.5, x2, y2 - (y2 - y1) * 0.5, x2, y2, colour[i % 6 + 1]
            }
    for (i = 1; i <= boxes; i++) {
        name = order[i]
        printf "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%d\" rx=\"4\" fill=\"%s\" stroke=\"%s\"/>\n", at_x[name], at_y[name], \
            width[name], HIGH, name == "fixtures" ? "#f4f4f4" : name in bar ? "#e9eef5" : "#fdf6e3", colour[i % 6 + 1]
        tip = says[name]
        if (name in bar) {
            missing = without(name)
            gsub(/audit\//, "", missing)
            tip = tip (name == "audit" ? "" : "; included by all above") (missing == "" ? "" : " but " missing)
        } else if (name == "fixtures") {
            for (j = 1; j <= NR; j++) if (from[j] == name) tip = tip (tip ~ /includes/ ? ", " : "; includes a little of ") to[j]
        }
        text(at_x[name] + width[name] / 2, at_y[name] + 20, 14, name, " font-weight=\"bold\"")
        text(at_x[name] + width[name] / 2, at_y[name] + 38, width[name] < 150 ? 10 : 12, tip, "")
    }
    print "</svg>"
}'
