/* scrape/gen_sigi.c: pages of 2022 and 2023. SIGI_STATE holds the post in
 * ItemModule[ID], flattened: `author` is the handle, and the account's other
 * fields stand in UserModule.users[handle]. VideoPage has the verdict; pages
 * that show the post may leave its statusCode out (as yt-dlp reads them). */
#include "platform/tiktok.h"
#include "record/id.h"
#include "scrape/gen.h"

bool gen_sigi(struct state *st, uint64_t asked, struct arena *mem, struct parts *parts)
{
    static const char *const root[] = { NULL }, *const items[] = { "ItemModule", NULL };
    static const char *const users[] = { "UserModule", "users", NULL };
    static const struct want verdict = { "VideoPage", NULL };
    const struct json *page = NULL, *item = NULL, *user = NULL;
    char id[ID_TEXT_MAX];
    const struct want ours = { id_text(asked, id), NULL };
    struct str handle;

    if (!state_want(st, SCRIPT_SIGI, root, &verdict, 1, 0, &page))
        return false;
    state_want(st, SCRIPT_SIGI, items, &ours, 1, 1, &item);
    if (!page && !item)
        return false;
    parts->generation = GENERATION_SIGI;
    parts->code = json_get(page, "statusCode");
    parts->message = json_get(page, "statusMsg");
    parts->doubled = json_doubled_key(page, false).p;
    parts->code_may_miss = true;
    parts->item.item = json_kind(item) == JSON_OBJECT ? item : NULL;
    if (json_text(json_get(item, "author"), &handle) && handle.n) {
        const struct want owner = { arena_dup(mem, handle).p, NULL };

        state_want(st, SCRIPT_SIGI, users, &owner, 1, 1, &user);
        parts->item.owner = json_kind(user) == JSON_OBJECT ? user : NULL;
    }
    return parts->shown = true;
}

/* ItemModule may hold posts beside the page's own, which ItemList.video then names; a page that
 * shows none has its address alone. */
uint64_t gen_sigi_own(struct state *st, struct arena *mem)
{
    enum { ITEMS, LIST, SEO, WANTS };
    static const char *const root[] = { NULL };
    static const struct want want[WANTS] = {
        [ITEMS] = { "ItemModule", NULL },
        [LIST] = { "ItemList", "video" },
        [SEO] = { "SEOState", NULL },
    };
    const struct json *part[WANTS], *first;
    struct str url = STR_NONE;
    uint64_t id = 0;

    (void)mem;
    if (!state_want(st, SCRIPT_SIGI, root, want, WANTS, 0, part))
        return 0;
    first = json_get(part[LIST], "list");
    if (json_len(part[ITEMS]) == 1 && str_u64(json_key(json_first(part[ITEMS])), &id))
        return id;
    if (json_kind(first) == JSON_ARRAY && json_u64(json_first(first), &id))
        return id;
    if (json_u64(json_get(part[LIST], "keyword"), &id))
        return id;
    return json_text(json_path(part[SEO], "metaParams.canonicalHref"), &url) &&
                   tiktok_url_item(url, &id)
               ? id
               : 0;
}
