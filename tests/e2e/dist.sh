#!/bin/sh
# The tarball of the last commit: the same bytes each time, and what git holds, no more and no
# less. (`make distcheck` builds it, `make deb` makes packages of it: minutes each.)
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite dist
if ! git rev-parse --verify -q HEAD >/dev/null 2>&1; then
    skip "the tarball" "this is no checkout of git"
    exit 0
fi
version=$(sed -n 's/^VERSION := //p' Makefile)
name=blindspot-$version
sh tests/dist.sh "$T/one" >"$T/said" 2>&1; expect "a tarball is made" 0 $?
sleep 1
(umask 077; TZ=Asia/Tokyo LC_ALL=C.UTF-8 sh tests/dist.sh "$T/two" >"$T/said" 2>&1); expect "and once more, elsewhere and later" 0 $?
expect "both hold the same bytes" "" "$(cmp "$T/one/$name.tar.gz" "$T/two/$name.tar.gz" 2>&1)"
tar -tzf "$T/one/$name.tar.gz" | grep -v '/$' | sed "s#^$name/##" | sort >"$T/held"
git -c core.quotePath=false ls-tree -r --name-only HEAD | sort >"$T/want"
diff "$T/want" "$T/held" >"$T/diff"
expect_empty "it holds what the commit holds" "$T/diff"
expect "the package has the version of the program" "$version" "$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)"
# What the tests look for stands in their own sources, and so in the tarballs.
rm -f "$T/one/$name.tar.gz" "$T/two/$name.tar.gz"
