"""A way from one address and port to another that takes time: what either end sends arrives later
by half of MS.

    slow_link.py HOST PORT TO_HOST TO_PORT PORT_FILE MS

PORT 0 is a free one. Stands in for tc netem, which not every kernel has: as on a long wire, any
number of bytes are under way at once, each chunk waits for its own instant. Where the other end
cannot be reached the client's connection ends."""
import asyncio
import os
import sys

HOST, PORT, TO_HOST, TO_PORT, PORT_FILE, MS = sys.argv[1:]
HALF_S = float(MS) / 2000


async def carry(reader, writer):
    loop, under_way = asyncio.get_running_loop(), asyncio.Queue()

    async def deliver():
        while True:
            at, data = await under_way.get()
            await asyncio.sleep(max(0.0, at - loop.time()))
            if not data:
                break
            writer.write(data)
            await writer.drain()
        writer.close()

    delivering = asyncio.ensure_future(deliver())
    data = b"begin"
    while data:
        try:
            data = await reader.read(1 << 18)
        except OSError:
            data = b""
        under_way.put_nowait((loop.time() + HALF_S, data))
    try:
        await delivering
    except OSError:
        pass


async def serve(reader, writer):
    try:
        far = await asyncio.open_connection(TO_HOST, int(TO_PORT))
    except OSError:
        writer.close()
        return
    await asyncio.gather(carry(reader, far[1]), carry(far[0], writer))


async def main():
    server = await asyncio.start_server(serve, HOST, int(PORT))
    with open(PORT_FILE + ".new", "w", encoding="ascii") as out:
        out.write(str(server.sockets[0].getsockname()[1]))
    os.rename(PORT_FILE + ".new", PORT_FILE)
    await server.serve_forever()


asyncio.run(main())
