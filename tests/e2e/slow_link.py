"""A way from one address and port to another, that takes its time.

    slow_link.py HOST PORT TO_HOST TO_PORT PORT_FILE MS

PORT 0 is a free one. Each piece that a client sends is handed on MS milliseconds later; what comes
back, at once. Where the other end cannot be reached the client's connection ends."""
import os
import socket
import sys
import threading
import time


def copy(source, sink, wait_s):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            time.sleep(wait_s)
            sink.sendall(data)
    except OSError:
        pass
    for s in (source, sink):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client):
    try:
        server = socket.create_connection((sys.argv[3], int(sys.argv[4])))
    except OSError:
        client.close()
        return
    threading.Thread(target=copy, args=(server, client, 0), daemon=True).start()
    copy(client, server, int(sys.argv[6]) / 1000)


listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
with open(sys.argv[5] + ".new", "w") as f:
    f.write(str(listener.getsockname()[1]))
os.rename(sys.argv[5] + ".new", sys.argv[5])
while True:
    sock, _ = listener.accept()
    threading.Thread(target=serve, args=(sock,), daemon=True).start()
