#!/bin/sh
# deps.sh [demo|test|bench|fuzz|deb]...: installs what is missing for that (without a
# word: for all of it) through apt-get, and says what before it does. Every package
# is in Debian 12. Where all is there it is done in a few milliseconds. What the tests
# in a browser, on PostgreSQL and on a real S3 server need may stay missing: they are skipped then, by name.
# shellcheck disable=SC2086  # lists of packages
set -u
cd "$(dirname "$0")/.." || exit 2

# To build. libc6-dev is named because gcc only recommends it.
packages="gcc libc6-dev make pkg-config libcurl4-openssl-dev libssl-dev libxml2-dev libpcre2-dev libcjson-dev libcsv-dev
libsqlite3-dev libinih-dev nettle-dev libarchive-dev libdeflate-dev zlib1g-dev libmicrohttpd-dev libxlsxwriter-dev"
# A faster checksum; Debian has it for these two, and elsewhere libdeflate's does.
case $(dpkg --print-architecture 2>/dev/null) in amd64 | arm64) packages="$packages libisal-dev" ;; esac
# The figures; another font would give them other widths.
packages="$packages gnuplot-nox fonts-dejavu-core"
optional=""; browser=""
[ $# -gt 0 ] || set -- test bench fuzz
for purpose; do
    case $purpose in
    demo) ;;
    # nginx and openssl: HTTP/2 over a verified certificate, on loopback; sqlite3: the
    # goldens' audits all get the same seed; jq: what --json printed; yajl: a second
    # reader of JSON, beside which ours is fuzzed and the corpora are replayed; clang-format: `make format`;
    # junitparser, xmllint and yaml read what `check` writes for build servers; mandoc reads the man pages,
    # zsh and fish the completions.
    test) packages="$packages libcmocka-dev cppcheck clang-format clang-tidy shellcheck nginx openssl openssh-client sqlite3 jq libyajl-dev
        python3-jsonschema python3-junitparser python3-yaml libxml2-utils poppler-utils mandoc zsh fish"
        # Chromium and what drives it; a node from elsewhere brings its own npm.
        browser=yes
        command -v node >/dev/null 2>&1 || optional="$optional nodejs"
        command -v npm >/dev/null 2>&1 || optional="$optional npm"
        command -v chromium >/dev/null 2>&1 || optional="$optional chromium"
        command -v pdftotext >/dev/null 2>&1 || optional="$optional poppler-utils"
        # A server of the tests' own, and what blindspot asks one by (optional in it too).
        optional="$optional libpq-dev"
        [ -x "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n 1)" ] || optional="$optional postgresql-15"
        # A real S3 server, in one process of Debian's own Python.
        optional="$optional python3-swift" ;;
    # nginx serves the pages; the others (28 MB) are what is measured against: sqldiff
    # beside the comparison of two stores, Scrapy and aiohttp beside the page arm.
    bench) packages="$packages curl sqlite3-tools nginx python3-scrapy python3-aiohttp" ;;
    # -fsanitize=fuzzer, which clang only recommends.
    fuzz) packages="$packages clang libclang-rt-14-dev libyajl-dev" ;;
    # What builds a Debian package and looks at it.
    deb) packages="$packages dpkg-dev debhelper lintian fakeroot" ;;
    *) echo "deps.sh: expected demo, test, bench, fuzz or deb, not \"$purpose\"" >&2; exit 2 ;;
    esac
done

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "this is not a Debian: what these packages hold has to be there already:" $packages >&2
    exit 0
fi
missing_of() {  # PACKAGES...: those that are not installed, each with a blank before it
    installed=" $(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null | sed -n 's/^.i //p' | tr '\n' ' ')"
    for p; do
        case $installed in *" $p "*) ;; *) printf ' %s' "$p" ;; esac
    done
}

# What drives Chromium comes from npm, by the digests of package-lock.json, and lies below build/.
browser_modules() {
    to=build/browser
    cmp -s tests/browser/package-lock.json $to/package-lock.json && return
    command -v npm >/dev/null 2>&1 || return
    echo "installing: what tests/browser/package.json names, into $to"
    rm -rf $to; mkdir -p $to || return
    cp tests/browser/package.json $to/ && cp tests/browser/package-lock.json $to/ &&
        (cd $to && timeout 180 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1 </dev/null) >$to/npm.log 2>&1 && return
    tail -n 3 $to/npm.log >&2
    rm -rf $to
    echo "npm could not install it: the tests in a browser will be skipped" >&2
}

missing=$(missing_of $packages)
[ -z "$optional" ] || optional=$(missing_of $optional)
if [ -n "$missing$optional" ]; then
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then as_root="sudo"
    elif [ -z "$missing" ]; then
        echo "not installed, so the tests in a browser, on PostgreSQL or on a real S3 server will be skipped:$optional" >&2; optional=
    else
        echo "please install these packages first: apt-get install$missing$optional" >&2
        exit 2
    fi
    echo "installing:$missing$optional"
fi

# The tests start their own nginx; a web server that listens from now on is not what
# anybody asked for. So nothing may be started while the packages are installed (the
# way Debian has for this: invoke-rc.d(8)), and a new nginx does not come up at the
# next boot either. A policy that the machine already has is its owner's and stays.
# shellcheck disable=SC2016  # a script of its own, which expands later
install='
set -u
policy=/usr/sbin/policy-rc.d
ours=no
said=$(mktemp) || exit 2
tidy() { [ "$ours" = no ] || rm -f "$policy"; rm -f "$said"; }
trap tidy EXIT
trap "exit 130" HUP INT TERM
if [ ! -e "$policy" ]; then
    ours=yes
    printf "#!/bin/sh\nexit 101\n" >"$policy" && chmod 755 "$policy" || exit 2
fi
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@"; } \
    >"$said" 2>&1 </dev/null || { tail -n 20 "$said" >&2; exit 2; }
case " $* " in *" nginx "*)
    [ "$ours" = yes ] || service nginx stop
    update-rc.d nginx disable ;;
esac >/dev/null 2>&1
# The same of PostgreSQL: the empty cluster that came with it, and never ran, goes again.
case " $* " in *" postgresql-15 "*) pg_dropcluster 15 main ;; esac >/dev/null 2>&1
exit 0
'
if [ -n "$missing" ] && ! $as_root sh -c "$install" deps.sh $missing; then
    echo "apt-get could not install these packages:$missing" >&2
    exit 2
fi
# Each alone where they do not come together, so that one that is not to be had takes none along.
without=""
if [ -n "$optional" ] && ! $as_root sh -c "$install" deps.sh $optional 2>/dev/null; then
    for p in $optional; do $as_root sh -c "$install" deps.sh $p || without="$without $p"; done
fi
[ -z "$without" ] ||
    echo "apt-get could not install these packages, so the tests in a browser, on PostgreSQL or on a real S3 server will be skipped:$without" >&2
[ -z "$browser" ] || browser_modules
exit 0
