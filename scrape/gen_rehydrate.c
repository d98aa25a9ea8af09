/* scrape/gen_rehydrate.c: pages from 2023-11 on. One script with
 * __DEFAULT_SCOPE__; the post stands in webapp.video-detail, or, where the page
 * was asked for by a mobile browser, in webapp.reflow.video.detail. Both hold
 * {itemInfo{itemStruct}, statusCode, statusMsg}; a refusal has no itemInfo
 * (captures of July 2026). webapp.app-context.region is the country that the
 * site assigns to the visitor, seo.abtest.canonical the page's own URL. */
#include "platform/tiktok.h"
#include "scrape/gen.h"

static struct str text_of(const struct json *node, struct arena *mem)
{
    struct str s = STR_NONE;

    return json_text(node, &s) ? arena_dup(mem, s) : STR_NONE;
}

bool gen_rehydrate(struct state *st, uint64_t asked, struct arena *mem, struct parts *parts)
{
    enum { REGION, CANONICAL, DESKTOP, MOBILE, WANTS };
    static const char *const scope[] = { "__DEFAULT_SCOPE__", NULL };
    static const struct want want[WANTS] = {
        [REGION] = { "webapp.app-context", "region" },
        [CANONICAL] = { "seo.abtest", "canonical" },
        [DESKTOP] = { "webapp.video-detail", NULL },
        [MOBILE] = { "webapp.reflow.video.detail", NULL },
    };
    const struct json *part[WANTS], *detail;

    (void)asked;
    if (!state_want(st, SCRIPT_REHYDRATE, scope, want, WANTS,
                    1u << REGION | 1u << CANONICAL | 1u << DESKTOP, part))
        return false;
    parts->region = text_of(part[REGION], mem);
    parts->canonical = text_of(part[CANONICAL], mem);
    detail = part[DESKTOP] ? part[DESKTOP] : part[MOBILE];
    if (json_kind(detail) != JSON_OBJECT)
        return false;
    parts->generation = part[DESKTOP] ? GENERATION_REHYDRATE : GENERATION_REHYDRATE_MOBILE;
    parts->code = json_get(detail, "statusCode");
    parts->message = json_get(detail, "statusMsg");
    parts->item.item = json_path(detail, "itemInfo.itemStruct");
    parts->doubled = json_doubled_key(detail, false).p ||
                     json_doubled_key(json_get(detail, "itemInfo"), false).p;
    return parts->shown = true;
}

uint64_t gen_rehydrate_own(struct state *st, struct arena *mem)
{
    struct parts parts = { 0 };
    uint64_t id = 0;

    (void)gen_rehydrate(st, 0, mem, &parts);    // what is not there is NULL
    if (!(id = gen_item_id(parts.item.item)) && !tiktok_url_item(parts.canonical, &id))
        id = 0;
    return id;
}
