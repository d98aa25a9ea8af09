/* A wrong "absent" is a false charge and a wrong "not measured" a day lost: where in doubt,
 * the day is lost. */
#include "watch/day.h"

/* A reply without the item says something of it where nobody else was asked with it. A batch
 * with an id that is not public loses others as well, one here and one there: that a mate came
 * back says nothing of the next. */
static bool silence_counts(const struct watch_reading *r)
{
    return r->said == WATCH_SAID_NO && r->mates == 0;
}

/* The least charge so far. */
static uint8_t weaker(uint8_t so_far, enum watch_why why)
{
    return so_far == WATCH_WHY_NONE || why < so_far ? (uint8_t)why : so_far;
}

static void settle_api(struct watch_day *d, const struct watch_reading *r, size_t len, bool listed)
{
    bool found = false, proven = false, unproven = false;
    size_t asks = 0;

    for (size_t i = 0; i < len; i++) {
        if (r[i].witness != WATCH_BY_API)
            continue;
        asks++;
        if (r[i].said == WATCH_SAID_YES)
            found = true;
        else if (silence_counts(&r[i]) && r[i].proven)
            proven = true;
        else if (silence_counts(&r[i]) && r[i].canaries == 0)
            unproven = true;
        else if (r[i].said == WATCH_SAID_NO)
            d->api_why = weaker(d->api_why, r[i].back > 0 ? WATCH_WHY_OURS : WATCH_WHY_OUTAGE);
        else
            d->api_why = weaker(d->api_why, r[i].why);
    }
    if (found || proven || unproven) {
        d->api = found ? WATCH_API_FOUND : WATCH_API_ABSENT;
        d->no_canary = !found && !proven;
        d->api_why = WATCH_WHY_NONE;
    } else if (asks > 0 || listed) {
        d->api = WATCH_API_NOT_MEASURED;
        d->api_why = asks > 0 ? d->api_why : WATCH_WHY_MISSED;
    }
}

/* The page's answers count, and what oEmbed has; what oEmbed has not may be there. */
static bool answers(const struct watch_reading *r)
{
    return r->said == WATCH_SAID_YES ||
           (r->said == WATCH_SAID_NO && r->witness != WATCH_BY_OEMBED);
}

/* The last answer of this witness; NULL where it gave none. */
static const struct watch_reading *last_answer(const struct watch_reading *r, size_t len,
                                               enum watch_witness by)
{
    const struct watch_reading *last = NULL;

    for (size_t i = 0; i < len; i++)
        if (r[i].witness == by && answers(&r[i]) &&
            (!last || r[i].at > last->at ||
             (r[i].at == last->at && r[i].said == WATCH_SAID_YES)))
            last = &r[i];
    return last;
}

static void settle_page(struct watch_day *d, const struct watch_reading *r, size_t len, bool listed)
{
    const struct watch_reading *last = last_answer(r, len, WATCH_BY_PAGE);

    if (!last && (last = last_answer(r, len, WATCH_BY_OEMBED)))
        d->by_oembed = true;
    if (last) {
        d->page = last->said == WATCH_SAID_YES ? WATCH_PAGE_PUBLIC : WATCH_PAGE_REFUSED;
        return;
    }
    for (size_t i = 0; i < len; i++)
        if (r[i].witness != WATCH_BY_API && r[i].said == WATCH_SAID_NOTHING)
            d->page_why = weaker(d->page_why, r[i].why);
    if (d->page_why == WATCH_WHY_NONE && listed)
        d->page_why = WATCH_WHY_MISSED;
    if (d->page_why != WATCH_WHY_NONE)
        d->page = WATCH_PAGE_NOT_MEASURED;
}

struct watch_day watch_day_of(const struct watch_reading *r, size_t len, bool listed)
{
    struct watch_day d = {0};

    settle_api(&d, r, len, listed);
    settle_page(&d, r, len, listed);
    d.asks = len > UINT8_MAX ? UINT8_MAX : (uint8_t)len;
    return d;
}
