/* store/site_days.c: the days on which the site was asked (record/site_days.h), one short text for
 * each witness: read once a day, written once a day. */
#include "base/utc.h"
#include "store/inner.h"
#include "store/meta.h"

static const struct { enum witness witness; enum meta key; } kept[] = {
    { WITNESS_PAGE, META_PAGE_DAYS },
    { WITNESS_EMBED, META_EMBED_DAYS },
    { WITNESS_OEMBED, META_OEMBED_DAYS },
};
#define KEPT (sizeof kept / sizeof *kept)

static int read_days(struct store *s, size_t i, struct err *err)
{
    struct buf text = { 0 };
    int rc = store_meta_get(s, kept[i].key, &text, err);

    if (rc == 0)
        day_list_read(&s->site_days.of[kept[i].witness], buf_view(&text));
    buf_release(&text);
    return rc;
}

int store_site_days(struct store *s, struct err *err)
{
    const int64_t today = utc_day(utc_now());

    if (s->site_days.today == today)
        return 0;
    for (size_t i = 0; i < KEPT; i++)
        if (read_days(s, i, err))
            return -1;
    s->site_days.today = today;
    return 0;
}

/* Others may have written theirs since. */
static int add_day(struct store *s, size_t i, int64_t day, struct err *err)
{
    struct day_list *list = &s->site_days.of[kept[i].witness];
    struct buf text = { 0 };
    int rc = read_days(s, i, err);

    if (rc == 0 && day_list_add(list, day)) {
        day_list_print(list, &text);
        rc = store_meta_set(s, kept[i].key, buf_view(&text), err);
    }
    buf_release(&text);
    return rc;
}

int store_site_asked(struct store *s, enum witness w, int64_t at, struct err *err)
{
    const int64_t day = utc_day(at);

    if (store_site_days(s, err))
        return -1;
    for (size_t i = 0; i < KEPT; i++)
        if (kept[i].witness == w && !day_list_has(&s->site_days.of[w], day))
            return add_day(s, i, day, err);
    return 0;
}

void store_site_days_forget(struct store *s) { s->site_days.today = 0; }
