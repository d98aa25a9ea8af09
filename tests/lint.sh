#!/bin/sh
# Static checks: which folder may include what, clang-tidy (.clang-tidy),
# cppcheck, shellcheck. What clang-tidy said of a file is kept under build/lint
# by the digest of the file as the compiler sees it, so only changes cost time.
#   tests/lint.sh                all of it
#   tests/lint.sh --shape        what needs no analyser, in seconds
#   tests/lint.sh --tidy FILE    one file through clang-tidy
# The analyser follows the paths of a function to NODES states, which is a quarter of its own
# limit and of its time; LINT_DEEP=1 (make analyse) to that limit.
set -u
cd "$(dirname "$0")/.." || exit 1
CACHE=build/lint
mkdir -p "$CACHE" || exit 1
failed=0
NODES=50000
[ "${LINT_DEEP:-}" = 1 ] && NODES=225000
PACKAGES="libcurl libcrypto libxml-2.0 libpcre2-8 libcjson sqlite3 inih nettle libarchive libdeflate zlib xlsxwriter"
pkg-config --exists libisal && PACKAGES="$PACKAGES libisal" HAVE=-DHAVE_ISAL
pkg-config --exists libpq && PACKAGES="$PACKAGES libpq" HAVE="${HAVE:-} -DHAVE_PG"

WARN=$(sed -n 's/^WARN *:= *//p' Makefile)

flags() {
    # shellcheck disable=SC2086  # a list of packages
    echo "-std=c17 -D_GNU_SOURCE -DBLINDSPOT_VERSION=\"0\" $WARN -I. ${HAVE:-} $(pkg-config --cflags $PACKAGES)"
}

if [ "${1:-}" = --tidy ]; then
    # shellcheck disable=SC2046  # flags are words
    digest=$({ echo "$NODES"; cat .clang-tidy; gcc -E -P $(flags) "$2"; } 2>/dev/null | sha256sum | cut -c1-40)
    kept=$CACHE/$(echo "$2" | tr / _).$digest
    [ -e "$kept" ] && exit 0
    # shellcheck disable=SC2046
    if clang-tidy --quiet "$2" -- $(flags) -Xclang -analyzer-config -Xclang max-nodes=$NODES >"$kept.tmp" 2>"$kept.err"; then
        rm -f "$CACHE/$(echo "$2" | tr / _)".[0-9a-f]* "$kept.err"
        : >"$kept"
        exit 0
    fi
    grep -E 'warning:|error:' "$kept.tmp" "$kept.err" | sed 's/^[^:]*\.\(tmp\|err\)://; s/^/# /' | sort -u
    rm -f "$kept.tmp" "$kept.err"
    exit 1
fi

FOLDERS="base record platform silence watch import fetch scrape diff classify archive store report audit cmd fixtures"
# The files with one of these endings (letters) in the folders of the program; none is empty.
sources() { find $FOLDERS -name "*.[$1]" | sort; }

result() {      # NAME CODE TEXT
    if [ "$2" -eq 0 ]; then
        echo "ok - lint: $1"
    else
        echo "not ok - lint: $1"
        printf '%s\n' "$3" | sed 's/^# //; s/^/# /'
        failed=1
    fi
}

# ---- which folder may include what: includes point down, arms never sideways ----

includes() {
    # shellcheck disable=SC2046  # no blanks in names of ours
    grep -n '^#include "' $(sources ch) /dev/null | awk '
    BEGIN {
        may["base"] = ""; may["record"] = "base"; may["platform"] = "base record"; may["silence"] = may["watch"] = "base record"
        n = split("import fetch scrape diff classify archive store report", arm, " ")
        for (i = 1; i <= n; i++) { may[arm[i]] = "base record platform"; arms = arms " " arm[i] }
        lower = "base record platform silence watch" arms
        may["audit"] = lower
        may["turn"] = lower " audit verdict"
        may["sample"] = may["monitor"] = lower " audit verdict"
        may["work"] = lower " audit"
        may["verdict"] = may["keep"] = may["take"] = lower " audit"
        may["cmd"] = lower " audit turn verdict keep take sample monitor work"
    }
    # A room of audit/ counts as a folder of its own.
    function home(path,    part) {
        split(path, part, "/")
        return part[1] == "audit" && part[2] !~ /\./ ? part[2] : part[1]
    }
    {
        file = $0; sub(/:.*/, "", file)
        target = $0; sub(/.*#include "/, "", target); sub(/".*/, "", target)
        own = home(file); folder = home(target)
        if (index(target, "/") == 0) { print file ": includes are written from the root, not \"" target "\""; next }
        if (folder == own) next
        if (own == "fixtures") {
            if (target !~ /^(base\/(arena|array|err|utc|opt|str)|record\/(id|label))\.h$/)
                print file ": the stand-in may not use " target
        } else if (index(" " may[own] " ", " " folder " ") == 0) {
            print file ": " own " may not include " target
        }
    }
    END { if (NR == 0) print "no includes were found" }'
}
wrong=$(includes)
result "includes point down" "$([ -z "$wrong" ] && echo 0 || echo 1)" "$wrong"

# shellcheck source=tests/shape.sh
. tests/shape.sh

# ---- the database's library is one file's business ----

suite=$(for t in store sink ledger view; do echo "tests/unit/test_$t.c"; done)
# shellcheck disable=SC2046,SC2086  # no blanks in names of ours
wrong=$(grep -l '^#include <sqlite3.h>' $(sources ch) $suite | grep -v '^store/db_sqlite\.c$')
[ -f store/db_sqlite.c ] || wrong="store/db_sqlite.c is not there"
result "sqlite3.h is included once" "$([ -z "$wrong" ] && echo 0 || echo 1)" "$wrong"
# shellcheck disable=SC2046  # no blanks in names of ours
wrong=$(grep -l '^#include <libpq-fe.h>' $(sources ch) | grep -v -e '^store/pg\.c$' -e '^store/db_postgres\.c$')
result "libpq-fe.h is included by pg.c and db_postgres.c alone" "$([ -z "$wrong" ] && echo 0 || echo 1)" "$wrong"

[ "${1:-}" = --shape ] && exit $failed

# ---- shellcheck ----

if command -v shellcheck >/dev/null 2>&1; then
    # shellcheck disable=SC2046  # no blanks in names of ours
    said=$(shellcheck -x -S warning $(find tests docs .ci -name '*.sh' -type f) 2>&1)
    result "shellcheck" $? "$said"
else
    echo "ok - lint: shellcheck # SKIP shellcheck is not installed"
fi

# ---- cppcheck ----

if command -v cppcheck >/dev/null 2>&1; then
    mkdir -p "$CACHE/cppcheck"
    # It trips over tables that are included inside an initializer (internalAstError), takes the linker's
    # start and end of defaults.c for two objects, and misses that the scanner of json_scan.c is set member by member.
    said=$(cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr -j 2 \
        --error-exitcode=1 --suppress=missingIncludeSystem \
        --suppress=internalAstError --suppress=comparePointers:classify/defaults.c --suppress=ctuuninitvar:base/json_scan.c \
        --cppcheck-build-dir="$CACHE/cppcheck" \
        -D_GNU_SOURCE -DBLINDSPOT_VERSION='"0"' -I. \
        $FOLDERS 2>&1)
    result "cppcheck" $? "$said"
else
    echo "ok - lint: cppcheck # SKIP cppcheck is not installed"
fi

# ---- clang-tidy ----

if command -v clang-tidy >/dev/null 2>&1; then
    said=$({ sources c; ls tests/fuzz/*.c; } | xargs -n 1 -P 2 sh tests/lint.sh --tidy)
    result "clang-tidy" $? "$said"
else
    echo "ok - lint: clang-tidy # SKIP clang-tidy is not installed"
fi
exit $failed
