# shellcheck shell=sh
# tests/shape.sh: what tests/lint.sh checks with grep and awk alone: circles, long lines,
# head notes, words and habits. Sourced by it; `sources` and `result` are its own.
# A check whose cleaning is under way is called through `owed`: it counts, and what it
# found lies in build/lint/owed; when that is empty, `strict` takes its place.

strict() { result "$1" "$([ -z "$2" ] && echo 0 || echo 1)" "$2"; }
: >"$CACHE/owed"
owed() {
    if [ -z "$2" ]; then
        result "$1" 0
    else
        echo "ok - lint: $1: $(printf '%s\n' "$2" | wc -l) owed"
        printf '%s\n' "$2" | awk -v name="$1" '{ print name ": " $0 }' >>"$CACHE/owed"
    fi
}
ROOMS="audit/turn audit/verdict audit/keep audit/take"
ARMS="import fetch scrape diff classify archive store report"

# ---- no circle among modules: NAME.c and NAME.h are one ----

circles() {
    # shellcheck disable=SC2046  # no blanks in names of ours
    grep '^#include "' $(sources ch) /dev/null | awk '
    function module(path) { sub(/\.[ch]$/, "", path); return path }
    {
        from = $0; sub(/:.*/, "", from)
        to = $0; sub(/.*#include "/, "", to); sub(/".*/, "", to)
        from = module(from); to = module(to)
        if (from == to || (from, to) in edge) next
        edge[from, to]; out[from] = out[from] " " to; node[from]; node[to]
    }
    # Depth first; what is met again on the way down closes a circle.
    function visit(m, depth,    next_of, n, i, j, text) {
        state[m] = 1; path[depth] = m
        n = split(out[m], next_of, " ")
        for (i = 1; i <= n; i++) {
            if (!(next_of[i] in state))
                visit(next_of[i], depth + 1)
            else if (state[next_of[i]] == 1) {
                text = next_of[i]
                for (j = depth; path[j] != next_of[i]; j--) text = path[j] " > " text
                print next_of[i] " > " text
            }
        }
        state[m] = 2
    }
    END { for (m in node) if (!(m in state)) visit(m, 0) }' | sort
}
strict "no circle of includes" "$(circles)"

# ---- the view is opaque outside silence/ ----

# shellcheck disable=SC2046
strict "what a view is made of stays in silence/" "$(grep -n '^#include "silence/\(parts\|known\|judged\|mates\|sound\|weigh\)\.h"' $(sources ch | grep -v '^silence/') $(find tests -name '*.[ch]'))"

# ---- lines and marks ----

# Characters, not bytes; a byte that is no text counts as one.
long_lines() { LC_ALL=C.UTF-8 grep -nE '^.{101,}$' "$@" /dev/null | cut -d : -f 1,2; }
# shellcheck disable=SC2046
strict "lines of import, fixtures and tests end by column 100" "$(long_lines $(sources ch | grep -E '^(import|fixtures)/') $(find tests -name '*.[ch]'))"
# shellcheck disable=SC2046
strict "lines end by column 100" "$(long_lines $(sources ch))"
strict "no mark says that something is left to do" "$(grep -rnE '\b(TO''DO|FIX''ME|XX''X|HA''CK)\b' --include='*.[ch1]' --include='*.sh' --include='*.md' --include='*.def' --include='*.sql' \
    --include='*.py' --include=Makefile $FOLDERS tests docs Makefile ./*.md)"

# ---- each folder says what lives there, and which file to copy to add one ----

head_notes() {
    for folder in base record platform silence watch $ARMS audit $ROOMS cmd fixtures; do
        note=no
        for header in "$folder"/*.h; do
            # The first comment of the file.
            if sed '/\*\//q' "$header" | tr '\n' ' ' | grep -q '^/\*.*\bcopy\b'; then note=yes; fi
        done
        [ $note = yes ] || echo "$folder: no header begins with what lives there and which file to copy to add one"
    done
}
strict "head notes of folders" "$(head_notes)"

# ---- habits ----

# String literals with {" in them, or with ": and no blank behind it.
json_by_hand() {
    # shellcheck disable=SC2046
    grep -nE '"[^"]*(\{\\"|\\":[^ ])' $(sources ch | grep -vE '^(fixtures/|base/json_out|base/json\.)') /dev/null
}
strict "JSON is printed by base/json_out.h" "$(json_by_hand)"
# One that a signal cuts, or that gives less than there is, is no end of a file: file_at, file_next.
# shellcheck disable=SC2046
strict "pread is called in base alone" "$(grep -nE '[^a-z_]pread\(' $(sources c | grep -vE '^(base|fixtures)/') /dev/null)"
# What grows in an arena, a table that hashes anew and counters of 16 bits are no such arrays.
# shellcheck disable=SC2046
strict "arrays grow by ARRAY_ROOM" "$(grep -nE 'cap \? (2 \*|[a-z>.-]+ \* 2)' $(sources c | grep -v '^base/array') /dev/null |
    grep -vE 'arena_alloc|old\.cap|\(uint16_t\)')"

# The share of an arm's functions that only their file sees.
static_shares() {
    for arm in $ARMS; do
        awk -v arm="$arm" '
        FNR == 1 { head = "" }
        /^[a-z].*\(/ && !/;$/ { head = $0 }
        /^\{/ && head != "" { all++; if (head ~ /^static/) own++; head = "" }
        /^[a-z].*\).*\{.*\}$/ { all++; if ($0 ~ /^static/) own++; head = "" }
        END { printf "%s %d\n", arm, int(100 * own / all) }' "$arm"/*.c
    done
}
# Functions of an arm that a header shows, and no file but their own asks for; a list (.def) asks
# for those that it names.
idle_functions() {
    for arm in $ARMS; do
        awk '/^[a-z].*\(/ && !/;$/ { head = $0 } /^\{/ && head != "" && head !~ /^static/ {
            sub(/\(.*/, "", head); sub(/.*[ *]/, "", head); print head; head = "" } /^\{/ { head = "" }' "$arm"/*.c
    done | sort -u >build/lint/shown
    # shellcheck disable=SC2046
    awk 'NR == FNR { shown[$1] = 1; next }
    { n = split($0, word, /[^a-z_0-9]+/); for (i = 1; i <= n; i++) if (word[i] in shown) { key = word[i] " " FILENAME
        if (!(key in seen) && FILENAME ~ /\.c$/) { seen[key] = 1; in_c[word[i]]++ } else if (FILENAME !~ /\.c$/) in_h[word[i]] += FILENAME ~ /\.def$/ ? 2 : 1 } }
    END { for (name in shown) if (in_c[name] < 2 && in_h[name] < 2) print name " is shown to all, and used in its own file alone" }' \
        build/lint/shown $(sources ch) $(find tests -name '*.[ch]') $(find . -name '*.def' -not -path './build/*')
}
strict "what a header of an arm shows is used elsewhere" "$(idle_functions | sort -u)"
shares=$(static_shares)
owed "four of five functions of an arm are static ($(echo "$shares" | tr '\n' ',' | sed 's/,$//; s/,/, /g'))" "$(echo "$shares" | awk '$2 < 80')"

# ---- documents ----

strict "no document names a path of one machine" "$(grep -nE '(^|[^A-Za-z0-9_.~$-])/(work|root|home/[a-z]|Users)/' ./*.md docs/*.md docs/*.json /dev/null 2>/dev/null)"

# A file of ours that a document names is there.
named_files() {
    # shellcheck disable=SC2016  # backquotes of Markdown
    grep -oE '`[a-zA-Z]+/[A-Za-z0-9_./*-]+\.(c|h|def|sh|md|sql|rules|svg)`|\]\([A-Za-z0-9_./-]+\)' ./*.md docs/*.md silence/*.md | tr -d '`' | grep -v NAME |
        sed 's/](\(.*\))$/\1/' | sort -u | while IFS=: read -r document file; do
            # shellcheck disable=SC2086  # a pattern such as gen_*.c
            ls -d $file >/dev/null 2>&1 || ls -d "$(dirname "$document")/$file" >/dev/null 2>&1 || echo "$document names $file, which is not there"
        done
}
strict "documents name files that are there" "$(named_files)"

# made DOCUMENT SCRIPT: what a script makes of the code is what was committed.
made() {
    sh "$2" 2>&1 | cmp -s - "$1" || echo "$1 is not what sh $2 prints: make draw"
}
strict "docs/architecture.svg is drawn from the includes" "$(made docs/architecture.svg docs/draw.sh)"
strict "docs/reference.md is made from the lists" "$(made docs/reference.md docs/list.sh)"

# One version, in the three places that name it.
versions() {
    version=$(sed -n 's/^VERSION := //p' Makefile)
    grep -qx "version: $version" CITATION.cff || echo "CITATION.cff does not have version $version of the Makefile"
    grep -qx "## $version" CHANGELOG.md || echo "CHANGELOG.md has no part for version $version"
}
strict "Makefile, CITATION.cff and CHANGELOG.md name one version" "$(versions)"

# The terms in the order of letters, capitals and lines as if they were not there.
terms() { sed -n 's/^| \([^|]*[^| ]\) *|.*/\1/p' docs/glossary.md | sed 1d | tr 'A-Z_' 'a-z '; }
strict "the glossary is in order" "$(terms | LC_ALL=C sort -c 2>&1)"

# Every table and column that a new store has stands in docs/schema.md, in the row of its table.
schema_told() {
    sed 's/--.*//' store/schema.sql | tr '\n' ' ' | tr ';' '\n' | sed -n 's/^ *CREATE TABLE \([a-z_]*\) (\(.*\)).*/\1 \2/p' |
        sed 's/PRIMARY KEY ([^)]*)//; s/UNIQUE ([^)]*)//; s/([^()]*(*[^()]*)*[^()]*)//g' |
        while read -r table columns; do
            row=$(grep "^| \`$table\` |" docs/schema.md)
            [ -n "$row" ] || echo "docs/schema.md does not have the table $table"
            for column in $(echo "$columns" | tr ',' '\n' | awk 'NF { print $1 }'); do
                case $row in *"\`$column\`"*) ;; *) echo "docs/schema.md does not have the column $column of $table" ;; esac
            done
        done
}
strict "docs/schema.md has every table and column" "$(schema_told)"
