#!/usr/bin/env python3
"""engine.py PORT_FILE LOG UPSTREAM LIFE [ID FAULT]...: a site in front of the stand-in, which shows a
page to whoever carries a fresh cookie of its challenge and the challenge to all others. A page of
a listed id misbehaves. LATENCY=SECONDS: so long after a page is asked for it is answered. The log has a
line a request: what it was, tab, its path."""
import gzip, http.client, http.server, os, socket, socketserver, sys, threading, time

PORT_FILE, LOG, UPSTREAM, LIFE = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
LATENCY = float(os.environ.get("LATENCY", "0"))
FAULTS = dict(zip(sys.argv[5::2], sys.argv[6::2]))
START = time.time()
SEEN = {}
LAST = 0
LOCK = threading.Lock()

# Its own script finds the number, sets a cookie and loads the page again.
CHALLENGE = """<!DOCTYPE html><html><head><title>Please wait...</title></head><body>Please wait...
<p id="wci" class="_wafchallengeid"></p><p id="rci" class="waforiginalreid"></p><script>
var seed = %d, n = 0;
while ((Math.imul(n, 2654435761) >>> 0) %% 5003 !== seed) n++;
document.cookie = "pass=" + seed + "." + n + "; path=/; max-age=%d";
setTimeout(function () { location.reload(); }, 20);
</script></body></html>"""
HOPELESS = CHALLENGE.replace("pass=", "nothing=")
WINDOWS = CHALLENGE.replace("var seed", "alert('a'); window.open('/window'); window.open('http://elsewhere.example/'); "
                            "fetch('/xhr'); new Image().src = '/image'; var seed")
CRASH = CHALLENGE.replace("var seed", "location.href = 'chrome://crash'; var seed")
ENDLESS = CHALLENGE.replace("var seed", "for (;;); var seed")
# A frame of it shows a captcha; it leads to another address, which looks like the site's own.
FRAMED = CHALLENGE.replace("<script>", "<iframe src=/framed></iframe><script>").replace("}, 20);", "}, 1000);")
LEADS = CHALLENGE.replace("location.reload()", "location.href = '%s'")
CAPTCHA = b"<html><body><div class=captcha-verify-container>verify you are human</div></body></html>"
BOMB = CHALLENGE.replace("var seed", "var a = []; for (;;) a.push(new Uint8Array(16777216).fill(a.length + 1)); var seed")

# All that a page can try to reach beside its own site, names and plain addresses: what of it gets out?
REACH_SCRIPT = """function go(f) { try { Promise.resolve(f()).catch(function () {}); } catch (e) {} }
go(function () { new WebSocket("ws://socket.example/"); });
go(function () { new WebSocket("wss://socket.example/"); });
go(function () { new WebSocket("ws://198.51.100.2/"); });
go(function () { new WebSocket("wss://198.51.100.3/"); });
go(function () { new EventSource("http://events.example/"); });
go(function () { return fetch("http://198.51.100.4/"); });
go(function () { return fetch("http://fetch.example/", { mode: "no-cors", keepalive: true }); });
go(function () { navigator.sendBeacon("http://beacon.example/", "a"); });
go(function () { new WebTransport("https://198.51.100.5:4433/"); });
go(function () { document.getElementById("a").click(); });
for (var w = 0; w < 9; w++) go(function () { window.open("http://198.51.100.6/"); });
go(function () { return navigator.serviceWorker.register("/worker.js"); });
go(function () { new Worker(URL.createObjectURL(new Blob(["fetch('http://198.51.100.7/');fetch('http://worker.example/');"
    + "new WebSocket('ws://198.51.100.8/');importScripts('http://import.example/a.js')"]))); });
go(function () { new SharedWorker(URL.createObjectURL(new Blob(["fetch('http://198.51.100.9/');new WebSocket('ws://shared.example/')"]))); });
go(function () { var p = new RTCPeerConnection({ iceServers: [{ urls: "stun:198.51.100.10:3478" }, { urls: "stun:stun.example" },
        { urls: "turn:198.51.100.11:3478?transport=tcp", username: "a", credential: "a" }] });
    p.createDataChannel("a"); return p.createOffer().then(function (o) { return p.setLocalDescription(o); }); });
"""
REACH_HEAD = ("".join("<link rel=%s href=%s>" % link for link in [
    ("preconnect", "https://preconnect.example"), ("dns-prefetch", "//dns.example"), ("prefetch", "http://prefetch.example/"),
    ("'preload' as=script", "http://preload.example/a.js"), ("modulepreload", "http://module.example/a.js"), ("stylesheet", "http://style.example/a.css"),
    ("preconnect", "http://198.51.100.1"), ("icon", "http://icon.example/a.ico"), ("manifest", "http://manifest.example/a.json")])
    + "<script src=http://script.example/a.js></script><script src=http://127.0.0.1:1@198.51.100.12/a.js></script><script type=speculationrules>"
    '{"prefetch":[{"source":"list","urls":["http://rules.example/"]}],"prerender":[{"source":"list","urls":["http://rules2.example/"]}]}</script></head>'
)
REACH = CHALLENGE.replace("</head>", REACH_HEAD).replace("<script>\nvar seed", """<img src=http://image.example/a.png><iframe src=http://frame.example/></iframe>
<video src=http://video.example/a.mp4></video><object data=http://object.example/></object><a id=a href=#a ping=http://ping.example/>a</a><script>
""" + REACH_SCRIPT + """var seed""").replace("}, 20);", "}, 1500);")


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self, what):
        with LOCK, open(LOG, "a") as log:
            log.write("%s\t%s\n" % (what, self.path))

    def reply(self, status, body, length=None, **more):
        self.send_response(status)
        more.setdefault("Content_Type", "text/html; charset=utf-8")
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        if "Transfer_Encoding" not in more:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self):
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def challenge(self, text):
        global LAST
        self.note("challenge")
        if time.time() - LAST < LIFE:
            self.note("needless")    # whoever met the one before has a cookie still, or will have
        LAST = time.time()
        seed = int(time.time() * 1000) % 5003
        self.reply(200, (text % (seed, max(1, int(LIFE)))).encode(), Set_Cookie="met=yes; path=/")

    def solved(self):
        for part in self.headers.get("Cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            seed, _, n = value.partition(".")
            if name == "pass" and seed.isdigit() and n.isdigit():
                return (int(n) * 2654435761 & 0xffffffff) % 5003 == int(seed)
        return False

    def upstream(self, coding):
        away = http.client.HTTPConnection("127.0.0.1", UPSTREAM)
        away.request("GET", self.path, headers={"User-Agent": "front", "Accept-Encoding": coding})
        r = away.getresponse()
        return r.status, r.read(), r.getheader("Location"), r.getheader("Content-Encoding")

    def pass_on(self):
        status, body, location, coding = self.upstream(self.headers.get("Accept-Encoding", ""))
        more = {"Location": location} if location else {}
        if coding:
            more["Content_Encoding"] = coding
        self.reply(status, body, **more)

    def first(self):
        with LOCK:
            SEEN[self.path] = SEEN.get(self.path, 0) + 1
            return SEEN[self.path] == 1

    def fault(self, kind):
        """True where it was dealt with."""
        body = self.upstream("identity")[1]
        if kind == "silent":
            time.sleep(60)
        elif kind == "drip":
            self.reply(200, b"<html>", length=1000000)
            try:
                while True:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.2)
            except OSError:
                pass
        elif kind == "redirect":
            self.reply(302, b"", Location="/login?next=there")
        elif kind == "204":
            self.send_response(204)
            self.end_headers()
        elif kind == "nothing":
            self.reply(200, b"")
        elif kind == "short":
            self.reply(200, body[: len(body) // 2], length=len(body))
            self.hang_up()
        elif kind == "short_chunk":
            self.reply(200, b"%x\r\n" % len(body) + body[:20000], Transfer_Encoding="chunked")
            self.hang_up()
        elif kind == "bad_gzip":
            self.reply(200, b"this is no gzip" * 9, Content_Encoding="gzip")
        elif kind == "download":
            self.reply(200, b"PK\x03\x04" * 50, Content_Type="application/zip", Content_Disposition="attachment; filename=a.zip")
        elif kind == "no_end":
            self.reply(200, b"", Transfer_Encoding="chunked")
            try:
                while True:
                    self.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            except OSError:
                pass
        elif kind == "scripted":
            script = '<script>document.cookie = "ran=yes; path=/";' + REACH_SCRIPT + "</script>" + REACH_HEAD
            self.reply(200, body.replace(b"</head>", script.encode(), 1))
        elif kind.startswith("cut_gzip_"):
            packed = gzip.compress(body)
            self.reply(200, packed[: len(packed) * int(kind[9:]) // 100], Content_Encoding="gzip")
        elif kind == "forged":
            self.reply(200, body, x_orig_content_encoding="br", X_Orig_Content_Length="7")
        elif kind == "gzip":
            self.reply(200, gzip.compress(body), Content_Encoding="gzip")
        elif kind == "chunked":
            self.reply(200, b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n", Transfer_Encoding="chunked")
        elif kind == "captcha":
            self.reply(200, CAPTCHA)
        elif kind in ("leads", "leads_away"):
            there = "/login" if kind == "leads" else "http://127.0.0.1:1@away.example/"
            self.reply(200, (LEADS % (7, 600, there)).encode())
        elif kind == "framed" and self.first():
            self.reply(200, (FRAMED % (7, 600)).encode())
        elif kind == "hopeless":
            self.challenge(HOPELESS)
        elif kind in ("windows", "reach", "crash", "endless_script", "bomb"):
            if not self.first() and kind in ("windows", "reach", "crash"):
                return False
            self.challenge({"windows": WINDOWS, "reach": REACH, "crash": CRASH, "endless_script": ENDLESS, "bomb": BOMB}[kind])
        else:
            return False
        return True

    def do_GET(self):
        if "ran=yes" in self.headers.get("Cookie", ""):
            self.note("ran")
        page = "/video/" in self.path or "/photo/" in self.path
        if not page:
            self.note("other" if self.headers.get("User-Agent", "").find("Chrome") >= 0 else "plain")
            return self.reply(200, CAPTCHA) if self.path == "/framed" else self.pass_on()
        time.sleep(LATENCY)
        number = self.path.split("?")[0].rsplit("/", 1)[-1]
        kind = FAULTS.get(number)
        if kind:
            self.note(kind)
            if self.fault(kind):
                return None
        if LIFE > 0 and not self.solved():
            return self.challenge(CHALLENGE)
        self.note("page")
        return self.pass_on()


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", 0), Site)
with open(PORT_FILE + ".new", "w") as f:
    f.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
