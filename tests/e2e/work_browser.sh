#!/bin/sh
# A worker reads pages with a browser, of a site that shows a plain client nothing but its
# challenge: one browser and one challenge for all that it leases, the turns over what gave no
# answer too.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite work_browser
short_tmp
pg_wanted "a worker with a browser"
find_browser
if [ -z "$CHROMIUM" ]; then skip "a worker with a browser" "not installed (make deps): chromium"; exit 0; fi
pg_begin || exit 1
# It counts how often it is started; its name says which browser it is.
counts=$T/$(basename "$CHROMIUM")
printf '#!/bin/sh\necho >>"%s"\nexec "%s" "$@"\n' "$counts.starts" "$CHROMIUM" >"$counts"
chmod 755 "$counts"
make_world "$T/w" 61 44
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "challenge 1" --quirk "spare_solved 60"
ADDRESS="$PG_URL?schema=browser"
"$BLINDSPOT" init "$ADDRESS" "$T/a" >/dev/null 2>&1
expect "init in a schema" 0 $?
mkdir -p "$T/wa"
begun=$(date +%s)
"$BLINDSPOT" -C "$T/wa" --progress=never --set page.browser="$counts" work "$ADDRESS" --name wa --idle 120 >"$T/wa.out" 2>"$T/wa.err" &
WORKER=$!
pids="$pids $WORKER"
SETS="--set page.engine=browser --set page.read_by=workers --set page.workers_wait_s=30"
quiet "$T/a" audit "$T/w/all.txt"
expect "the run ends for the day" 3 $?
took=$(($(date +%s) - begun))
expect "a page without its data was tried in five turns" 5 "$(awk -F '\t' '$2 == "page" && $5 == "stripped"' "$LOG" | wc -l)"
expect "one browser reads all of them" 1 "$(wc -l <"$counts.starts")"
most=$((1 + took / 60))
met=$(awk -F '\t' '$2 == "page" && $5 == "challenge"' "$LOG" | wc -l)
if [ "$met" -ge 1 ] && [ "$met" -le $most ]; then ok "and meets one challenge in its cookie's life"; else
    not_ok "and meets one challenge in its cookie's life" "$met, expected 1 to $most"; fi
for _ in $(seq 300); do pgrep -f "user-data-dir=$S" >/dev/null 2>&1 || break; sleep 0.1; done
expect "it ends once there is nothing to read, and the worker stays" "0 yes" \
    "$(pgrep -fc "user-data-dir=$S" 2>/dev/null || true) $(is_ours "$WORKER" && echo yes)"
signal TERM "$WORKER"; wait "$WORKER"
expect "no folder is left" 0 "$(find "$S" -maxdepth 1 -name 'blindspot-b-*' 2>/dev/null | wc -l)"
expect "and no process" 0 "$(pgrep -fc "user-data-dir=$S" 2>/dev/null || true)"
stop_standin
