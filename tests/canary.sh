# shellcheck shell=sh
# tests/canary.sh: where key, secret and access token of the tests must never
# stand: files of any kind, archives unpacked, and the arguments of processes.
# To be sourced; the words are kept in a file, so that no grep carries them.
#     canary_begin FILE      makes the file of words
#     canary_in PATH...      names each file in which one stands
#     canary_seen SESSION... names each process of these sessions whose arguments hold one
# With CANARY_HITS set (tests/run.sh does), what is deleted through
# discard PATH... is searched before it goes.

# Values that occur nowhere else: found in any file that a run leaves, they leaked.
KEY=canary-key-51be0d77c2
SECRET=canary-secret-7f3a91c2e8
TOKEN=clt.2.          # how the stand-in's access tokens begin
PG_PASSWORD=canary-database-0e6fb2d41a
BUCKET_ID=AKIACANARY40D1C7E2
BUCKET_SECRET=canary/bucket+secret-9c2e71f0
BUCKET_TOKEN=canary-bucket-token-5d08aa31==

canary_begin() {
    CANARY_WORDS=$1
    printf '%s\n' "$KEY" "$SECRET" "$TOKEN" "$PG_PASSWORD" "$BUCKET_ID" "$BUCKET_SECRET" "$BUCKET_TOKEN" >"$CANARY_WORDS"
}
canary_in() {
    grep -rlaF -f "$CANARY_WORDS" "$@" 2>/dev/null
    find "$@" -name '*.gz' -type f 2>/dev/null | while read -r packed; do
        if gzip -dcq "$packed" 2>/dev/null | grep -qaF -f "$CANARY_WORDS"; then echo "$packed (unpacked)"; fi
    done
}
session_of() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 4; }
canary_seen() {
    grep -laF -f "$CANARY_WORDS" /proc/[0-9]*/cmdline 2>/dev/null | while read -r seen; do
        seen=${seen%/cmdline}
        case " $* " in *" $(session_of "${seen#/proc/}") "*) echo "arguments of $(cat "$seen/comm" 2>/dev/null)" ;; esac
    done
}
discard() {
    [ -z "${CANARY_HITS:-}" ] || canary_in "$@" >>"$CANARY_HITS"
    rm -rf "$@"
}
