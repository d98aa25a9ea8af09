"""A link to PostgreSQL that takes time: what either end sends arrives later by half of MS.

    slow_link.py PORT_OF_SERVER PORT_FILE MS

Stands in for tc netem, which not every kernel has. As on a long wire, any number of bytes are
under way at once: each chunk waits for its own instant."""
import asyncio
import os
import sys

HALF_S = float(sys.argv[3]) / 2000


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
    far = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    await asyncio.gather(carry(reader, far[1]), carry(far[0], writer))


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    with open(sys.argv[2] + ".new", "w", encoding="ascii") as out:
        out.write(str(server.sockets[0].getsockname()[1]))
    os.rename(sys.argv[2] + ".new", sys.argv[2])
    await server.serve_forever()


asyncio.run(main())
