/* audit/monitor/site.c: see site.h. */
#include "audit/monitor/site.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/monitor/history.h"
#include "audit/verdict/looks.h"
#include "base/deflate.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/utc.h"
#include "record/id.h"
#include "report/front.h"
#include "report/report.h"
#include "report/site.h"

struct writing {
    const struct site *site;
    struct folder_out to;
    struct buf text, packed;
    struct monitor_site_result *result;
};

static int put_bytes(struct writing *w, const char *name, struct str bytes, struct err *err)
{
    char *path = file_join(w->to.made, name);
    int rc = file_write_derived(path, bytes, err);

    w->result->files++;
    w->result->bytes += (int64_t)bytes.n;
    free(path);
    return rc;
}

typedef void make_fn(struct buf *, const struct site *);
static const struct {
    const char *name;
    make_fn *make;
} files[] = {
    { "site.css", NULL },
    { "site.js", NULL },
    { "list.html", site_list_html },
    { "events.html", site_events_html },
    { "feed.xml", site_feed_xml },
    { "badge.svg", site_badge_svg },
    { "index.html", site_index_html },
};

static int put_files(struct writing *w, struct err *err)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        buf_clear(&w->text);
        if (files[i].make)
            files[i].make(&w->text, w->site);
        else if (i == 0)
            site_css(&w->text);
        else
            buf_str(&w->text, site_js());
        if (put_bytes(w, files[i].name, buf_view(&w->text), err))
            return -1;
    }
    return 0;
}

static int put_items(struct writing *w, struct err *err)
{
    char *dir = file_join(w->to.made, "item"), name[ID_TEXT_MAX + 16], id[ID_TEXT_MAX];
    int rc = file_mkdirs(dir, err);

    for (size_t i = 0; rc == 0 && i < w->site->h->posts; i++) {
        buf_clear(&w->text);
        site_item_html(&w->text, w->site, i);
        snprintf(name, sizeof name, "item/%s.html", id_text(w->site->h->post[i].id, id));
        rc = put_bytes(w, name, buf_view(&w->text), err);
    }
    free(dir);
    return rc;
}

static int put_packed(struct writing *w, const char *name, struct err *err)
{
    buf_clear(&w->packed);
    deflate_gzip(&w->packed, buf_view(&w->text));
    return put_bytes(w, name, buf_view(&w->packed), err);
}

static int put_data(struct writing *w, struct err *err)
{
    void (*const make[])(struct buf *, const struct site *, bool) = { site_data_json,
                                                                      site_data_csv };
    static const char *const names[] = { "data.json", "data.csv" };
    static const char *const all[] = { "data-all.json.gz", "data-all.csv.gz" };

    for (int i = 0; i < 2; i++) {
        buf_clear(&w->text);
        make[i](&w->text, w->site, false);
        if (put_bytes(w, names[i], buf_view(&w->text), err))
            return -1;
        if (w->site->whole)
            continue;
        buf_clear(&w->text);
        make[i](&w->text, w->site, true);
        if (put_packed(w, all[i], err))
            return -1;
    }
    return 0;
}

static int put_site(const struct site *site, const char *dir, struct monitor_site_result *result,
                    struct err *err)
{
    struct writing w = { .site = site, .result = result };
    int rc = -1;

    if (folder_create(&w.to, dir, err))
        return -1;
    if (put_items(&w, err) || put_data(&w, err) || put_files(&w, err) ||
        folder_close(&w.to, err))
        goto out;
    rc = 0;
out:
    folder_abandon(&w.to);
    buf_release(&w.text);
    buf_release(&w.packed);
    return rc;
}

int monitor_site(struct audit *audit, const char *dir, const struct monitor_site_opts *o,
                 struct arena *mem, struct monitor_site_result *result, struct err *err)
{
    struct look look = { 0 };
    struct site site = { .h = &result->history, .look = &look, .title = str_of(o->title),
                         .url = str_of(o->url), .day_rows = o->day_rows };

    int rc = -1;

    *result = (struct monitor_site_result){ 0 };
    if (looks_make(audit, mem, &look, err) ||
        monitor_history(audit, o->now, mem, &result->history, err))
        goto out;
    look.is_entry = o->entry;
    site_begin(&site);
    rc = put_site(&site, dir, result, err);
out:
    looks_release(&look);
    return rc;
}

int monitor_entry(struct audit *audit, const char *dir, struct arena *mem, struct front_entry *e,
                  struct err *err)
{
    const struct monitor_site_opts o = { .now = utc_now(), .entry = true };
    struct monitor_site_result *r = arena_alloc(mem, sizeof *r);

    if (monitor_site(audit, dir, &o, mem, r, err))
        return -1;
    e->watch = &r->history;
    return 0;
}

int monitor_figure(struct audit *audit, const char *dir, const struct figure_order *order,
                   struct arena *mem, struct err *err)
{
    struct watch_history *h = arena_alloc(mem, sizeof *h);
    struct summary *s = arena_alloc(mem, sizeof *s);
    struct figure_order one = *order;
    char *own = dir ? NULL : file_join(audit->dir, "report/figures");
    struct look look = { 0 };
    int rc = -1;

    for (int i = 0; i < FIGURE_COUNT; i++)
        one.figure[i] = i == FIGURE_WATCH;
    s->mem = mem;
    s->watch = h;
    if (looks_make(audit, mem, &look, err) || monitor_history(audit, utc_now(), mem, h, err) ||
        file_mkdirs(dir ? dir : own, err))
        goto out;
    if (!report_have_gnuplot()) {
        log_warn("gnuplot is missing: the figure's data, script and words are written, the "
                 "pictures are not");
        memset(one.picture, 0, sizeof one.picture);
    }
    s->audit = h->list;
    s->tool = STR("blindspot " BLINDSPOT_VERSION);
    s->final = true;    // nothing in it waits for an answer: each day is as it was measured
    s->first_answer_at = h->days ? utc_day_start(h->first_day) : 0;
    s->newest_answer_at = h->days ? utc_day_start(h->first_day + h->days - 1) : 0;
    rc = report_figures(dir ? dir : own, s, &look, &one, err);
out:
    looks_release(&look);
    free(own);
    return rc;
}
