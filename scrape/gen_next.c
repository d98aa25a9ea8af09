/* scrape/gen_next.c: pages of 2020 to 2022. __NEXT_DATA__ has props.pageProps
 * with statusCode and itemInfo.itemStruct; the older shape has
 * videoData{itemInfos, authorInfos, musicInfos} with its own names of keys. */
#include "scrape/gen.h"

bool gen_next(struct state *st, uint64_t asked, struct arena *mem, struct parts *parts)
{
    enum { CODE, MESSAGE, INFO, OLD, WANTS };
    static const char *const props[] = { "props", "pageProps", NULL };
    static const struct want want[WANTS] = {
        [CODE] = { "statusCode", NULL }, [MESSAGE] = { "statusMsg", NULL },
        [INFO] = { "itemInfo", "itemStruct" }, [OLD] = { "videoData", NULL },
    };
    const struct json *part[WANTS], *old;

    (void)asked;
    (void)mem;
    if (!state_want(st, SCRIPT_NEXT, props, want, WANTS, 0, part))
        return false;
    old = json_get(part[OLD], "itemInfos");
    if (!part[CODE] && !part[INFO] && !old)
        return false;
    parts->code = part[CODE];
    parts->message = part[MESSAGE];
    parts->code_may_miss = true;
    parts->generation = part[INFO] || !old ? GENERATION_NEXT : GENERATION_NEXT_OLD;
    if (json_kind(part[INFO]) == JSON_OBJECT) {
        parts->item.item = part[INFO];
    } else if (json_kind(old) == JSON_OBJECT) {
        parts->item.item = old;
        parts->item.author = json_get(part[OLD], "authorInfos");
        parts->item.music = json_get(part[OLD], "musicInfos");
    }
    return parts->shown = true;
}

uint64_t gen_next_own(struct state *st, struct arena *mem)
{
    struct parts parts = { 0 };

    (void)gen_next(st, 0, mem, &parts);    // what is not there is NULL
    return gen_item_id(parts.item.item);
}
