#!/bin/sh
# Figures as they are printed: at both widths no text covers another or leaves the paper, as
# Chromium measures it; the letters have 7 to 8 points; PDFs carry their fonts and have their size;
# PNGs have 600 dots an inch; the script draws the same again by itself.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
drawn=$PATH
suite figure
A=$T/a
make_world "$T/w" 11 300
start_standin "$T/w" --mild
quiet "$A" init; expect "init" 0 $?
quiet "$A" audit "$T/w/all.txt"
mkdir "$T/half" "$T/whole" "$T/empty"
draw() {        # FOLDER FORMATS: all figures, at both widths
    for width in 85 170; do
        PATH=$drawn quiet "$A" figure all --format "$2" --width $width --out "$1"
        expect "${1##*/}: all figures at $width mm" 0 $?
    done
}
draw "$T/half" svg
move_clock +86400; quiet "$A" audit; move_clock +86400; quiet "$A" audit
draw "$T/whole" svg,pdf
bs "$T/none" init >/dev/null 2>&1
A=$T/none; draw "$T/empty" svg; A=$T/a
expect "an unfinished audit's figures say so" 14 "$(grep -l '>Provisional' "$T"/half/*.svg | wc -l)"
expect "and a finished one's do not" 0 "$(grep -l '>Provisional' "$T"/whole/*.svg | wc -l)"

# ---- paper ----

if command -v pdffonts >/dev/null 2>&1; then
    for pdf in "$T"/whole/*.pdf; do
        pdffonts "$pdf" | awk -v pdf="${pdf##*/}" 'NR > 2 { n++; if ($(NF - 4) != "yes") print pdf ": " $0 }
            END { if (!n) print pdf ": no font" }'
    done >"$T/diff"
    expect_empty "every font of every PDF is embedded" "$T/diff"
    for pdf in "$T"/whole/*.pdf; do pdfinfo "$pdf" | awk '/^Page size/ { print $3 }'; done | sort | uniq -c |
        awk '{ print $1, int($2 * 25.4 / 72 + 0.5) }' >"$T/sizes"
    expect "PDFs are 85 and 170 mm wide" "7 85 7 170" "$(awk '{ s = s (NR > 1 ? " " : "") $0 } END { print s }' "$T/sizes")"
else
    skip "fonts of the PDFs" "poppler-utils is not installed"
fi
for svg in "$T"/whole/*.svg; do
    grep -o 'font-size="[0-9.]*"' "$svg" | tr -dc '0-9.\n' | awk -v svg="${svg##*/}" '
        { points = $1 / 10 / 25.4 * 72; if (points < 6.95 || points > 8.05) print svg ": " points " points" }'
done | sort -u >"$T/diff"
expect_empty "letters have 7 to 8 points at either width" "$T/diff"
PATH=$drawn quiet "$A" figure timeline --format png --width 85 --out "$T/png"
expect "a PNG has 600 dots an inch at its width: 85 mm are 2,008" 2008 \
    "$(od -An -tu1 -j16 -N4 "$T/png/timeline_85.png" | awk '{ print (($1 * 256 + $2) * 256 + $3) * 256 + $4 }')"
(cd "$T/whole" && PATH=$drawn LC_ALL=C.UTF-8 gnuplot -d -e "kinds = 'pdf'; out = 'again.%s'" waterfall.gp) 2>"$T/said"
expect "the script beside a picture draws it by itself" 0 $?
expect_empty "without a word" "$T/said"

# ---- texts, as a browser sets them ----

if ! command -v chromium >/dev/null 2>&1; then
    skip "no text covers another" "chromium is not installed"
    exit 0
fi
page() {
    echo '<!DOCTYPE html><meta charset="utf-8"><body>'
    for svg in "$T"/half/*.svg "$T"/whole/*.svg "$T"/empty/*.svg; do
        printf '<div data-name="%s">\n' "${svg#"$T"/}"; sed 1d "$svg"; echo '</div>'
    done
    cat <<'HTML'
<pre id="said"></pre>
<script>
const said = [];
for (const div of document.querySelectorAll('div')) {
    const paper = div.querySelector('svg').getBoundingClientRect();
    const texts = [...div.querySelectorAll('text')].map(t => {
        const b = t.getBoundingClientRect(), flat = b.height * 0.22;     // ascenders and descenders
        return { t: t.textContent, x0: b.left, x1: b.right, y0: b.top + flat, y1: b.bottom - flat };
    }).filter(b => b.t.trim());
    if (!texts.length) said.push(div.dataset.name + ': no text');
    texts.forEach((a, i) => {
        if (a.x0 < paper.left - 0.5 || a.x1 > paper.right + 0.5 || a.y0 < paper.top || a.y1 > paper.bottom)
            said.push(div.dataset.name + ': leaves the paper: ' + a.t);
        for (const b of texts.slice(0, i))
            if (a.x0 < b.x1 - 0.5 && b.x0 < a.x1 - 0.5 && a.y0 < b.y1 && b.y0 < a.y1)
                said.push(div.dataset.name + ': "' + a.t + '" covers "' + b.t + '"');
    });
}
document.getElementById('said').textContent = 'read ' + document.querySelectorAll('text').length +
    '\n' + said.join('\n') + '\nend';
</script>
HTML
}
page >"$T/page.html"
chromium --headless --no-sandbox --disable-gpu --user-data-dir="$T/chromium" --dump-dom \
    "file://$T/page.html" 2>/dev/null | sed -n '/<pre id="said">/,/^end/p' | sed 's/.*<pre id="said">//; s/<\/pre>.*//' >"$T/dom"
expect "the browser has read the figures' texts" yes "$([ "$(awk '/^read/ { print $2 }' "$T/dom")" -gt 400 ] && echo yes)"
grep -v '^read\|^end\|^$' "$T/dom" >"$T/diff"
expect_empty "no text covers another or leaves the paper" "$T/diff"
