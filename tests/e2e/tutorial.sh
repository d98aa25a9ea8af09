#!/bin/sh
# docs/tutorial.md: its commands run, in order and from the document itself, in one shell, and
# what each block of output says is what was printed: line by line, where "..." stands for
# anything within a line, and alone for any lines.
#   tests/e2e/tutorial.sh --show    prints what each block of commands printed, for whoever edits it
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite tutorial
DOC=docs/tutorial.md
# As in a clone that `make programs` was run in, but in a folder of its own.
mkdir -p "$T/clone/build" "$T/blocks"
ln -s "$BUILD" "$T/clone/build/release"
ln -s "$BLINDSPOT" "$T/clone/build/blindspot"
for name in tests docs; do ln -s "$PWD/$name" "$T/clone/$name"; done

# Blocks: N.sh, and N.text where the document shows what it prints.
awk -v dir="$T/blocks" '
/^```sh$/ { to = sprintf("%s/%02d.sh", dir, ++n); next }
/^```text$/ { to = sprintf("%s/%02d.text", dir, n); next }
/^```/ { to = ""; next }
to { print > to }' $DOC
for block in "$T"/blocks/*.sh; do
    printf '{\n%s\n} >"%s" 2>&1\n' "$(cat "$block")" "${block%.sh}.out"
done >"$T/all"
{
    # What was built is there.
    echo 'make() { [ "$*" = programs ] || echo "make $*: not in the test" >&2; }'
    echo "cd '$T/clone' || exit 1"
    cat "$T/all"
} >"$T/script"
unset BLINDSPOT_CLIENT_KEY BLINDSPOT_CLIENT_SECRET
sh "$T/script" >"$T/script.out" 2>&1
expect "the commands of the document run to their end" 0 $?
expect_empty "and print nothing elsewhere" "$T/script.out"
if [ "${1:-}" = --show ]; then
    for block in "$T"/blocks/*.sh; do
        printf '=== '; head -n 1 "$block"
        cat "${block%.sh}.out"
    done
fi
# shown WANT GOT: the first line of WANT that GOT does not have in its place.
shown() {
    awk '
    function like(want, got,    part, n, i, at) {
        n = split(want, part, "\\.\\.\\.")
        if (n == 1) return want == got
        if (index(got, part[1]) != 1) return 0
        got = substr(got, length(part[1]) + 1)
        for (i = 2; i < n; i++) {
            if (!(at = index(got, part[i]))) return 0
            got = substr(got, at + length(part[i]))
        }
        return length(got) >= length(part[n]) && substr(got, length(got) - length(part[n]) + 1) == part[n]
    }
    NR == FNR { want[++n] = $0; next }
    { got[++m] = $0 }
    END {
        j = 1; any = 0
        for (i = 1; i <= n; i++) {
            if (want[i] == "...") { any = 1; continue }
            while (any && j <= m && !like(want[i], got[j])) j++
            if (j > m || !like(want[i], got[j])) { print "shown:   " want[i]; print "printed: " (j <= m ? got[j] : "(nothing more)"); exit }
            j++; any = 0
        }
        if (!any && j <= m) { print "shown:   (nothing more)"; print "printed: " got[j] }
    }' "$1" "$2"
}
for text in "$T"/blocks/*.text; do
    block=${text%.text}
    shown "$text" "$block.out" >"$T/differ"
    expect_empty "block ${block##*/}, $(sed -n 1p "$block.sh")" "$T/differ"
done
blocks=$(find "$T/blocks" -name '*.text' | wc -l)
if [ "$blocks" -ge 8 ]; then ok "$blocks outputs are shown"; else not_ok "outputs are shown" "only $blocks"; fi
expect "the stand-in server is gone" "" "$(pgrep -f "$T/clone" 2>/dev/null)"
