#!/bin/sh
# Whole audits while the API loses posts in ways that need a post that is not
# public, fails for some windows, or shows posts late: no verdict is wrong.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite losses
run=0
# platform NAME QUIRKS...: an audit of 600 posts on it equals the truth.
platform() {
    platform_name=$1; shift
    run=$((run + 1))
    export XDG_STATE_HOME="$T/state$run"
    make_world "$T/w$run" $((60 + run)) 600
    start_standin "$T/w$run" "$@"
    expect_done "$platform_name: the audit ends" "$T/a$run" "$T/w$run/all.txt"
    compare_truth "$T/w$run" "$T/a$run" swallow >"$T/diff"
    expect_empty "$platform_name: every verdict equals the truth" "$T/diff"
    stop_standin
}
platform "everything lost beside a dead id" --quirk "swallow_dead 1"
platform "a favoured few never lost" --quirk "swallow_dead 0.6" --quirk "favoured 0.4"
platform "windows that fail for three days" --quirk "swallow_dead 0.3" --quirk "window_fail 0.3 3"
platform "two days without an answer" --quirk "swallow_dead 0.3" --quirk "outage 1 2"
platform "posts after 48 to 72 hours" --quirk "swallow_dead 0.3" --quirk "delay_hours 48 72"
expect_no_leak "key, secret and token stand in no file"
