#!/bin/sh
# fresh.sh: `make demo` and `make test` as somebody meets them who has just installed
# Debian 12, git and make. A minimal system is made with debootstrap from this machine's own
# package sources, the checkout's HEAD is cloned into it, and both commands run there; the
# tests, once their packages are in, with no network but loopback, which is all that they
# may need. Logs stay in build/fresh/; the system is removed, whatever happens.
# BLINDSPOT_FRESH: the folder to make it in (2.5 GB; default $TMPDIR, else /tmp).
set -u
SUITE=bookworm

give_up() { echo "fresh: $*" >&2; exit 2; }

if [ "${1:-}" = loopback ]; then
    shift
    ip link set lo up && exec "$@"
    give_up "loopback cannot be set up"
fi
if [ "${1:-}" != inside ]; then
    cd "$(dirname "$0")/.." || exit 2
    [ "$(id -u)" = 0 ] || give_up "needs root, for debootstrap and chroot"
    command -v debootstrap >/dev/null 2>&1 || give_up "needs debootstrap: apt-get install debootstrap"
    command -v ip >/dev/null 2>&1 || give_up "needs ip: apt-get install iproute2"
    # Mounts and processes of its own, which end with it. Where this one is killed, the inner
    # one is told to end, and cleans up.
    exec unshare --mount --propagation private --pid --fork --kill-child=TERM sh tests/fresh.sh inside
fi

logs=$PWD/build/fresh
where=${BLINDSPOT_FRESH:-${TMPDIR:-/tmp}}
box=""
child=""

clean_up() {
    [ -n "$box" ] || return 0
    if [ -n "$child" ]; then
        kill -s KILL -- "-$child" 2>/dev/null
        wait "$child" 2>/dev/null
        sleep 1
    fi
    # The deepest first; a folder that something is still mounted in is never removed.
    for at in "$box/root/dev/shm" "$box/root/dev/pts" "$box/root/proc"; do
        if mountpoint -q "$at"; then umount "$at" 2>/dev/null || umount -l "$at"; fi
    done
    if grep -q " $box/" /proc/self/mounts; then
        echo "fresh: something is still mounted in $box; it was not removed" >&2
    else
        rm -rf --one-file-system "$box"
    fi
    box=""
}
trap clean_up EXIT
trap 'exit 130' HUP INT TERM

# Runs a command so that a signal to this script does not have to wait for its end.
watched() {
    setsid "$@" &
    child=$!
    wait "$child"
    set -- $?
    child=""
    return "$1"
}

# "URI SUITE COMPONENT" of each package source of this machine that belongs to the release.
sources_of_machine() {
    # shellcheck disable=SC2016  # fields of apt's, not variables
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v suite="$SUITE" '$2 == suite || index($2, suite "-") == 1' | sort -u
}

# How this machine reaches them: proxies, certificates, checks of dates. Proxies of the
# environment become settings of apt, so that nothing else in the new system sees one.
apt_settings_of_machine() {
    apt-config dump | grep -E '^Acquire::(https?|Retries|Check-Valid-Until|Check-Date|ForceIPv[46])([: ]|::)' |
        grep -v 'AutoDetect\|Auto-Detect'
    [ -z "${http_proxy:-}" ] || echo "Acquire::http::Proxy \"$http_proxy\";"
    [ -z "${https_proxy:-}" ] || echo "Acquire::https::Proxy \"$https_proxy\";"
}

make_system() {
    sources=$(sources_of_machine)
    mirror=$(echo "$sources" | awk -v suite="$SUITE" '$2 == suite && $3 == "main" { print $1; exit }')
    [ -n "$mirror" ] || give_up "apt on this machine has no source of $SUITE main"
    eval "$(apt-config shell http_now Acquire::http::Proxy https_now Acquire::https::Proxy)"
    watched env http_proxy="${http_proxy:-${http_now:-}}" https_proxy="${https_proxy:-${https_now:-}}" \
        debootstrap --variant=minbase --include=git,make,ca-certificates "$SUITE" "$box/root" "$mirror" \
        >"$logs/debootstrap.log" 2>&1 ||
        { tail -n 5 "$logs/debootstrap.log" >&2; give_up "debootstrap failed, see build/fresh/debootstrap.log"; }
    echo "$sources" | sed 's/^/deb /' >"$box/root/etc/apt/sources.list"
    apt_settings_of_machine >"$box/root/etc/apt/apt.conf.d/00machine"
    for file in /etc/hosts /etc/resolv.conf /etc/ssl/certs/ca-certificates.crt $(apt-config dump |
        sed -n 's/^Acquire::https.*::CaInfo "\(.*\)";$/\1/p'); do
        if [ -e "$file" ]; then
            mkdir -p "$box/root$(dirname "$file")" && cp -L "$file" "$box/root$file" || return 1
        fi
    done
}

# The checkout may belong to somebody else than root, who runs this.
clone_project() {
    printf '[safe]\n\tdirectory = *\n' >"$box/gitconfig"
    GIT_CONFIG_GLOBAL=$box/gitconfig git clone -q --no-hardlinks . "$box/root/root/blindspot" || return 1
    echo "fresh: $(GIT_CONFIG_GLOBAL=$box/gitconfig git log -1 --format='commit %h, %s')"
    if [ -n "$(GIT_CONFIG_GLOBAL=$box/gitconfig git status --porcelain)" ]; then
        echo "fresh: what is not committed is not in it"
    fi
}

mount_all() {
    mount -t proc proc "$box/root/proc" &&
        mount -t tmpfs -o mode=1777 tmpfs "$box/root/dev/shm" &&
        mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$box/root/dev/pts"
}

# run NAME COMMAND...: the command runs in the new system, in the clone; its log is NAME.log.
run() {
    name=$1
    shift
    from=$(date +%s)
    # shellcheck disable=SC2086  # a command of several words, or none
    watched $net chroot "$box/root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        HOME=/root TERM=dumb sh -c 'cd /root/blindspot && exec "$@"' sh "$@" >"$logs/$name.log" 2>&1
    rc=$?
    echo "== $*: exit code $rc after $(($(date +%s) - from)) s; build/fresh/$name.log ends with"
    tail -n 20 "$logs/$name.log"
    left=$(ps -e -o pid=,args= | while read -r pid args; do
        [ "$(readlink "/proc/$pid/root")" != "$box/root" ] || echo "$args"; done)
    if [ -n "$left" ]; then
        echo "fresh: $* left this running: $left"
        rc=1
    fi
    [ "$rc" = 0 ] || failed=1
}

mkdir -p "$logs" "$where" || exit 2
box=$(mktemp -d "$where/blindspot-fresh.XXXXXX") && box=$(cd "$box" && pwd -P) || exit 2
mount -t proc proc /proc || give_up "needs a /proc of its own, which this machine does not allow"
make_system && clone_project && mount_all || exit 2

failed=0
net=""
run demo make demo
run deps sh tests/deps.sh test
net="unshare --net sh tests/fresh.sh loopback"
run test make test
clean_up
[ "$failed" = 0 ] || { echo "fresh: failed"; exit 1; }
echo "fresh: both commands passed on a minimal Debian ($SUITE)"
