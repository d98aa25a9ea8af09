#!/usr/bin/env python3
"""engine_proxy.py PORT_FILE LOG 3<FILE: a proxy on loopback, for whoever gives the NAME:PASSWORD of that file; it reaches
loopback alone. The log has a line a request: let in, asked or refused, tab, its method, tab, host and port."""
import base64, http.server, os, select, socket, socketserver, sys, urllib.parse

PORT_FILE, LOG = sys.argv[1:3]
USER = open(3).read().strip()


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def end(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def let_in(self, place):
        given = self.headers.get("Proxy-Authorization")
        right = "Basic " + base64.b64encode(USER.encode()).decode()
        with open(LOG, "a") as log:
            log.write("%s\t%s\t%s\n" % ("in" if given == right else "refused" if given else "asked", self.command, place))
        if given != right:
            self.end(407, Proxy_Authenticate='Basic realm="proxy"')
        return given == right

    def pipe(self, away):
        ends = {self.connection: away, away: self.connection}
        while True:
            for end in select.select(list(ends), [], [], 60)[0]:
                data = end.recv(65536)
                if not data:
                    return
                ends[end].sendall(data)

    def reach(self, host, port):
        if host != "127.0.0.1":
            self.end(502)
            return None
        return socket.create_connection((host, port), 10)

    def do_CONNECT(self):
        self.close_connection = True
        host, _, port = self.path.rpartition(":")
        if self.let_in(self.path):
            away = self.reach(host, int(port))
            if away:
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self.pipe(away)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if not self.let_in(url.netloc):
            return
        away = self.reach(url.hostname, url.port or 80)
        if not away:
            return
        head = ["%s %s HTTP/1.1" % (self.command, urllib.parse.urlunsplit(("", "", url.path or "/", url.query, "")))]
        head += ["%s: %s" % h for h in self.headers.items() if not h[0].lower().startswith(("proxy-", "connection"))]
        away.sendall(("\r\n".join(head) + "\r\nConnection: close\r\n\r\n").encode())
        self.close_connection = True
        while True:
            data = away.recv(65536)
            if not data:
                return
            self.wfile.write(data)

    do_POST = do_HEAD = do_GET


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", 0), Proxy)
with open(PORT_FILE + ".new", "w") as f:
    f.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
