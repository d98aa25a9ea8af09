/* report/site_data.c: data.json and data.csv. A list of many posts over many years would be tens
 * of megabytes of plain text: then the plain files hold the newest days, and say so, and the packed
 * ones beside them all. */
#include "base/json_out.h"
#include "record/id.h"
#include "report/site_part.h"

static void put_counts(struct json_out *o, const struct watch_counts *c)
{
    json_put_int(o, "found", c->found);
    json_put_int(o, "absent", c->absent);
    json_put_int(o, "not_measured", c->not_measured);
    json_put_int(o, "days", c->days);
    json_put_int(o, "absent_page_public", c->absent_public);
    json_put_int(o, "absent_page_refused", c->absent_gone);
    json_put_int(o, "absent_page_not_read", c->absent_unread);
    json_put_int(o, "absent_no_canary", c->no_canary);
}

static void put_whys(struct json_out *o, const struct watch_counts *c)
{
    json_open(o, "why");
    for (enum watch_why w = WATCH_WHY_OURS; w < WATCH_WHY_COUNT; w++)
        json_put_int(o, watch_why_name(w), c->why[w]);
    json_close(o);
}

static void put_shares(struct json_out *o, const struct watch_counts *c)
{
    json_open(o, "shares");
    json_put_share(o, "found", c->days ? share_of(c->found, c->days) : -1);
    json_put_share(o, "absent", c->days ? share_of(c->absent, c->days) : -1);
    json_put_share(o, "not_measured", c->days ? share_of(c->not_measured, c->days) : -1);
    json_close(o);
}

/* The days on which posts were gone, and all others: of these the pages speak. */
static void put_there(struct json_out *o, const struct watch_counts *c)
{
    const struct watch_counts there = watch_counts_there(c);

    json_open(o, "gone");
    json_put_int(o, "days", c->gone.days);
    json_put_int(o, "absent", c->gone.absent);
    json_put_int(o, "not_measured", c->gone.not_measured);
    json_close(o);
    json_open(o, "there");
    put_counts(o, &there);
    put_whys(o, &there);
    put_shares(o, &there);
    json_close(o);
}

static void put_day(struct json_out *o, int64_t day, struct watch_day d)
{
    json_open(o, NULL);
    json_put_date(o, "date", day);
    json_put_word(o, "api", watch_api_name((enum watch_api)d.api));
    if (d.page)
        json_put_word(o, "page", watch_page_name((enum watch_page)d.page));
    else
        json_put_null(o, "page");
    if (d.api_why)
        json_put_word(o, "why", watch_why_name((enum watch_why)d.api_why));
    if (d.page_why)
        json_put_word(o, "page_why", watch_why_name((enum watch_why)d.page_why));
    if (d.no_canary)
        json_put_bool(o, "no_canary", true);
    json_close(o);
}

static void put_item(struct json_out *o, const struct site *s, const struct watch_post *p,
                     int64_t from)
{
    char alias[ALIAS_MAX];

    json_open(o, NULL);
    json_put_id(o, "id", p->id);
    json_put_word(o, "role", watch_role_name(p->role));
    json_put_text(o, "account", site_handle(s, p, alias));
    json_open(o, "totals");
    put_counts(o, &p->counts);
    put_whys(o, &p->counts);
    put_there(o, &p->counts);
    json_close(o);
    json_open_list(o, "days");
    for (size_t i = 0; i < p->days; i++) {
        const int64_t day = p->first_day + (int64_t)i;

        if (day >= from && (p->day[i].api || p->day[i].page))
            put_day(o, day, p->day[i]);
    }
    json_close(o);
    json_close(o);
}

static void put_events(struct json_out *o, const struct watch_history *h)
{
    json_open_list(o, "events");
    for (size_t i = 0; i < h->events; i++) {
        const struct watch_event *e = &h->event[i];

        json_open(o, NULL);
        json_put_instant(o, "at", e->at);
        if (e->id)
            json_put_id(o, "id", e->id);
        else
            json_put_null(o, "id");
        json_put_word(o, "kind", watch_event_name(e->kind));
        json_put_instant(o, "confirmed_at", e->confirmed_at);
        json_put_instant(o, "before_at", e->before_at);
        json_close(o);
    }
    json_close(o);
    json_open_list(o, "notes");
    for (size_t i = 0; i < h->notes; i++) {
        json_open(o, NULL);
        json_put_date(o, "date", h->note[i].day);
        json_put_text(o, "text", h->note[i].text);
        json_close(o);
    }
    json_close(o);
}

/* What the first page says of posts: of each how its days went. */
static void put_posts(struct json_out *o, const struct watch_history *h)
{
    int64_t n[WATCH_FATES];

    watch_history_fates(h, n);
    json_open(o, "posts");
    json_put_int(o, "watched", (int64_t)h->watched);
    json_put_int(o, "canaries", (int64_t)h->canaries);
    json_put_int(o, "canaries_never_asked", (int64_t)h->canaries_idle);
    json_put_int(o, "never_returned", n[WATCH_FATE_NEVER]);
    json_put_int(o, "always_returned", n[WATCH_FATE_ALWAYS]);
    json_put_int(o, "came_and_went", n[WATCH_FATE_BOTH]);
    json_put_int(o, "never_measured", n[WATCH_FATE_UNMEASURED]);
    json_put_int(o, "gone_throughout", n[WATCH_FATE_GONE]);
    json_close(o);
}

static void put_totals(struct json_out *o, const struct watch_history *h)
{
    const struct watch_counts *c = &h->counts;
    const int64_t last = watch_history_last_measured(h);

    json_open(o, "totals");
    put_counts(o, c);
    put_whys(o, c);
    put_shares(o, c);
    put_there(o, c);
    json_close(o);
    if (last < 0) {
        json_put_null(o, "last_day");
        return;
    }
    json_open(o, "last_day");
    json_put_date(o, "date", last);
    put_counts(o, &h->date[last - h->first_day].posts);
    put_there(o, &h->date[last - h->first_day].posts);
    json_close(o);
}

static void put_ledger(struct json_out *o, const struct watch_history *h)
{
    json_put_int(o, "days", h->days);
    json_put_int(o, "days_without_a_reading", h->gaps);
    json_put_int(o, "rounds", h->rounds);
    json_put_int(o, "rounds_cut", h->rounds_cut);
    json_put_instant(o, "last_round_at", h->rounds ? h->last_round.started_at : 0);
    json_put_instant(o, "newest_reading_at", h->newest_at);
    json_put_int(o, "requests", h->requests);
    json_put_int(o, "pages_read", h->pages);
    json_put_int(o, "series", h->series);
}

void site_data_json(struct buf *out, const struct site *s, bool all)
{
    const struct watch_history *h = s->h;
    const int64_t from = all || s->whole ? h->first_day : s->from_day;
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_int(&o, "schema", 1);
    json_put_text(&o, "list", h->list);
    json_put_text(&o, "title", site_title(s));
    if (h->days) {
        json_put_date(&o, "first_day", h->first_day);
        json_put_date(&o, "last_day_on_record", h->first_day + h->days - 1);
        json_put_date(&o, "days_from", from);
    }
    json_put_bool(&o, "complete", all || s->whole);
    if (!all && !s->whole)
        json_put_word(&o, "all_days", "data-all.json.gz");
    json_put_bool(&o, "stale", h->is_stale);
    put_totals(&o, h);
    put_posts(&o, h);
    put_ledger(&o, h);
    site_lag_json(&o, h);
    site_fresh_json(&o, h);
    put_events(&o, h);
    json_open_list(&o, "items");
    for (size_t i = 0; i < h->posts; i++)
        put_item(&o, s, &h->post[i], from);
    json_close(&o);
    json_close(&o);
    buf_char(out, '\n');
}

static void put_csv_day(struct buf *out, const struct watch_post *p, const char *id, int64_t day,
                        struct watch_day d)
{
    char date[UTC_TEXT_MAX];
    const char *const cell[] = {
        utc_date(day, date),
        id,
        watch_api_name((enum watch_api)d.api),
        watch_page_name((enum watch_page)d.page),
        watch_why_name((enum watch_why)d.api_why),
        watch_why_name((enum watch_why)d.page_why),
        d.no_canary ? "yes" : "",
        watch_role_name(p->role),
    };

    for (size_t i = 0; i < sizeof cell / sizeof *cell; i++) {
        if (i)
            buf_char(out, ',');
        buf_puts(out, cell[i]);
    }
    buf_puts(out, "\r\n");
}

/* By post, then day. No cell comes from outside: nothing is to be quoted. */
void site_data_csv(struct buf *out, const struct site *s, bool all)
{
    const struct watch_history *h = s->h;
    const int64_t from = all || s->whole ? h->first_day : s->from_day;
    char id[ID_TEXT_MAX];

    buf_puts(out, "date,id,api,page,why,page_why,no_canary,role\r\n");
    for (size_t i = 0; i < h->posts; i++) {
        const char *const is = id_text(h->post[i].id, id);

        for (size_t k = 0; k < h->post[i].days; k++) {
            const struct watch_day d = h->post[i].day[k];
            const int64_t day = h->post[i].first_day + (int64_t)k;

            if (day >= from && (d.api || d.page))
                put_csv_day(out, &h->post[i], is, day, d);
        }
    }
}
