"""fetch_aiohttp.py URLS CONCURRENCY: the pages of a list with aiohttp, bytes.find and json."""
import asyncio
import json
import sys
import time

import aiohttp
from page_fields import peak_kb, record, summed

SCRIPT = b'id="__UNIVERSAL_DATA_FOR_REHYDRATION__"'


def read(body):
    start = body.find(b">", body.find(SCRIPT)) + 1
    fields = record(json.loads(body[start:body.find(b"</script>", start)]))
    return summed(fields) if fields else None


async def worker(session, urls, sums):
    for url in urls:                       # one iterator for all workers
        async with session.get(url) as reply:
            sums.append(read(await reply.read()))


async def main(urls, concurrency):
    sums = []
    connector = aiohttp.TCPConnector(limit=concurrency)
    headers = {"Accept-Encoding": "gzip"}
    async with aiohttp.ClientSession(connector=connector, headers=headers,
                                     cookie_jar=aiohttp.DummyCookieJar()) as session:
        start, cpu = time.perf_counter(), time.process_time()
        left = iter(urls)
        await asyncio.gather(*(worker(session, left, sums) for _ in range(concurrency)))
        print(len(sums), time.perf_counter() - start, time.process_time() - cpu, sum(sums) % (1 << 64), peak_kb())


with open(sys.argv[1], encoding="ascii") as lines:
    asyncio.run(main(lines.read().split(), int(sys.argv[2])))
