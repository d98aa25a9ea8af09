#!/bin/sh
# Every command has help that begins with an example, a man page, completions, and a schema where it
# has --json. All of it is made from the program's own tables: a command that is new is held to
# the same here by its row in cmd/main.c alone.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite help

"$BLINDSPOT" help >"$T/help"
# Of two words where the second column begins behind the second one: monitor_init.
commands=$(awk '/^Commands:/ { on = 1; next } !NF { on = 0 }
    on && match($0, /^  [a-z]+( [a-z]+)?  /) { name = substr($0, 3, RLENGTH - 4); gsub(/ /, "_", name); print name }' "$T/help")
topics=$(sed -n 's/^  blindspot help \([a-z]*\) .*/\1/p' "$T/help")
expect "help lists the commands" yes "$([ "$(echo "$commands" | wc -l)" -ge 19 ] && echo yes)"
"$BLINDSPOT" --help >"$T/two"; "$BLINDSPOT" -h | cmp -s - "$T/two" && cmp -s "$T/help" "$T/two"
expect "-h, --help and help are one" 0 $?
"$BLINDSPOT" >"$T/two"
expect "without a command the same, and exit code 2" 2 $?

"$BLINDSPOT" help --pages "$T/man1" && for shell in bash zsh fish; do "$BLINDSPOT" completion $shell >"$T/$shell"; done
for words in $commands; do
    command=$(echo "$words" | tr _ ' ')
    file=$(echo "$words" | tr _ -)
    # shellcheck disable=SC2086  # one word or two
    "$BLINDSPOT" $command --help >"$T/short"
    # shellcheck disable=SC2086
    "$BLINDSPOT" $command -h | cmp -s - "$T/short" || echo "$command: -h is not --help"
    # shellcheck disable=SC2086
    "$BLINDSPOT" help $command >"$T/long" || echo "help $command: exit code $?"
    for text in short long; do
        sed 1q "$T/$text" | grep -qx 'Example:' && sed -n 2p "$T/$text" | grep -Eq "blindspot( |.* )$command( |$|\))" ||
            echo "$command: the $text help does not begin with an example of it"
        grep -q '^Options:' "$T/$text" || echo "$command: the $text help has no options"
        awk -v what="$command $text" 'length > 80 { print what ": longer than 80 columns: " $0 }' "$T/$text"
    done
    grep -q '^Description:' "$T/long" || echo "help $command: no description (about in cmd/cmd_$words.c)"
    grep -q '^Exit status:' "$T/long" || echo "help $command: no exit codes"
    [ -s "$T/man1/blindspot-$file.1" ] || echo "$command: no man page"
    grep -q "^    '$command') echo" "$T/bash" || echo "$command: no completions of bash"
    grep -Eq "^    ${command##* }\) (_arguments|if)" "$T/zsh" || echo "$command: no completions of zsh"
    grep -q "__blindspot_is \"$command\"'" "$T/fish" || echo "$command: no completions of fish"
    # What prints a result has --json, and a schema of it.
    case " $(grep -o -e '--json' "$T/short" | head -n 1)$([ -f "docs/json/$file.schema.json" ] && echo +schema) " in
    " --json+schema " | "  ") ;;
    *) echo "$command: --json without docs/json/$file.schema.json, or the other way round" ;;
    esac
    grep -q "\`${command}[\` ]" README.md || echo "$command: not in README.md"
    # An option that the text or the example names is one of its own, or of the program.
    grep -oE -e '(^|[^a-z-])--[a-z]+[a-z-]*' "$T/long" | grep -o -e '--.*' | sort -u | while read -r option; do
        grep -Eq -e "^ +(-[a-zA-Z], )?$option( |$)" "$T/long" "$T/help" || echo "help $command names $option, which it does not have"
    done
done >"$T/wrong"
expect_empty "every command has help, an example, a man page, completions and a schema" "$T/wrong"

for topic in $topics api api.batch page.proxy; do
    "$BLINDSPOT" help "$topic" >"$T/text" || echo "help $topic: exit code $?"
    [ -s "$T/text" ] || echo "help $topic: nothing"
    awk -v what="$topic" 'length > 80 { print what ": longer than 80 columns: " $0 }' "$T/text"
done >"$T/wrong"
expect_empty "every topic and setting has help" "$T/wrong"
"$BLINDSPOT" help exlpain 2>"$T/err"
expect "help for a mistyped word: exit code 2" 2 $?
expect_text "and the one that was meant" "$T/err" 'no help for "exlpain"; did you mean explain\?$'
"$BLINDSPOT" help api.btach 2>"$T/err"
expect_text "a setting too" "$T/err" 'did you mean api\.batch\?$'
"$BLINDSPOT" help settings >"$T/text"
sed -n 's/^SETTING(\([a-z]*\), \([a-z_]*\),.*/\1 \2/p' record/settings.def | while read -r section key; do
    awk -v section="  [$section]" -v key="  $key =" '
        /^  \[/ { on = $0 == section } on && index($0, key) == 1 { found = 1 } END { exit !found }' "$T/text" ||
        echo "$section.$key"
done >"$T/wrong"
expect_empty "every setting is in help settings" "$T/wrong"

# ---- man pages ----

if command -v mandoc >/dev/null 2>&1; then
    mandoc -T lint -W warning "$T"/man1/*.1 >"$T/wrong" 2>&1
    expect_empty "mandoc finds no fault in the man pages" "$T/wrong"
else
    skip "mandoc finds no fault in the man pages" "mandoc is not installed"
fi
sed -n 's/^\.Xr \([a-z-]*\) 1.*/\1/p' "$T"/man1/*.1 | sort -u | while read -r page; do
    [ -s "$T/man1/$page.1" ] || echo "$page(1) is referred to, and is not there"
done >"$T/wrong"
expect_empty "what a man page refers to is there" "$T/wrong"
for part in LABELS VANTAGES SETTINGS RULES COLUMNS ENVIRONMENT FILES 'EXIT STATUS' EXAMPLES; do
    grep -qx ".Sh $part" "$T/man1/blindspot.1" || echo "blindspot(1) has no $part"
done >"$T/wrong"
expect_empty "blindspot(1) has all its parts" "$T/wrong"
"$BLINDSPOT" help --pages "$T/again" && diff -r "$T/man1" "$T/again" >"$T/wrong" 2>&1
expect_empty "two runs write the same pages" "$T/wrong"

# ---- in place and away again; what was built is taken as it is ----

if [ -e build/release/share/made ] && [ "$BLINDSPOT" = "$PWD/build/release/blindspot" ]; then
    make -s -o all install DESTDIR="$T/root" PREFIX=/usr >"$T/said" 2>&1
    expect "make install" 0 $?
    for file in bin/blindspot share/man/man1/blindspot.1 share/man/man1/blindspot-audit.1 \
        share/bash-completion/completions/blindspot share/zsh/site-functions/_blindspot share/fish/vendor_completions.d/blindspot.fish \
        share/blindspot/postgresql/audit.sql share/blindspot/postgresql/ledger.sql; do
        [ -s "$T/root/usr/$file" ] || echo "$file"
    done >"$T/wrong"
    expect_empty "puts program, man pages, completions and the SQL of roles in place" "$T/wrong"
    make -s uninstall DESTDIR="$T/root" PREFIX=/usr >"$T/said" 2>&1
    find "$T/root" -type f >"$T/wrong"
    expect_empty "make uninstall takes all of it away" "$T/wrong"
else
    skip "make install" "another build is tested"
fi
