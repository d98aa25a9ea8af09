#!/bin/sh
# docs/list.sh: docs/reference.md, made from the lists that the program is made from:
# record/settings.def, record/fact.def, record/fields.def, record/label.h, and the commands'
# rows and options. `make draw` writes it, `make lint` compares it.
set -u
cd "$(dirname "$0")/.." || exit 1

# rows FILE MACRO: one line for each MACRO(a, b, ...), its arguments and the comment behind
# it separated by tabs; strings without their quotes, pieces of one string joined.
rows() {
    awk -v macro="$2" '
    function argument() {
        if (!text_of) gsub(/^[ \t]+|[ \t]+$/, "", arg)
        row = row (args++ ? "\t" : "") arg; arg = ""; text_of = 0
    }
    {
        if (!open) {
            if (index($0, macro "(") != 1) next
            text = substr($0, length(macro) + 2); row = arg = ""; args = text_of = 0; open = 1
        } else text = " " $0
        for (i = 1; i <= length(text) && open; i++) {
            c = substr(text, i, 1)
            if (quoted) {
                if (c == "\\") { i++; arg = arg substr(text, i, 1) }
                else if (c == "\"") quoted = 0
                else arg = arg c
            }
            else if (c == "\"") { quoted = 1; if (!text_of) arg = ""; text_of = 1 }
            else if (text_of && c ~ /[ \t]/) continue
            else if (c == ",") argument()
            else if (c == ")") { argument(); open = 0 }
            else arg = arg c
        }
        if (open) next
        rest = substr(text, i)
        note = ""
        if (match(rest, /\/\*.*\*\//)) note = substr(rest, RSTART + 2, RLENGTH - 4)
        gsub(/^[ \t]+|[ \t]+$/, "", note)
        print row "\t" note
    }' "$1"
}
# NAME and SUMMARY of each row of main.c's table.
commands() {
    sed -n '/^static const struct command commands/,/^};/p' cmd/main.c | tr '\n' ' ' | awk '{
        text = $0
        while (match(text, /[{] "[a-z]+", NEED_/)) {
            text = substr(text, RSTART + 3); name = text; sub(/".*/, "", name)
            if (!match(text, /&cmd_[a-z_]+, *"/)) break
            summary = substr(text, RSTART + RLENGTH); sub(/".*/, "", summary)
            print name "\t" summary
        }
    }'
}
# The options of a command, as rows of a table.
options() {
    for kind in FLAG TEXT INT LIST; do
        sed 's/^ *//' "cmd/cmd_$1.c" | rows /dev/stdin "OPT_$kind" | awk -F '\t' -v kind=$kind "$cell"'
        { value = kind == "FLAG" ? "" : " " $3; print "| `--" $1 cell(value) "` | " cell($(kind == "FLAG" ? 3 : 4)) " |" }'
    done | LC_ALL=C sort
}
cell='function cell(s) { gsub(/\|/, "\\|", s); gsub(/</, "\\&lt;", s); return s }'

cat <<'END'
# Reference: commands, settings, rule names, fields, labels

Made by `docs/list.sh` from the lists in `record/`; `make draw` writes it anew. What the settings that matter most are for
stands in README.md, what labels mean there too, field terms in [glossary.md](glossary.md).

## Commands

`blindspot help COMMAND` and `man blindspot-COMMAND` say all about each. Before the command stand `-C AUDIT`, `--set
SECTION.KEY=VALUE`, `-q` and `--progress auto|always|never`; each command has `-h` as well.
END
commands | while IFS='	' read -r name summary; do
    printf '\n### %s\n\n%s\n' "$name" "$summary"
    options "$name" >"${TMPDIR:-/tmp}/blindspot-list.$$"
    [ ! -s "${TMPDIR:-/tmp}/blindspot-list.$$" ] || { printf '\n| option | meaning |\n|---|---|\n'; cat "${TMPDIR:-/tmp}/blindspot-list.$$"; }
    rm -f "${TMPDIR:-/tmp}/blindspot-list.$$"
done
cat <<'END'

## Settings

In `blindspot.ini` as `name = value` under `[section]`, or for one run as `--set section.name=value`. Times end in their
unit. What a setting takes: a whole number from LOW to HIGH (`LOW..HIGH`), one of some words (`a|b`), a RATE (a number above 0, at
most 100000), a PROBABILITY (between 0 and 1), a URL without a slash at its end, or text of the kind that is named.
END
rows record/settings.def SETTING | awk -F '\t' "$cell"'
$1 != section { section = $1; print "\n### [" section "]\n\n| name | takes | default | meaning |\n|---|---|---|---|" }
{ printf "| `%s` | %s | %s | %s |\n", $2, cell($5), ($4 == "" ? "(empty)" : "`" cell($4) "`"), cell($6) }'
cat <<'END'

## Names that rules may use

A rule is a section of `rules.ini`; its `when` compares these names. `name present` and `name absent` ask whether there is a value.

### Facts

| name | values |
|---|---|
END
rows record/fact.def FACT | awk -F '\t' "$cell"'{ printf "| `%s` | %s |\n", $2, cell($3) }'
cat <<'END'

### What the rules said, for claims alone

A condition of `blindspot check` ([claims.md](claims.md)) may use all names of rules and these; a rule may not, for it would
ask for what it makes.

| name | values |
|---|---|
END
rows record/fact.def VERDICT_FACT | awk -F '\t' "$cell"'{ printf "| `%s` | %s |\n", $2, cell($3) }'
cat <<'END'

### Fields

Of each field that a side has: `api.NAME` is what the API said last, `page.NAME` what the page did. The comparator
decides what counts as the same (`diff/compare.c` says what each forgives); `none` is kept and not compared.

| NAME | type | the API's key | comparator |
|---|---|---|---|
END
rows record/fields.def FIELD | awk -F '\t' "$cell"'
{ printf "| `%s` | %s | %s | %s |\n", $2, tolower($5), ($3 == "" ? "(page alone)" : $3 == "*" ? "(a function)" : "`" cell($3) "`") \
    ($4 == "" ? " (API alone)" : ""), tolower($6) }'
cat <<'END'

## Labels and reasons

| reason | of the label |
|---|---|
END
# Several stand on one line there.
sed -n '/^#define REASONS/,/[^\\]$/p' record/label.h | grep -o 'X([A-Z_]*, "[a-z_]*", [A-Z_]*)' |
    sed 's/X([A-Z_]*, "\([a-z_]*\)", \([A-Z_]*\))/\1 \2/' |
    awk 'NF == 2 { printf "| %s | %s |\n", $1, ($2 == "NONE" ? "(none: retrieved or open)" : tolower($2)) }'
