/* import/names.c: names, as tools and people write them. */
#include "import/names.h"
#include <string.h>

struct str names_plain(struct str name, char out[NAMES_PLAIN_MAX + 1])
{
    size_t n = 0;

    for (size_t i = 0; i < name.n && n < NAMES_PLAIN_MAX; i++) {
        char c = name.p[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80))
            out[n++] = c;
    }
    out[n] = '\0';
    return (struct str){ out, n };
}
int name_rank(struct str name)
{
    static const char *const names[] = {
        "url",      "link",      "videourl", "videolink", "webvideourl", "tiktokurl", "tiktoklink",
        "shareurl", "sharelink", "posturl",  "postlink",  "itemurl",     "itemlink",  "permalink",
        "href",     "videoid",   "itemid",   "awemeid",   "postid",      "tiktokid",  "id",
    };
    char text[NAMES_PLAIN_MAX + 1];
    struct str p = names_plain(name, text);

    for (int i = 0; i < (int)(sizeof names / sizeof names[0]); i++)
        if (str_eq(p, str_of(names[i])))
            return i;
    return NAME_UNKNOWN;
}
bool name_is_provenance(struct str name)
{
    static const char *const names[] = {
        "sourceurl",      "sourcelink",     "sourceplatformurl",
        "sourcepageurl",  "sourcepage",     "collectedfromurl",
        "collectedfrom",  "collectedurl",   "collectedaturl",
        "foundonurl",     "foundon",        "foundat",
        "referrer",       "referer",        "referrerurl",
        "refererurl",     "httpreferer",    "documentreferrer",
        "originurl",      "openerurl",      "parenturl",
        "previousurl",    "fromurl",        "fromlink",
        "scrapedfrom",    "scrapedfromurl", "scrapedurl",
        "crawledfrom",    "discoveredfrom", "currenturl",
        "currentpage",    "taburl",         "browserurl",
        "windowlocation", "pagelocation",   "documenturl",
        "navigationurl",  "starturl",       NULL,
    };
    char text[NAMES_PLAIN_MAX + 1];

    return name.n >= 7 && str_is_one_of(names_plain(name, text), names);
}
bool name_is_relation(struct str name)
{
    static const char *const parts[] = { "duet",    "stitch",   "music",   "sound",   "author",
                                         "parent",  "reply",    "comment", "related", "quoted",
                                         "mention", "playlist", "userid",  "hashtag", "challenge",
                                         "avatar",  "cover",    "thumb",   "profile", "effect" };
    char text[NAMES_PLAIN_MAX + 1];
    struct str p = names_plain(name, text);

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (str_find(p, str_of(parts[i]), 0) >= 0)
            return true;
    return false;
}
