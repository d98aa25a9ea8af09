#!/bin/sh
# What --json prints is what docs/json/COMMAND.schema.json says, before the first
# answer, in the middle of an audit and at its end; summary.json too. The schemas
# are closed, so a key that none of them knows is found.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite json_schema
if ! python3 -c 'import jsonschema' 2>/dev/null; then
    skip "the schemas hold" "python3-jsonschema is not installed"
    exit 0
fi

# wrong SCHEMA FILE...: what is not as the schema says.
wrong() {
    python3 -W ignore - "$@" 2>&1 <<'PYTHON'
import json, os, sys
import jsonschema

path = os.path.abspath(sys.argv[1])
with open(path, encoding="utf-8") as f:
    schema = json.load(f)
jsonschema.Draft202012Validator.check_schema(schema)
# For 4.10 of Debian 12; later ones still have it.
here = jsonschema.RefResolver("file://" + path, schema)
check = jsonschema.Draft202012Validator(schema, resolver=here)
for name in sys.argv[2:]:
    with open(name, encoding="utf-8") as f:
        value = json.load(f)
    for error in list(check.iter_errors(value))[:5]:
        where = "/".join(str(part) for part in error.absolute_path)
        print("%s: %s: %s" % (os.path.basename(name), where, error.message[:200]))
PYTHON
}
# holds NAME SCHEMA FILE...: every file is as the schema says.
holds() {
    holds_name=$1; shift
    basename "$1" >>"$T/held"
    wrong "$@" >"$T/said"
    expect_empty "$holds_name" "$T/said"
}
# prints WHEN AUDIT COMMAND...: what it prints holds.
prints() {
    prints_when=$1; prints_audit=$2; shift 2
    quiet "$prints_audit" "$@"
    prints_name=$1
    case $1-$2 in
    sample---* | monitor---*) ;;
    sample-* | monitor-*) prints_name=$1-$2 ;;    # a command of two words
    load---posts) prints_name=load-posts ;;
    esac
    cp "$T/out" "$T/$prints_name.json"
    holds "$prints_when: $prints_name" "docs/json/$prints_name.schema.json" "$T/$prints_name.json"
}
# all_of WHEN AUDIT: the commands that read, and one item of each reason.
all_of() {
    for command in plan diff classify report status check verify doctor review; do prints "$1" "$2" "$command" --json; done
    holds "$1: summary.json" docs/summary.schema.json "$2/report/summary.json"
    rm -f "$T"/item.*
    csv "$2/report/labels.csv" reason id | awk -F '\t' '!seen[$1]++ { print $2 }' >"$T/ids"
    while read -r id; do
        quiet "$2" explain --json "$id"
        cp "$T/out" "$T/item.$id"
    done <"$T/ids"
    [ ! -s "$T/ids" ] || holds "$1: explain, $(wc -l <"$T/ids") reasons" docs/json/explain.schema.json "$T"/item.*
}

echo '{"items":1,"creators":0,"exchanges":0,"files":0,"more":0}' >"$T/more.json"
expect "a key too many is found" 1 "$(wrong docs/json/purge.schema.json "$T/more.json" | grep -c more)"
make_world "$T/w" 29 150 --set vanish_later=0.05
start_standin "$T/w" --mild
SETS="--set api.late_check=30 --set api.validation=true"
prints "a new folder" "$T/a" init --json
printf 'nothing\nhttps://www.tiktok.com/@made.up/live\n' >"$T/w/odd.txt"
prints "files" "$T/a" add --json "$T/w/donation.zip" "$T/w/links.txt" "$T/w/list.csv" "$T/w/odd.txt"
all_of "nothing asked" "$T/a"
prints "a run of asking" "$T/a" fetch --json
prints "a run of reading" "$T/a" scrape --json
expect_text "which counts what it did and what is left" "$T/scrape.json" '"read":[1-9].*"due":.*"finished":false,"next_at":'
prints "the first day" "$T/a" audit --json
all_of "the first day" "$T/a"
cp -R "$T/a" "$T/first"
expect_done "the audit ends" "$T/a"
all_of "finished" "$T/a"
prints "an archive read again" "$T/a" scrape --replay --json
prints "a data package" "$T/a" export --json --to "$T/package"
prints "a bundle" "$T/a" export --json --bundle "$T/a.tar"
prints "a folder for the platform" "$T/a" export --json --for-platform "$T/handed"
move_clock +$((30 * 86400))
audit_until_done "$T/a"
prints "a late check" "$T/a" report --json
prints "a late check" "$T/a" status --json
expect_text "which it tells" "$T/report.json" '"late_checks"'
late_sets=$SETS
SETS="$SETS --set page.vantage=ca --set page.elsewhere=all"
quiet "$T/a" scrape
SETS=$late_sets
prints "two vantages" "$T/a" report --json
expect_text "which it tells" "$T/report.json" '"public_refused": [0-9]'
echo '{"data":{"videos":[{"id":7301234567890123456,"username":"made.up"},{"id":"x"}],"cursor":1,"has_more":false},
"error":{"code":"ok","message":"","log_id":"1"}}' >"$T/reply.json"
prints "evidence that is there" "$T/a" gather --json "$T/a" "$T/first"
prints "two audits" "$T/a" compare --json "$T/first" "$T/a"
expect_text "which has what moved" "$T/compare.json" '"from":"open/'
prints "others' answers" "$T/a" load --json --api --at 2026-03-01 "$T/reply.json"
prints "what is gone" "$T/a" purge --json --gone
prints "purged" "$T/a" verify --json
for file in "$T/a/evidence"/*.gz; do
    printf 'xxxx' | dd of="$file" bs=1 seek=$(($(wc -c <"$file") / 2)) conv=notrunc 2>/dev/null
done
prints "damaged" "$T/a" verify --json
expect_text "which it tells" "$T/verify.json" '"ok":false.*"file":'

# ---- a sample ----

printf '@ann\nhello world\n' >"$T/creators.txt"
printf '{"hasMore":true,"itemList":[{"id":"7301234567890123456","createTime":1,"video":{},"author":{"id":"681","uniqueId":"ann"}}]}' >"$T/posts.json"
prints "creators" "$T/s" sample add --json "$T/creators.txt"
prints "lists" "$T/s" load --posts --json --at 2026-03-01 "$T/posts.json" "$T/creators.txt"
expect_text "which it tells" "$T/out" '"posts":1,.*"newest_only":1'
csv "$T/w/truth.csv" handle | sort | uniq -c | sort -k1,1rn -k2 | awk '{ print "@" $2 }' | sed 3q >"$T/most.txt"
quiet "$T/s2" sample add "$T/most.txt"
prints "lists of the site" "$T/s2" sample list --json
prints "a draw" "$T/s2" sample draw --posts 2 --json
prints "a sample" "$T/s2" sample --json

# ---- a watch list ----

csv "$T/w/truth.csv" id state reason >"$T/states"
awk -F '\t' '$2 == "missing"' "$T/states" | cut -f 1 | sed 3q >"$T/posts"
awk -F '\t' '$3 == "at_once"' "$T/states" | cut -f 1 | sed 2q >"$T/canaries"
{ printf 'date,id,api,page\n'; sed 's/.*/2026-02-27,&,absent,public\n2026-02-28,&,found,\n2026-02-28,&,absent,\nno day,&,found,/' "$T/posts"; } >"$T/torn.csv"
sed '/^no day/d' "$T/torn.csv" >"$T/series.csv"
prints "a watch list" "$T" monitor init "$T/m" --from "$T/a" --json
prints "a series" "$T/m" monitor load --json "$T/series.csv"
expect_text "which it tells" "$T/out" '"posts":3,"days":2,.*"contrary_rows":3'
prints "one that cannot be taken" "$T/m" monitor load --json "$T/torn.csv"
expect_text "which it tells" "$T/out" '"files":0,"files_failed":1'
# shellcheck disable=SC2046  # ids are words
prints "posts" "$T/m" monitor add --json $(cat "$T/posts")
# shellcheck disable=SC2046
prints "canaries" "$T/m" monitor add --json --canary $(cat "$T/canaries")
prints "a round" "$T/m" monitor run --json
prints "a note" "$T/m" monitor note --json 2026-02-28 'They said "it is down" </script>'
expect_text "which it tells" "$T/out" '"date":"2026-02-28"'
prints "new posts" "$T/m" monitor fresh --json "$(cat "$T/posts" "$T/canaries" | sed 1q)"
expect_text "of which none is new" "$T/out" '"added":0,.*"too_old":1'
prints "events" "$T/m" monitor alert --exec true --json
prints "a day" "$T/m" monitor --json
prints "a site" "$T/m" monitor site --json "$T/public"
expect_text "which it tells" "$T/out" '"notes":1'

# ---- together ----

prints "one site" "$T" site --json "$T/www" "$T/first" "$T/s2" "$T/m"
expect "which says what is where" "audit sample watch" "$(jq -r '.entries | map(.kind) | join(" ")' "$T/site.json")"
jq -r '.entries[].data' "$T/site.json" | while read -r file; do [ -s "$T/www/$file" ] || echo "$file"; done >"$T/said"
expect_empty "and where its numbers are" "$T/said"

# No schema without a row above: one that nobody holds anything against ages unseen. That of spread,
# which wants a server, is held by gather.sh.
echo spread.schema.json >>"$T/held"
(cd docs/json && ls ./*.schema.json) | sed 's,^\./,,' | grep -vxFf "$T/held" >"$T/said"
expect_empty "every schema of docs/json/ is held against what is printed" "$T/said"
