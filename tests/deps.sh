#!/bin/sh
# Installs what is missing, through apt-get; says what before it does.
# Every package is in Debian 12.
set -u
packages="gcc libc6-dev make pkg-config libcurl4-openssl-dev libxml2-dev libpcre2-dev libcjson-dev libcsv-dev
libsqlite3-dev libinih-dev nettle-dev libarchive-dev libdeflate-dev zlib1g-dev libmicrohttpd-dev
libcmocka-dev gnuplot-nox fonts-dejavu-core clang libclang-rt-14-dev clang-tidy cppcheck sqlite3-tools nginx-light openssl"
missing=""
for p in $packages; do
    dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null | grep -q '^ii' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then sudo=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo="sudo"
elif command -v sudo >/dev/null 2>&1 && [ -t 0 ]; then sudo="sudo"
else
    echo "please install these packages first: apt-get install$missing" >&2
    exit 2
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq && exec $sudo env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
