#!/bin/sh
# tests/far/all.sh [NAME...]: goldens and end-to-end scripts with each store in a schema of the server at
# BLINDSPOT_TEST_PG (tests/pg.sh starts one). Without names: every golden, and the scripts that hold labels against
# the truth of their world. A copy of an audit's folder has a copy of its schema (copy_audit of tests/lib.sh); what is
# to be a bundle or purged is gathered into its folder first (bring_home). Not those whose matter is the file of a
# store, as they flip its bytes (damage), or bundle, sign and purge it from their beginning (bundle, seal, purge).
set -u
cd "$(dirname "$0")/../.." || exit 1
export BLINDSPOT_TEST_STORE=postgresql
scripts="day late load losses monitor one truth sample fresh first_embed witnesses renamed accounts numbers blocked
    blocked_posts handover export figure evidence watch draw frame monitor_rough check review"
all_failed=0

run() { timeout 1500 sh "$@" || all_failed=1; }

if [ $# -eq 0 ]; then
    run tests/golden/run.sh
    # shellcheck disable=SC2086  # names without blanks
    set -- $scripts
fi
for name; do
    if [ -d "tests/golden/$name" ]; then run tests/golden/run.sh "$name"; else run "tests/e2e/$name.sh"; fi
done
exit $all_failed
