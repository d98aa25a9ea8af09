"""fetch_scrapy.py URLS CONCURRENCY: the pages of a list with Scrapy, without what the job does not need."""
import json
import sys
import time

import scrapy
from page_fields import peak_kb, record, summed
from scrapy.crawler import CrawlerProcess

SUMS = []
with open(sys.argv[1], encoding="ascii") as lines:
    URLS = lines.read().split()


class Pages(scrapy.Spider):
    name = "pages"

    def start_requests(self):
        self.start, self.cpu = time.perf_counter(), time.process_time()
        for url in URLS:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response):
        state = response.css("script#__UNIVERSAL_DATA_FOR_REHYDRATION__::text").get()
        SUMS.append(summed(record(json.loads(state))))

    def closed(self, _):
        print(len(SUMS), time.perf_counter() - self.start, time.process_time() - self.cpu, sum(SUMS) % (1 << 64), peak_kb())


crawler = CrawlerProcess({
    "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "COOKIES_ENABLED": False, "RETRY_ENABLED": False,
    "REDIRECT_ENABLED": False, "ROBOTSTXT_OBEY": False, "MEMUSAGE_ENABLED": False,
    "CONCURRENT_REQUESTS": int(sys.argv[2]), "CONCURRENT_REQUESTS_PER_DOMAIN": int(sys.argv[2]),
    "REQUEST_FINGERPRINTER_IMPLEMENTATION": "2.7", "DEFAULT_REQUEST_HEADERS": {"Accept-Encoding": "gzip"},
})
crawler.crawl(Pages)
crawler.start()
