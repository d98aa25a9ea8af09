#!/bin/sh
# A bundle that is signed with an SSH key and time-stamped by authorities, against one that
# runs here: openssl ts behind a small HTTP server. verify says by whom and when, offline, and
# refuses by name what does not hold.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite seal
for tool in ssh-keygen openssl python3 jq; do
    command -v $tool >/dev/null 2>&1 || { skip "bundles are signed and time-stamped" "$tool is not installed"; exit 0; }
done
export TMPDIR="$T/tmp"; mkdir "$TMPDIR"
unset SSH_AUTH_SOCK SSH_ASKPASS DISPLAY
plain() { (unset BLINDSPOT_CLOCK; exec "$BLINDSPOT" -C "$@") >"$T/out" 2>"$T/err" </dev/null; }
seal() { rm -f "$T/new.tar"; plain "$T/a" export --bundle "$T/new.tar" "$@"; }
check() { (unset BLINDSPOT_CLOCK; cd / && exec "$BLINDSPOT" verify "$@") >"$T/out" 2>"$T/err"; }

# ---- keys, an authority with two servers' faces, an audit of a year ago ----

ssh-keygen -q -t ed25519 -N '' -C 'a comment' -f "$T/key"
ssh-keygen -q -t ed25519 -N '' -f "$T/other"
ssh-keygen -q -t ed25519 -N 'a passphrase' -f "$T/locked"
echo "auditor@example.org namespaces=\"blindspot-manifest\" $(cat "$T/key.pub")" >"$T/signers"
echo "auditor@example.org $(cat "$T/other.pub")" >"$T/strangers"
ca() {          # NAME: a root and a certificate for time stamps below it
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/$1.key" -out "$T/$1.pem" -days 30 -subj "/CN=Root $1" \
        -addext basicConstraints=critical,CA:TRUE
    openssl req -newkey rsa:2048 -nodes -keyout "$T/$1.tsa.key" -out "$T/$1.csr" -subj "/O=Loopback/CN=Time of $1"
    printf 'extendedKeyUsage=critical,timeStamping\nbasicConstraints=critical,CA:FALSE\n' >"$T/ext"
    openssl x509 -req -in "$T/$1.csr" -CA "$T/$1.pem" -CAkey "$T/$1.key" -CAcreateserial -out "$T/$1.tsa.pem" -days 20 -extfile "$T/ext"
    echo 01 >"$T/$1.serial"
    cat >"$T/$1.cnf" <<CNF
[tsa]
serial = $T/$1.serial
crypto_device = builtin
signer_cert = $T/$1.tsa.pem
signer_key = $T/$1.tsa.key
certs = $T/$1.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
CNF
}
{ ca one; ca two; } >>"$T/openssl.out" 2>&1 || { not_ok "certificates are made" "$(tail -n 5 "$T/openssl.out")"; exit 1; }
cat >"$T/tsa.py" <<'PYTHON'
import http.server, os, subprocess, sys
root = sys.argv[1]
class Authority(http.server.BaseHTTPRequestHandler):
    first = None
    def log_message(self, *words):
        pass
    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        with open(root + "/asked", "ab") as f:
            f.write(query)
        with open(root + "/heads", "a") as f:
            f.write(str(self.headers))
        which = self.path.strip("/")
        if which == "busy":
            return self.send_error(503)
        with open(root + "/q", "wb") as f:
            f.write(query)
        name = "one" if which == "again" else which if which in ("one", "two") else "one"
        reply = subprocess.run(["openssl", "ts", "-reply", "-queryfile", root + "/q", "-config", root + "/" + name + ".cnf",
                                "-section", "tsa"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
        if which == "again":      # one who answers every query with its first reply
            Authority.first = reply = Authority.first or reply
        if which == "junk":
            reply = b"<html>sign in</html>"
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)
server = http.server.HTTPServer(("127.0.0.1", 0), Authority)
with open(root + "/tsa.port.tmp", "w") as f:
    f.write(str(server.server_port))
os.rename(root + "/tsa.port.tmp", root + "/tsa.port")
server.serve_forever()
PYTHON
python3 "$T/tsa.py" "$T" >"$T/tsa.out" 2>&1 &
pids="$pids $!"
tries=0
while [ ! -s "$T/tsa.port" ] && [ $tries -lt 200 ]; do tries=$((tries + 1)); sleep 0.05; done
[ -s "$T/tsa.port" ] || { not_ok "the authority starts" "$(cat "$T/tsa.out")"; exit 1; }
TSA=http://127.0.0.1:$(cat "$T/tsa.port")

make_world "$T/w" 62 40 --clock "$(date -u -d '1 year ago' +%Y-%m-%dT08:00:00Z)"
start_standin "$T/w"
audit_until_done "$T/a" "$T/w/all.txt"
stop_standin

# ---- sealed, and checked by whoever has two files ----

seal --sign "$T/key" --timestamp "$TSA/one" --timestamp "$TSA/two"
expect "a bundle is signed and time-stamped" "0 " "$? $(grep -v 'is sealed' "$T/err")"
mv "$T/new.tar" "$T/sealed.tar"
cat "$T/one.pem" "$T/two.pem" >"$T/roots.pem"
digest=$(tar xOf "$T/sealed.tar" manifest.sha256 | sha256sum | cut -d ' ' -f 1)
expect "an authority is told the digest of the manifest" 2 "$(od -An -v -tx1 "$T/asked" | tr -d ' \n' | grep -o "$digest" | wc -l)"
expect "and nothing else: less than 80 bytes each" yes "$([ "$(wc -c <"$T/asked")" -lt 160 ] && echo yes)"
check "$T/sealed.tar" --allowed-signers "$T/signers" --ca "$T/roots.pem"
expect "verify checks both" 0 $?
expect_text "it says by whom" "$T/out" '^signed by auditor@example\.org with ED25519 key SHA256:'
expect_text "and when, by one authority" "$T/out" "^time-stamped $(date -u +%Y)-..-..T..:..:..Z by CN=Time of one,O=Loopback .*it leads to an authority of --ca"
expect_text "and by the other" "$T/out" '^time-stamped .* by CN=Time of two,'
check "$T/sealed.tar" --json --allowed-signers "$T/signers" --ca "$T/roots.pem"
expect "the same as JSON" "auditor@example.org true 2 true" \
    "$(jq -r '[.signature.principal, .signature.trusted, (.timestamps | length), all(.timestamps[]; .trusted)] | map(tostring) | join(" ")' "$T/out")"
check "$T/sealed.tar"
expect "without the two files it holds, and says what was not checked" "0 2 1" \
    "$? $(grep -c 'whether to trust it was not checked: --ca FILE' "$T/out") $(grep -c '^signed with ED25519 key SHA256:.* --allowed-signers FILE' "$T/out")"
expect "nothing is left behind" "" "$(ls "$TMPDIR")"

# ---- with the tools that everybody has ----

mkdir "$T/open"; tar xf "$T/sealed.tar" -C "$T/open"
if ssh-keygen -Y verify -f "$T/signers" -I auditor@example.org -n blindspot-manifest -s "$T/open/manifest.sha256.sig" \
    <"$T/open/manifest.sha256" >>"$T/openssl.out" 2>&1; then ok "ssh-keygen agrees"; else not_ok "ssh-keygen agrees"; fi
for n in 1 2; do
    openssl ts -verify -in "$T/open/manifest.sha256.$n.tsr" -queryfile "$T/open/manifest.sha256.$n.tsq" -CAfile "$T/roots.pem" >"$T/ts" 2>&1
    expect "and openssl, of time stamp $n" 0 $?
done

# ---- what does not hold ----

# again NAME FILE: the bundle with these bytes as one of its files.
pack() { (cd "$T/open" && find . -type f -printf '%P\n' | LC_ALL=C sort | tar cf "$T/bad.tar" -T -); }
again() { cp "$T/open/$1" "$T/kept"; cp "$2" "$T/open/$1"; pack; cp "$T/kept" "$T/open/$1"; }
refused() {     # NAME PATTERN WORDS: verify ends with 5 and says so
    refused_name=$1 refused_text=$2; shift 2
    check "$@"; refused_rc=$?
    if [ $refused_rc -eq 5 ] && grep -Eq "^broken: $refused_text" "$T/out"; then ok "$refused_name"; else
        not_ok "$refused_name" "exit code $refused_rc" "$(cat "$T/out" "$T/err")"; fi
}
refused "a key that is nobody's of the allowed signers" 'manifest\.sha256\.sig: its key is of none of the allowed signers' \
    "$T/sealed.tar" --allowed-signers "$T/strangers"
refused "authorities that the certificate does not lead to" 'manifest\.sha256\.2\.tsr: its certificate leads to no authority of' \
    "$T/sealed.tar" --ca "$T/one.pem"
cp "$T/open/manifest.sha256" "$T/m"
ssh-keygen -q -Y sign -n file -f "$T/key" "$T/m" 2>>"$T/openssl.out"
again manifest.sha256.sig "$T/m.sig"
refused "a signature that was made for something else" 'manifest\.sha256\.sig: it is no signature of this manifest .*namespace' "$T/bad.tar"
again manifest.sha256.1.tsq "$T/open/manifest.sha256.2.tsq"
refused "the reply to another query" 'manifest\.sha256\.1\.tsr: the nonce is not the one that was sent' "$T/bad.tar"
mv "$T/open/manifest.sha256.1.tsq" "$T/kept"; pack; mv "$T/kept" "$T/open/manifest.sha256.1.tsq"
refused "a time stamp without its query" 'manifest\.sha256\.1\.tsr: ' "$T/bad.tar"
echo "# changed" >>"$T/open/rules.ini"
(cd "$T/open" && find . -type f ! -name 'manifest.sha256*' -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >manifest.sha256)
pack
check "$T/bad.tar"
expect "a bundle that somebody changed and gave a manifest of its own" "5 1 2" "$? $(grep -c '^broken: manifest.sha256.sig: it is no signature of this manifest' "$T/out") \
$(grep -c '^broken: manifest.sha256.[12].tsr: the authority was asked about another digest' "$T/out")"
check "$T/sealed.tar" --ca "$T/nowhere.pem"
expect "authorities that are not there" "2 1" "$? $(grep -c 'nowhere.pem: there is no such file' "$T/err")"
seal
check "$T/new.tar" --allowed-signers "$T/signers"
expect "a bundle that nobody signed is not what was asked for" "5 1" "$? $(grep -c '^broken: manifest.sha256: nobody signed it' "$T/out")"

# ---- what is not sealed ----

seal --timestamp "$TSA/again"
seal --timestamp "$TSA/again"
expect "an authority that repeats itself" "2 1 no" "$? $(grep -c "time stamp of $TSA/again: the nonce is not the one" "$T/err") $([ -e "$T/new.tar" ] && echo yes || echo no)"
seal --timestamp "$TSA/junk"
expect "what is no time stamp" "2 1" "$? $(grep -c 'cannot be read as a time stamp' "$T/err")"
seal --timestamp "$TSA/busy"
expect "an authority that is busy: run it again" "3 1" "$? $(grep -c 'it answered with status 503' "$T/err")"
bs "$T/a" export --bundle "$T/new.tar" --timestamp "$TSA/one" >"$T/out" 2>"$T/err"
expect "an authority whose clock is not this machine's" "2 1" "$? $(grep -c 'its clock says .* and this machine.s .*: one of them is wrong' "$T/err")"
seal --sign "$T/locked"
expect "a key whose passphrase nobody gives" "4 1 no" "$? $(grep -c "did not sign with $T/locked" "$T/err") $([ -e "$T/new.tar" ] && echo yes || echo no)"
printf '#!/bin/sh\necho "a passphrase"\n' >"$T/askpass"; chmod 755 "$T/askpass"
SSH_ASKPASS=$T/askpass SSH_ASKPASS_REQUIRE=force; export SSH_ASKPASS SSH_ASKPASS_REQUIRE
seal --sign "$T/locked"
expect "with a passphrase it signs" 0 $?
unset SSH_ASKPASS SSH_ASKPASS_REQUIRE
ssh-agent -D -a "$T/agent" >>"$T/openssl.out" &
pids="$pids $!"
for _ in $(seq 100); do [ -S "$T/agent" ] && break; sleep 0.05; done
SSH_AUTH_SOCK=$T/agent; export SSH_AUTH_SOCK
ssh-add -q "$T/key" 2>>"$T/openssl.out"
cp "$T/key.pub" "$T/public"
seal --sign "$T/public"
expect "and so does a key in an agent, named by its public half" "0 0" "$? $(check "$T/new.tar" --allowed-signers "$T/signers"; echo $?)"
seal --sign "$T/nothing"
expect "a key that is not there" 4 $?
expect "nothing is left behind by any of them" "" "$(ls "$TMPDIR")"
expect_no_leak "key, secret and token stand in no file"
