#!/bin/sh
# tests/dist.sh [FOLDER]: the last commit as blindspot-VERSION.tar.gz, the same bytes from the same
# commit wherever and whenever it is made. --check: it is unpacked elsewhere and built there.
set -u
cd "$(dirname "$0")/.." || exit 1
check=; [ "${1:-}" != --check ] || { check=yes; shift; }
to=${1:-build/dist}
version=$(sed -n 's/^VERSION := //p' Makefile)
name=blindspot-$version
mkdir -p "$to" || exit 1
if ! git rev-parse --verify -q HEAD >/dev/null 2>&1; then
    echo "dist.sh: a tarball is made of a commit, and this is no checkout of git" >&2
    exit 2
fi
[ -z "$(git status --porcelain --untracked-files=no)" ] ||
    echo "dist.sh: what is not committed yet is not in it" >&2
# Times are the commit's, gzip is told no name and no time, and no setting of git counts.
git -c core.autocrlf=false -c tar.umask=0022 archive --format=tar --prefix="$name/" HEAD >"$to/$name.tar" &&
    gzip -n -9 -c "$to/$name.tar" >"$to/$name.tar.gz" && rm -f "$to/$name.tar" || exit 1
(cd "$to" && sha256sum "$name.tar.gz")
[ -n "$check" ] || exit 0

T=$(mktemp -d "${TMPDIR:-/tmp}/blindspot-dist.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT
if ! tar -xzf "$to/$name.tar.gz" -C "$T" || ! make -s -C "$T/$name" all >"$T/said" 2>&1; then
    tail -n 20 "$T/said" >&2
    exit 1
fi
said=$("$T/$name/build/blindspot" --version)
[ "$said" = "blindspot $version" ] || { echo "dist.sh: what was built says \"$said\"" >&2; exit 1; }
echo "it builds: $said"
