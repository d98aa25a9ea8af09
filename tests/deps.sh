#!/bin/sh
# deps.sh [demo|test|bench|fuzz]...: installs what is missing for that (without a
# word: for all of it) through apt-get, and says what before it does. Every package
# is in Debian 12. Where all is there it is done in a few milliseconds.
# shellcheck disable=SC2086  # lists of packages
set -u

# To build. libc6-dev is named because gcc only recommends it.
packages="gcc libc6-dev make pkg-config libcurl4-openssl-dev libxml2-dev libpcre2-dev libcjson-dev libcsv-dev
libsqlite3-dev libinih-dev nettle-dev libarchive-dev libdeflate-dev zlib1g-dev libmicrohttpd-dev"
# A faster checksum; Debian has it for these two, and elsewhere libdeflate's does.
case $(dpkg --print-architecture 2>/dev/null) in amd64 | arm64) packages="$packages libisal-dev" ;; esac
# The figures; another font would give them other widths.
packages="$packages gnuplot-nox fonts-dejavu-core"
[ $# -gt 0 ] || set -- test bench fuzz
for purpose; do
    case $purpose in
    demo) ;;
    # nginx and openssl: HTTP/2 over a verified certificate, on loopback; sqlite3: the
    # goldens' audits all get the same seed; jq: what --json printed; yajl: a second
    # reader of JSON, beside which ours is fuzzed and the corpora are replayed; clang-format: `make format`;
    # junitparser, xmllint and yaml read what `check` writes for build servers.
    test) packages="$packages libcmocka-dev cppcheck clang-format clang-tidy shellcheck nginx openssl sqlite3 jq libyajl-dev
        python3-jsonschema python3-junitparser python3-yaml libxml2-utils" ;;
    # nginx serves the pages; the others (28 MB) are what is measured against: sqldiff
    # beside the comparison of two stores, Scrapy and aiohttp beside the page arm.
    bench) packages="$packages sqlite3-tools nginx python3-scrapy python3-aiohttp" ;;
    # -fsanitize=fuzzer, which clang only recommends.
    fuzz) packages="$packages clang libclang-rt-14-dev libyajl-dev" ;;
    *) echo "deps.sh: expected demo, test, bench or fuzz, not \"$purpose\"" >&2; exit 2 ;;
    esac
done

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "this is not a Debian: what these packages hold has to be there already:" $packages >&2
    exit 0
fi
installed=" $(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' $packages 2>/dev/null | sed -n 's/^.i //p' | tr '\n' ' ')"
missing=""
for p in $packages; do
    case $installed in *" $p "*) ;; *) missing="$missing $p" ;; esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then as_root=""
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then as_root="sudo"
else
    echo "please install these packages first: apt-get install$missing" >&2
    exit 2
fi
echo "installing:$missing"

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
exit 0
'
if ! $as_root sh -c "$install" deps.sh $missing; then
    echo "apt-get could not install these packages:$missing" >&2
    exit 2
fi
