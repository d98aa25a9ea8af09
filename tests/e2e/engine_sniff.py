#!/usr/bin/env python3
"""engine_sniff.py LINK FILE: where each IPv4 packet on that link was to go: protocol, address, port."""
import socket, struct, sys

link = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
link.bind((sys.argv[1], 0))
with open(sys.argv[2], "w", buffering=1) as out:
    while True:
        p = link.recv(2048)
        ports = (p[0] & 15) * 4
        out.write("%d %s %d\n" % (p[9], socket.inet_ntoa(p[16:20]), struct.unpack("!H", p[ports + 2 : ports + 4] or b"\0\0")[0]))
