"""A link to PostgreSQL that is cut around a COMMIT: of every three, before one is handed on, and
after one was carried out but before its reply comes back; the third goes through.

    cut_link.py PORT_OF_SERVER PORT_FILE [before|after]...

The words after the file replace that order ("pass" for one that goes through). Prints a line a cut."""
import os
import socket
import sys
import threading

ORDER = sys.argv[3:] or ["pass", "before", "after"]
seen = 0
lock = threading.Lock()


def fate():
    global seen
    with lock:
        seen += 1
        return ORDER[(seen - 1) % len(ORDER)]


def copy_back(server, client, cut):
    """What the server says; after a cut was asked for, up to the reply to the COMMIT, which is kept."""
    tail = b""
    try:
        while True:
            data = server.recv(65536)
            if not data:
                break
            tail = (tail + data)[-4096:]
            if cut.is_set():
                if b"COMMIT\0" in tail:
                    print("after", flush=True)
                    break
                continue
            client.sendall(data)
    except OSError:
        pass
    for s in (client, server):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client):
    server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    cut = threading.Event()
    threading.Thread(target=copy_back, args=(server, client, cut), daemon=True).start()
    try:
        while True:
            data = client.recv(65536)
            if not data:
                break
            if b"COMMIT\0" in data:
                what = fate()
                if what == "before":
                    print("before", flush=True)
                    break
                if what == "after":
                    cut.set()
            server.sendall(data)
    except OSError:
        pass
    if not cut.is_set():
        for s in (client, server):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


listener = socket.create_server(("127.0.0.1", 0))
with open(sys.argv[2] + ".new", "w") as f:
    f.write(str(listener.getsockname()[1]))
os.rename(sys.argv[2] + ".new", sys.argv[2])
while True:
    sock, _ = listener.accept()
    threading.Thread(target=serve, args=(sock,), daemon=True).start()
