#!/bin/sh
# tests/deb.sh: the Debian packages, from the tarball of the last commit: built, looked at by
# lintian (an error fails), and the demo run from what they install. Without AUTOPKGTEST=yes the
# packages are unpacked into a folder for that; with it autopkgtest installs them on this machine
# (root), and takes them away again.
set -u
cd "$(dirname "$0")/.." || exit 1
for program in dpkg-buildpackage dh lintian; do
    command -v $program >/dev/null 2>&1 || { echo "deb.sh: $program is missing: make deps deb" >&2; exit 2; }
done
version=$(sed -n 's/^VERSION := //p' Makefile)
to=$PWD/build/deb
rm -rf "$to"
mkdir -p "$to" || exit 1
sh tests/dist.sh "$to" && tar -xzf "$to/blindspot-$version.tar.gz" -C "$to" || exit 1
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct); export SOURCE_DATE_EPOCH
(cd "$to/blindspot-$version" && dpkg-buildpackage -us -uc "-j$(nproc)") >"$to/build.log" 2>&1 || {
    tail -n 30 "$to/build.log" >&2; exit 1
}
echo "built: $(cd "$to" && echo ./*.deb)"
lintian --fail-on error --allow-root "$to"/blindspot_*.changes || exit 1
echo "lintian finds no error"
if [ "${AUTOPKGTEST:-}" = yes ]; then
    autopkgtest "$to"/blindspot_*.deb "$to"/blindspot-demo_*.deb "$to"/blindspot_*.dsc -- null
    code=$?
    apt-get purge -y -qq blindspot blindspot-demo >/dev/null 2>&1
    exit $code
fi
for deb in "$to"/*.deb; do
    case $deb in *dbgsym*) ;; *) dpkg-deb -x "$deb" "$to/root" || exit 1 ;; esac
done
ROOT=$to/root BLINDSPOT=$to/root/usr/bin/blindspot AUTOPKGTEST_TMP=$to sh debian/tests/demo >"$to/demo.log" 2>&1 || {
    tail -n 20 "$to/demo.log" >&2; exit 1
}
tail -n 1 "$to/demo.log"
