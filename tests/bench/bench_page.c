/* tests/bench/bench_page.c: page bytes -> record, against libxml2's DOM with
 * XPath and cJSON on the whole state, and against a memmem scan for an absent
 * string over the same bytes (the least that any reader must do).
 * 48 different pages of some 280 KB, translations before the post, as real
 * pages have them (scripts of 259 to 288 KB, July 2026). The least of several
 * rounds counts: other work on the machine only ever adds. */
#include <cjson/cJSON.h>
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "scrape/page.h"
#include "tests/unit/fake_page.h"

#define PAGES 48
#define ROUNDS 9

static struct buf page[PAGES];
static volatile size_t sum;       // keeps the work from being optimised away

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A post of full size: the renditions, subtitles and pictures that real items
 * carry beside what we read, about 9 KB. */
static void add_detail(struct buf *b)
{
    buf_puts(b, "{\"itemInfo\":{\"itemStruct\":{" FAKE_ITEM_BODY
                ",\"contents\":[{\"desc\":\"x\",\"textExtra\":[]}]");
    for (int i = 0; i < 12; i++)
        buf_printf(
            b,
            "%s{\"Bitrate\":%d,\"CodecType\":\"h264\",\"GearName\":\"adapt_%d\","
            "\"PlayAddr\":{\"DataSize\":\"%d\","
            "\"FileCs\":\"c:0-%d-12af\",\"Uri\":\"v10025g50000\",\"UrlKey\":\"v1_h264_540p_%d\","
            "\"UrlList\":["
            "\"https:\\u002F\\u002Fv16-webapp.example\\u002F6d%dabc\\u002F65e1\\u002Fvideo"
            "\\u002Ftos\\u002Fmaliva?a=1988\\u0026bti=1"
            "\\u0026ch=0\\u0026cr=3\\u0026dr=0\\u0026lr=all\\u0026cd=0%%7C0%%7C0\\u0026cv=1"
            "\\u0026br=862\\u0026bt=431\"]},"
            "\"QualityType\":20}",
            i ? ","
              : ",\"stickersOnItem\":[{\"stickerType\":4}],\"videoSuggestWordsList\":{"
                "\"list\":[",
            i * 1000, i, i * 31, i * 7, i, i);
    buf_puts(
        b,
        "]},\"authorStats\":{\"followerCount\":120,\"heart\":4000,\"videoCount\":30},"
        "\"duetEnabled\":true,\"stitchEnabled\":true,\"shareEnabled\":true,"
        "\"originalItem\":false}},"
        "\"shareMeta\":{\"title\":\"t\",\"desc\":\"d\"},\"statusCode\":0,\"statusMsg\":\"\"}");
}

static void read_ours(void)
{
    struct arena mem = { 0 };

    for (int i = 0; i < PAGES; i++) {
        struct answer a = { 0 };
        struct page_notes notes = { 0 };
        struct err err = { 0 };

        if (page_read(buf_view(&page[i]), FAKE_ID, &mem, &a, &notes, &err) ||
            a.kind != ANSWER_PUBLIC || notes.whole)
            die("page %d was not read by the fast way", i);
        sum += a.record->val[FIELD_CAPTION].text.n;
        arena_clear(&mem);
    }
    arena_release(&mem);
}

static void read_dom(void)
{
    for (int i = 0; i < PAGES; i++) {
        htmlDocPtr doc = htmlReadMemory(page[i].p, (int)page[i].n, NULL, "UTF-8",
                                        HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                            HTML_PARSE_NOWARNING);
        xmlXPathContextPtr ctx = xmlXPathNewContext(doc);
        xmlXPathObjectPtr hit = xmlXPathEvalExpression(
            BAD_CAST "//script[@id='__UNIVERSAL_DATA_FOR_REHYDRATION__']", ctx);
        xmlChar *text = xmlNodeGetContent(hit->nodesetval->nodeTab[0]);
        cJSON *root = cJSON_Parse((const char *)text);
        cJSON *scope = cJSON_GetObjectItemCaseSensitive(root, "__DEFAULT_SCOPE__");
        cJSON *detail = cJSON_GetObjectItemCaseSensitive(scope, "webapp.video-detail");
        cJSON *info = cJSON_GetObjectItemCaseSensitive(detail, "itemInfo");
        cJSON *item = cJSON_GetObjectItemCaseSensitive(info, "itemStruct");

        sum += strlen(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "desc")));
        cJSON_Delete(root);
        xmlFree(text);
        xmlXPathFreeObject(hit);
        xmlXPathFreeContext(ctx);
        xmlFreeDoc(doc);
    }
}

static void scan_absent(void)
{
    for (int i = 0; i < PAGES; i++)
        sum += memmem(page[i].p, page[i].n, "webapp.never-there-detail", 25) != NULL;
}

static double least_of(void (*work)(void), int rounds)
{
    double least = 1e9;

    for (int i = 0; i < rounds; i++) {
        double from = now_s();

        work();
        if (now_s() - from < least)
            least = now_s() - from;
    }
    return least / PAGES * 1e6;
}

static void line(const char *what, double ours, double other, double ratio, const char *goal)
{
    printf("%s | %.1f us | %.1f us | %.2f x | %s\n", what, ours, other, ratio, goal);
}

int main(void)
{
    double ours, dom, scan;
    struct buf detail = { 0 };

    add_detail(&detail);
    for (uint32_t i = 0; i < PAGES; i++)
        fake_page(&page[i], "webapp.video-detail", buf_cstr(&detail), FAKE_CANONICAL,
                  259000 + i * 600, i);
    printf("%d pages, the first of %zu bytes, its post of %zu\n", PAGES, page[0].n, detail.n);
    buf_release(&detail);
    ours = least_of(read_ours, ROUNDS * 4);
    dom = least_of(read_dom, ROUNDS);
    scan = least_of(scan_absent, ROUNDS * 4);
    puts("what | ours | other | ratio | goal");
    line("page to record, DOM and cJSON on the whole", ours, dom, dom / ours,
         "at least 20 x as fast");
    line("page to record, memmem of an absent string", ours, scan, ours / scan, "at most 5 x");
    for (int i = 0; i < PAGES; i++)
        buf_release(&page[i]);
    return dom / ours >= 20 && ours / scan <= 5 ? 0 : 1;
}
