/* scrape/visit.c: pages, oEmbed, short links and creators, each read by its own file. */
#include <stdio.h>
#include <string.h>
#include "platform/tiktok.h"
#include "scrape/embed.h"
#include "scrape/embed_creator.h"
#include "scrape/embed_post.h"
#include "scrape/oembed.h"
#include "scrape/page.h"
#include "scrape/shortlink.h"
#include "scrape/visit.h"

static struct str without_slash(const char *base)
{
    struct str s = str_of(base);

    while (s.n && s.p[s.n - 1] == '/')
        s.n--;
    return s;
}

void reader_init(struct reader *rd, const struct settings *set, struct sink *sink,
                 struct scrape_result *out)
{
    *rd = (struct reader){ .sink = sink, .out = out };
    rd->bases = (struct bases){ without_slash(set->page_base_url),
                                without_slash(set->page_short_url) };
    rd->want_extract = !strcmp(set->evidence_keep, "extract");
    rd->inflate = inflate_new();
}

void reader_release(struct reader *rd)
{
    inflate_free(rd->inflate);
    buf_release(&rd->scratch);
}

static struct str page_url(const struct read_task *t, const struct bases *bases, struct arena *mem)
{
    struct buf b = { 0 };
    struct str url;

    tiktok_post_at(&b, bases->page, t->id, t->handle);
    url = arena_dup(mem, buf_view(&b));
    buf_release(&b);
    return url;
}

static struct str task_url(const struct read_task *t, const struct bases *bases, struct arena *mem)
{
    switch (t->witness) {
    case WITNESS_OEMBED:
        return oembed_url(bases->page, t->id, mem);
    case WITNESS_SHORT:
        return shortlink_url(t->link, bases, mem);
    case WITNESS_CREATOR: return embed_creator_url(bases->page, t->handle, mem);
    case WITNESS_EMBED: return embed_post_url(bases->page, t->id, mem);
    case WITNESS_PAGE:
    case WITNESS_QUERY:
    case WITNESS_USERNAME:
    case WITNESS_VALIDATION:
    case WITNESS_COUNT: break;
    }
    return page_url(t, bases, mem);
}

void visit_start(struct visit *v, const struct reader *rd)
{
    *v = (struct visit){ .mem = v->mem, .task = v->task };
    v->member = (struct ask_member){ .id = v->task.id, .item = v->task.item, .role = ROLE_ASKED };
    v->req = (struct request){ .witness = v->task.witness, .member = &v->member, .members = 1 };
    v->url = task_url(&v->task, &rd->bases, &v->mem);
}

static bool is_embed(enum witness w) { return w == WITNESS_CREATOR || w == WITNESS_EMBED; }

size_t visit_body_max(const struct visit *v)
{
    return v->task.witness == WITNESS_OEMBED ? OEMBED_MAX
           : is_embed(v->task.witness)       ? EMBED_MAX
                                             : PAGE_MAX;
}

/* 1, or -1. */
static int read_embed(struct visit *v, struct reader *rd, const struct http_exchange *x,
                      struct answer *a, struct err *err)
{
    char code[24];
    struct sink *sink = rd->sink;

    if (v->task.witness == WITNESS_EMBED)
        embed_post_read_exchange(x, v->task.id, rd->inflate, &rd->scratch, &v->mem, a,
                                 &v->code_unknown);
    else
        embed_creator_read_exchange(x, v->task.handle, rd->inflate, &rd->scratch, &v->mem, a,
                                    &v->code_unknown);
    if (!v->code_unknown || !sink->drift)
        return 1;
    snprintf(code, sizeof code, "%lld", (long long)a->code);
    return sink->drift(sink->to, "status_code", str_of(code), 1, x->done_at, err) ? -1 : 1;
}

static int tell_odds(struct sink *sink, const struct page_notes *notes, int64_t at, struct err *err)
{
    for (size_t i = 0; sink->drift && i < notes->odds; i++)
        if (sink->drift(sink->to, notes->odd[i].kind, notes->odd[i].name, notes->odd[i].count, at,
                        err))
            return -1;
    return 0;
}

/* A page that moved to another handle of the same post is asked for there. */
static bool page_moves(struct visit *v, const struct bases *bases, const struct http_exchange *x,
                       struct str *next)
{
    struct str location = http_header(x, "Location");
    uint64_t id;

    if (x->fault != HTTP_OK || !location.n || redirect_is_login(location) ||
        v->hops >= REDIRECTS_MAX)
        return false;
    if (x->status != 301 && x->status != 302 && x->status != 303 && x->status != 307 &&
        x->status != 308)
        return false;
    *next = redirect_through(url_resolve(v->url, location, &v->mem), bases, &v->mem);
    return tiktok_url_item(*next, &id) && id == v->task.id &&
           redirect_allowed(v->url, *next, bases);
}

/* 1: *a is filled; 0: *next is to be asked for; -1. */
static int read_reply(struct visit *v, struct reader *rd, const struct http_exchange *x,
                      struct answer *a, struct str *next, struct err *err)
{
    struct page_notes notes = { .want_extract = rd->want_extract };

    if (v->task.witness == WITNESS_SHORT)
        return shortlink_step(x, v->url, &rd->bases, &v->mem, a, next) || v->hops >= REDIRECTS_MAX;
    if (v->task.witness == WITNESS_OEMBED) {
        oembed_read_exchange(x, v->task.id, rd->inflate, &rd->scratch, &v->mem, a);
        return 1;
    }
    if (is_embed(v->task.witness))
        return read_embed(v, rd, x, a, err);
    if (page_moves(v, &rd->bases, x, next))
        return 0;
    page_read_exchange(x, v->task.id, rd->inflate, &rd->scratch, &v->mem, a, &notes);
    v->code_unknown = notes.code_unknown;
    rd->out->whole += notes.whole && a->kind != ANSWER_NO_ANSWER;
    return tell_odds(rd->sink, &notes, x->done_at, err) ? -1 : 1;
}

int visit_keep(struct visit *v, struct reader *rd, const struct http_exchange *x, struct err *err)
{
    v->req.sent_at = v->req.sent_at ? v->req.sent_at : x->sent_at;
    v->req.done_at = x->done_at;
    v->req.http = x->status;
    return x->head.n && rd->sink->exchange(rd->sink->to, &v->req, x, &v->evidence, err) ? -1 : 0;
}

int visit_reply(struct visit *v, struct reader *rd, const struct http_exchange *x, struct answer *a,
                struct err *err)
{
    struct str next = STR_NONE;
    int got;

    if (visit_keep(v, rd, x, err))
        return -1;
    a->at = x->done_at;
    if ((got = read_reply(v, rd, x, a, &next, err)) == 0) {
        rd->out->redirects++;
        v->hops++;
        v->url = arena_dup(&v->mem, next);
    }
    a->engine = v->engine;    // whoever reads it clears the answer first
    return got;
}
