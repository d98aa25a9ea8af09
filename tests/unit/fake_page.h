/* tests/unit/fake_page.h: pages of the shapes that public captures have, with
 * made-up people; for the tests, fuzz targets and the benchmark of scrape/. */
#ifndef TESTS_FAKE_PAGE_H
#define TESTS_FAKE_PAGE_H
#include "base/str.h"

#define FAKE_ID 7341234567890123456u
#define FAKE_ID_TEXT "7341234567890123456"

/* An item of 2026 with every kind of field; commas outside. */
#define FAKE_ITEM_BODY                                                                           \
    "\"id\":\"" FAKE_ID_TEXT                                                                     \
    "\",\"desc\":\"Caf\\u00e9 \\ud83d\\ude00 with @mara.lind and friends #BoatLife #noid \","    \
    "\"createTime\":\"1709280021\",\"scheduleTime\":0,\"video\":{\"id\":\"" FAKE_ID_TEXT         \
    "\",\"height\":1024,\"width\":576,"                                                          \
    "\"duration\":31,\"ratio\":\"540p\","                                                        \
    "\"playAddr\":\"https:\\u002F\\u002Fv16.example\\u002Fa?x=1\\u0026y=2\","                    \
    "\"bitrate\":441356,\"subtitleInfos\":[],\"videoQuality\":\"normal\"},"                      \
    "\"author\":{\"id\":\"6912345678901234567\",\"uniqueId\":\"Jonas.Harbour\","                 \
    "\"nickname\":\"Jonas \\\"JJ\\\" Harbour\","                                                 \
    "\"verified\":true,\"privateAccount\":false,\"secret\":false,\"isADVirtual\":false},"        \
    "\"music\":{\"id\":\"6812345678901234567\",\"title\":\"original sound\","                    \
    "\"isCopyrighted\":false},"                                                                  \
    "\"challenges\":[{\"id\":\"123456\",\"title\":\"boatlife\",\"isCommerce\":false}],"          \
    "\"stats\":{\"diggCount\":21000,\"shareCount\":53,\"commentCount\":119,\"playCount\":76000," \
    "\"collectCount\":\"1053\"},"                                                                \
    "\"statsV2\":{\"diggCount\":\"21001\",\"shareCount\":\"53\",\"commentCount\":\"119\","       \
    "\"playCount\":\"76001\","                                                                   \
    "\"collectCount\":\"1053\",\"repostCount\":\"4\"},"                                          \
    "\"textExtra\":[{\"start\":13,\"end\":23,\"type\":0,\"hashtagName\":\"\","                   \
    "\"userUniqueId\":\"mara.other\"},"                                                          \
    "{\"start\":36,\"end\":45,\"type\":1,\"hashtagName\":\"boatlife\",\"isCommerce\":true},"     \
    "{\"start\":46,\"end\":51,\"type\":1,\"hashtagName\":\"noid\"}],"                            \
    "\"locationCreated\":\"CA\",\"textLanguage\":\"en\",\"isAd\":false,\"isECVideo\":1,"         \
    "\"privateItem\":false,"                                                                     \
    "\"anchors\":[{\"type\":33},{\"type\":\"7\"}],\"effectStickers\":[{\"ID\":\"881\"},"         \
    "{\"ID\":882}],"                                                                             \
    "\"warnInfo\":[{\"text\":\"be careful\",\"type\":2}],\"playlistId\":\"\","                   \
    "\"poi\":{\"countryCode\":\"CA\"}"
#define FAKE_ITEM "{" FAKE_ITEM_BODY "}"
#define FAKE_PUBLIC "{\"itemInfo\":{\"itemStruct\":" FAKE_ITEM "},\"shareMeta\":{\"title\":\"t\"," \
                                                               "\"desc\":\"d\"},"                  \
                    "\"statusCode\":0,\"statusMsg\":\"\"}"

/* Text of i18n kind, as varied as the real bundles: short keys and sentences,
 * a brace, an escape, a tag now and then. */
static inline void fake_filler(struct buf *b, uint32_t seed, size_t bytes)
{
    static const char *const words[] = {
        "video",
        "currently",
        "unavailable",
        "This",
        "account",
        "is",
        "private",
        "watch",
        "more",
        "of",
        "the",
        "comments",
        "creator",
        "report",
        "settings",
        "{count}",
        "log in",
        "friends",
        "language",
        "sound",
        "share",
        "couldn\\u2019t",
        "\\\"quoted\\\"",
        "follow",
        "https:\\u002F\\u002Fexample.org",
        "removed",
        "try again",
        "region",
    };
    size_t until = b->n + bytes;
    uint32_t x = seed * 2654435761u + 1;

    for (size_t k = 0; b->n < until; k++) {
        buf_printf(b, "%s\"text_%x_%zu\":\"", k ? "," : "", x >> 12, k);
        for (uint32_t w = 2 + (x >> 28); w-- > 0;) {
            x = x * 1664525u + 1013904223u;
            buf_printf(b, "%s%s", words[(x >> 16) % (sizeof words / sizeof words[0])],
                       w ? " " : "\"");
        }
    }
}

/* The page of 2023-11 on. detail NULL: a home page. filler: bytes of
 * translations before the detail, as on real pages. scope: the detail's key. */
static inline void fake_page(struct buf *b, const char *scope, const char *detail,
                             const char *canonical, size_t filler, uint32_t seed)
{
    buf_puts(
        b,
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"UTF-8\">"
        "<title>TikTok - Make Your Day</title>"
        "<script>window.start = Date.now();</script>"
        "<script id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\" type=\"application/json\">"
        "{\"__DEFAULT_SCOPE__\":{"
        "\"webapp.app-context\":{\"language\":\"en\",\"region\":\"CH\",\"appId\":1233,"
        "\"abTestVersion\":{");
    fake_filler(b, seed, filler / 8);
    buf_puts(b, "}},\"webapp.biz-context\":{");
    fake_filler(b, seed + 1, filler / 6);
    buf_puts(b, "},\"webapp.i18n-translation\":{\"Webapp\":{");
    fake_filler(b, seed + 2, filler - filler / 8 - filler / 6);
    buf_printf(b, "}},\"seo.abtest\":{\"canonical\":\"%s\",\"vidList\":[\"1\"]}", canonical);
    if (detail)
        buf_printf(b, ",\"%s\":%s", scope, detail);
    buf_puts(b, ",\"webapp.a-b\":{\"b_c\":\"2\"}}}</script></head><body><div id=\"app\"></div>"
                "<p>This account is private</p></body></html>");
}
#define FAKE_CANONICAL "https:\\u002F\\u002Fwww.tiktok.com\\u002F@i\\u002Fvideo\\u002F" FAKE_ID_TEXT
#endif
