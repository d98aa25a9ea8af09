#!/bin/sh
# What a person gets wrong: each mistake is answered in one sentence that says
# what was expected, with the exit code that says who must act.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite settings

# refuses NAME CODES PATTERN ARGUMENTS...: one of the codes, nothing on stdout, and on stderr one
# sentence, with the line that is wrong below it or without.
refuses() {
    refuses_name=$1; refuses_code=$2; refuses_pattern=$3; shift 3
    "$BLINDSPOT" "$@" >"$T/out" 2>"$T/err"
    refuses_rc=$?
    cat "$T/err" >>"$ERRLOG"
    case " $refuses_code " in *" $refuses_rc "*) expected=yes ;; *) expected= ;; esac
    if [ -z "$expected" ]; then
        not_ok "$refuses_name" "exit code $refuses_rc, expected $refuses_code" "$(sed 3q "$T/err")"
    elif [ "$(grep -cv '^ *[0-9]* | ' "$T/err")" -ne 1 ] || [ -s "$T/out" ]; then
        not_ok "$refuses_name" "expected one sentence on stderr alone" "$(sed 5q "$T/err")" "stdout: $(sed 3q "$T/out")"
    elif ! sed 1q "$T/err" | grep -Eq -e "$refuses_pattern"; then
        not_ok "$refuses_name" "the sentence does not match: $refuses_pattern" "$(cat "$T/err")"
    else
        ok "$refuses_name"
    fi
}
# shows NAME LINE MARK: what the last refusal showed below its sentence.
shows() { expect "$1" "$(printf '%s\n%s' "$2" "$3")" "$(sed 1d "$T/err")"; }
fresh_audit() { discard "$T/a"; "$BLINDSPOT" -q init "$T/a"; }

refuses "an unknown command" 2 'no command "frobnicate"' frobnicate
refuses "a mistyped command" 2 'no command "stauts"; did you mean status\?$' stauts
refuses "the beginning of a command" 2 'no command "class"; did you mean classify\?$' class
# Commands of two words, and folders that keep something else than an audit.
refuses "a mistyped command of a group" 2 'no command "monitor rnu"; did you mean monitor run\?$' monitor rnu
"$BLINDSPOT" -q init "$T/audit"; "$BLINDSPOT" -q monitor init "$T/list"
refuses "a round in an audit" 2 'monitor run is for a watch list, and .* holds an audit$' -C "$T/audit" monitor run
refuses "a draw in a watch list" 2 'sample draw is for a sample of creators, and .* holds a watch list$' -C "$T/list" sample draw
for command in plan fetch scrape diff classify audit status report review; do
    refuses "$command in a watch list" 2 "^blindspot: $command is for an audit or a sample, and .* holds a watch list" -C "$T/list" $command
done
refuses "a mistyped option" 2 '^blindspot: report has no option --rwa; did you mean --raw\?$' report --rwa
refuses "a mistyped option before a command" 2 'no option --quite; did you mean --quiet\?$' --quite report
refuses "a mistyped word of an option" 2 \
    'option --format expects csv or jsonl, not "json"; did you mean jsonl\?$' export --format json
refuses "an option of a command before it" 2 '^blindspot: --json stands behind the command: `blindspot status --json`$' --json status
refuses "an option of the program behind a command" 2 \
    '^blindspot: --set stands before the command: `blindspot --set ... status`$' status --set api.batch=1
refuses "its letter" 2 '^blindspot: -q stands before the command: `blindspot -q plan`$' plan -q
refuses "an unknown option" 2 '^blindspot: report has no option --frobnicate$' report --frobnicate
refuses "an unknown option before a command" 2 '^blindspot: there is no option --frobnicate; ' --frobnicate report
refuses "an unknown letter" 2 '^blindspot: there is no option -x; ' -x report
refuses "a folder without an audit" 2 "$T/nowhere|init" -C "$T/nowhere" status
fresh_audit
refuses "init where an audit is" 2 'already' init "$T/a"
printf '[api]\ndaily_requests 10\n' >"$T/a/blindspot.ini"
refuses "a line without = in blindspot.ini, with file and line" 2 'blindspot\.ini:2' -C "$T/a" plan
printf '[api]\n\nbatsch = 10\n' >"$T/a/blindspot.ini"
refuses "an unknown setting, with file, line and the one that was meant" 2 \
    'blindspot\.ini:3: there is no setting api\.batsch; did you mean api\.batch\?$' -C "$T/a" plan
shows "and its place" '    3 | batsch = 10' '      | ^~~~~~'
printf '[api]\nproxy = socks5://u:of-a-proxy@h\n' >"$T/a/blindspot.ini"
refuses "a setting of another section" 2 'blindspot\.ini:2: .*api\.proxy; did you mean page\.proxy\?$' -C "$T/a" plan
expect "whose line is not repeated: it may hold a password" 1 "$(wc -l <"$T/err")"
printf '[api]\nclient_secret = of-this-test\n' >"$T/a/blindspot.ini"
refuses "a secret where none belongs" 2 'there is no setting api\.client_secret$' -C "$T/a" plan
expect "is not repeated" 0 "$(grep -c of-this-test "$T/err")"
printf '[evidence]\nkeep =\tpags\n' >"$T/a/blindspot.ini"
refuses "a word that is none of the setting's" 2 \
    'keep: expected pages, extract or none, not "pags"; did you mean pages\?$' -C "$T/a" plan
shows "and its place behind a tab" '    2 | keep = pags' '      |        ^~~~'
printf '[api]\nbatch = many\n' >"$T/a/blindspot.ini"
refuses "a word where a number belongs, with file and line" 2 'blindspot\.ini:2.*many' -C "$T/a" plan
fresh_audit
refuses "an unknown --set" 2 'api\.batsch; did you mean api\.batch\?$' -C "$T/a" --set api.batsch=1 plan
shows "and its place" '      | api.batsch=1' '      | ^~~~~~~~~~'
refuses "a --set without its section" 2 'SECTION.KEY=VALUE; did you mean api\.batch\?$' -C "$T/a" --set batch=1 plan
refuses "a --set that is near nothing" 2 'no setting api\.frobnicate$' -C "$T/a" --set api.frobnicate=1 plan
refuses "a batch of 101" 2 'api\.batch.*100' -C "$T/a" --set api.batch=101 plan
refuses "http:// elsewhere than on loopback" 2 'loopback' -C "$T/a" --set api.base_url=http://example.org plan
refuses "http:// to a name that only begins like loopback" 2 'loopback' -C "$T/a" --set page.base_url=http://127.0.0.1.example.org plan
refuses "http:// with loopback as the user's name" 2 'http|loopback' -C "$T/a" --set api.base_url=http://127.0.0.1@example.org plan
printf '1700000000\n' >"$T/clock"
BLINDSPOT_CLOCK=$T/clock
export BLINDSPOT_CLOCK
refuses "the test clock without loopback addresses" 2 'BLINDSPOT_CLOCK' -C "$T/a" plan
unset BLINDSPOT_CLOCK
refuses "a file that is not there" 2 "$T/none\.txt" -C "$T/a" add "$T/none.txt"
refuses "explain of an id that is no id" 2 'explain' -C "$T/a" explain xyz
refuses "explain of an item that is not in the audit" 2 'not in this audit' -C "$T/a" explain 7361448925972155679
refuses "load without a kind" 2 'one of --api .*--pages' -C "$T/a" load "$T/clock"

make_world "$T/w" 21 40
start_standin "$T/w" --quirk "swallow_dead 0"
fresh_audit
quiet "$T/a" add "$T/w/all.txt"
unset BLINDSPOT_CLIENT_KEY BLINDSPOT_CLIENT_SECRET
quiet "$T/a" fetch
expect "without a key: 4" 4 $?
expect_text "and the sentence names BLINDSPOT_CLIENT_KEY" "$T/err" BLINDSPOT_CLIENT_KEY
export BLINDSPOT_CLIENT_KEY="$KEY" BLINDSPOT_CLIENT_SECRET=wrong-secret-of-this-test
quiet "$T/a" fetch
expect "with a wrong secret: 4" 4 $?
expect "and the secret is not repeated" 0 "$(cat "$T/out" "$T/err" | grep -c wrong-secret)"
export BLINDSPOT_CLIENT_SECRET="$SECRET"
unset BLINDSPOT_CLIENT_KEY BLINDSPOT_CLIENT_SECRET
printf '%s\n' "$KEY" >"$T.key"; printf '%s\n' "$SECRET" >"$T.secret"; chmod 600 "$T.key" "$T.secret"
BLINDSPOT_CLIENT_KEY_FILE=$T.key BLINDSPOT_CLIENT_SECRET_FILE=$T.secret
export BLINDSPOT_CLIENT_KEY_FILE BLINDSPOT_CLIENT_SECRET_FILE
quiet "$T/a" fetch
expect "key and secret from files: fetch is done" 0 $?
rm -f "$T.key" "$T.secret"
unset BLINDSPOT_CLIENT_KEY_FILE BLINDSPOT_CLIENT_SECRET_FILE
stop_standin
unset BLINDSPOT_CLOCK

# ---- proxies and vantages: what is wrong is named, a password is not ----

fresh_audit
password=of-a-proxy-9c1f2e          # not the canary's: this one stands in arguments, where the user put it
for proxy in "socks4://u:$password@h:1" "h:1" "http://u:$password@" "http://u:$password@h/path" "https://h http://u:$password@h?x"; do
    refuses "page.proxy=$(echo "$proxy" | sed "s/$password/.../")" 2 'page\.proxy: number [12] is no' -C "$T/a" \
        --set "page.proxy=$proxy" status
    expect "and the password is not repeated" 0 "$(cat "$T/out" "$T/err" | grep -c "$password")"
done
refuses "page.vantage with odd characters" 2 'page\.vantage: expected a name' -C "$T/a" --set "page.vantage=a b" status
refuses "page.elsewhere" 2 'page\.elsewhere: expected ambiguous, refused, all or sample:N' -C "$T/a" --set page.elsewhere=never status
refuses "api.forensic" 2 'api\.forensic: expected 0 to' -C "$T/a" --set api.forensic=-1 status
refuses "a base URL with a query" 2 'page\.base_url: expected a URL without' -C "$T/a" \
    --set "page.base_url=https://www.tiktok.com?x=1" status
refuses "page.unread" 2 'page\.unread: expected 3 to' -C "$T/a" --set page.unread=1 status

# ---- a damaged store or missing rules: one sentence; not ours to use (2) or this machine (5) ----

fresh_audit
"$BLINDSPOT" -q -C "$T/a" add "$T/w/all.txt"
cp "$T/a/audit.db" "$T/good.db"
printf 'this is no database, whatever its name says, and long enough to be looked at' >"$T/a/audit.db"
refuses "a store that is no database" "2 5" 'audit\.db' -C "$T/a" status
dd if=/dev/zero of="$T/a/audit.db" bs=1024 count=64 2>/dev/null
refuses "a store of zeros" "2 5" 'audit\.db' -C "$T/a" status
head -c 9000 "$T/good.db" >"$T/a/audit.db"
refuses "a store that was cut short" "2 5" 'audit\.db' -C "$T/a" status
cp "$T/good.db" "$T/a/audit.db"; rm -f "$T/a/audit.db-"*
cp "$T/a/rules.ini" "$T/a/rules.good"
printf '[broken]\nlabel = canada\nreason = nonsense\nwhen = page.outcome = public\n' >"$T/a/rules.ini"
refuses "a rule with an unknown reason, with file and line" 2 'rules\.ini:3.*nonsense' -C "$T/a" classify
shows "and its place" '    3 | reason = nonsense' '      |          ^~~~~~~~'
# rule NAME LINE PATTERN MARK: a rule with that line as its fourth is refused in these words.
rule() {
    printf '[broken]\nlabel = unknown\nreason = story\n%s\n' "$2" >"$T/a/rules.ini"
    refuses "$1" 2 "rules\\.ini:4: .*$3" -C "$T/a" classify
    shows "and its place" "    4 | $2" "      | $4"
}
rule "a mistyped name in a rule" "when = page.outcom = public" 'did you mean page\.outcome\?$' "       ^~~~~~~~~~~"
rule "an operator that is none" "when = page.outcome is public" 'expected an operator' "                    ^~~~~~~~~"
rule "a pattern that PCRE2 cannot read" "when = page.status_msg ~ a(b" 'at character 4' "                            ^"
rule "a mistyped key of a rule" "wen = page.outcome = public" 'not "wen"; did you mean when\?$' "^~~"
rule "a mistyped label" "label = delted" 'expected label once' "^~~~~"
printf '[broken]\nlabel = delted\nwhen = page.outcome = public\n' >"$T/a/rules.ini"
refuses "a mistyped label alone" 2 'rules\.ini:2: .*"delted"; did you mean deleted\?$' -C "$T/a" classify
cp "$T/a/rules.good" "$T/a/rules.ini"
printf '[c]\nclaim = x\nsource = y\ncriterion = acuracy\nthat = item.state = retrieved\nat_least = 99 %%\n' >"$T/a/claims.ini"
refuses "a mistyped word in a claim" 2 'claims\.ini:4: .*did you mean accuracy\?$' -C "$T/a" check "$T/a/claims.ini"
shows "and its place" '    4 | criterion = acuracy' '      |             ^~~~~~~'
printf '[c]\nclaim = x\nsource = y\ncriterion = accuracy\nthat = item.sate = retrieved\nat_least = 99 %%\n' >"$T/a/claims.ini"
refuses "a mistyped name in a claim" 2 'claims\.ini:5: .*did you mean item\.state\?$' -C "$T/a" check "$T/a/claims.ini"
shows "and its place" '    5 | that = item.sate = retrieved' '      |        ^~~~~~~~~'
rm "$T/a/rules.ini"
refuses "rules.ini is not there" "2 5" 'rules\.ini' -C "$T/a" classify
expect_no_leak "key, secret and token stand in no file"
