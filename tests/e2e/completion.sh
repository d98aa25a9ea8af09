#!/bin/sh
# Completions in the shells themselves: a line is typed at a terminal, Tab is pressed, and the words
# that it then has are compared. The scripts are those that `make install` puts down.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite completion

mkdir "$T/w" "$T/w/folder"
: >"$T/w/links.txt"
for shell in bash zsh fish; do "$BLINDSPOT" completion $shell >"$T/$shell" || not_ok "completion $shell"; done
# A line, and what Tab makes of it.
cat >"$T/lines" <<'END'
blindspot aud|audit
blindspot -C folder stat|-C folder status
blindspot -C fol|-C folder/
blindspot --prog|--progress
blindspot --progress alw|--progress always
blindspot --set evidence.ke|--set evidence.keep=
blindspot --set evidence.keep=ext|--set evidence.keep=extract
blindspot -q --set page.recheck=n|-q --set page.recheck=no
blindspot export --form|export --format
blindspot export --format js|export --format jsonl
blindspot add lin|add links.txt
blindspot --set api.batch=50 export --side pa|--set api.batch=50 export --side page
blindspot init fol|init folder/
blindspot figure waterf|figure waterfall
blindspot figure --format svg,pd|figure --format svg,pdf
blindspot help compa|help compare
blindspot monit|monitor
blindspot monitor ru|monitor run
blindspot -C folder monitor si|-C folder monitor site
blindspot monitor run --lim|monitor run --limit
blindspot monitor --js|monitor --json
blindspot sample draw --order new|sample draw --order newest
blindspot sample add lin|sample add links.txt
blindspot help sett|help settings
blindspot completion f|completion fish
blindspot explain 73|explain 73
END
cut -d '|' -f 1 "$T/lines" >"$T/typed"
cut -d '|' -f 2 "$T/lines" >"$T/want"

# in_shell NAME SETUP COMMAND...: every line at its terminal.
in_shell() {
    name=$1; setup=$2; shift 2
    if ! command -v "$name" >/dev/null 2>&1; then skip "$name completes" "$name is not installed"; return; fi
    python3 tests/press_tab.py "$T/w" "$setup" "$@" <"$T/typed" >"$T/got.$name" 2>"$T/err"
    sed 's/ *$//' "$T/got.$name" | diff - "$T/want" >"$T/differs" 2>&1
    expect_empty "$name completes commands, options, words, settings, files and folders" "$T/differs"
}
says='blindspot() { printf "<words>"; printf "%s " "$@"; printf "<end>\n"; }'
in_shell bash "$says; . '$T/bash'" bash --norc --noprofile -i
in_shell zsh "$says; autoload -U compinit; compinit -u -D; setopt noautoremoveslash; . '$T/zsh'" zsh -f -i

# fish says itself what it would offer.
if command -v fish >/dev/null 2>&1; then
    : >"$T/err"
    while IFS='|' read -r typed want; do
        # shellcheck disable=SC2016  # fish's own variables
        (cd "$T/w" && HOME=$T fish --no-config -c '. $argv[1]; complete -C $argv[2]' "$T/fish" "$typed") 2>>"$T/err" |
            cut -f 1 | tr '\n' ' ' >"$T/offers"
        case " $(cat "$T/offers")" in *" ${want##* } "*) ;; *) [ "$typed" = "blindspot explain 73" ] || echo "$typed: $(cat "$T/offers")" ;; esac
    done <"$T/lines" >"$T/differs"
    cat "$T/err" >>"$T/differs"
    expect_empty "fish completes commands, options, words, settings, files and folders" "$T/differs"
else
    skip "fish completes" "fish is not installed"
fi
