/* report/sample.c: see sample.h. */
#include "report/sample.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/err.h"
#include "report/text.h"

static void put_probability(struct json_out *o, const char *key, double p)
{
    if (p < 0)
        json_put_null(o, key);
    else
        json_put_real(o, key, p, 6);
}

static void put_share(struct json_out *o, const char *key, int64_t n, int64_t of,
                      struct stat_interval interval)
{
    json_open(o, key);
    json_put_int(o, "n", n);
    json_put_int(o, "of", of);
    json_put_share(o, "share", of ? share_of(n, of) : -1);
    json_put_share(o, "low", of ? interval.low : -1);
    json_put_share(o, "high", of ? interval.high : -1);
    json_close(o);
}

static void put_spread(struct json_out *o, const char *key, const struct sample_spread *spread,
                       int64_t posts)
{
    char name[24];

    json_open(o, key);
    for (int64_t i = 0; i <= posts; i++) {
        snprintf(name, sizeof name, "%lld", (long long)i);
        json_put_int(o, name, spread->n[i]);
    }
    json_close(o);
}

static void put_draw(struct json_out *o, const struct sample_result *s)
{
    const struct draw *d = &s->draw;
    char hex[DIGEST_HEX];

    if (!d->n) {
        json_put_null(o, "draw");
        return;
    }
    json_open(o, "draw");
    json_put_instant(o, "at", d->at);
    json_put_int(o, "posts", d->posts);
    json_put_int(o, "min_age_hours", d->min_age_s / 3600);
    json_put_word(o, "order", d->newest ? "newest" : "random");
    json_put_word(o, "frame", digest_hex(&d->frame, hex));
    json_put_int(o, "replaced", s->replaced);
    json_put_int(o, "newest_lists", s->newest_lists);
    json_put_int(o, "pinned", s->pinned);
    json_put_int(o, "no_choice", s->no_choice);
    json_close(o);
}

size_t sample_with_none(const struct sample_result *s, const struct sample_creator **row)
{
    static const enum creator_fate fates[] = { CREATOR_FATE_COUNTED, CREATOR_FATE_CANADA };
    size_t n = 0;

    for (size_t f = 0; f < sizeof fates / sizeof *fates; f++)
        for (size_t i = 0; i < s->rows; i++)
            if (s->row[i].fate == fates[f] && s->row[i].available == 0)
                row[n++] = &s->row[i];
    return n;
}

static void put_with_none(struct json_out *o, const struct sample_result *s)
{
    const struct sample_creator **row = xcalloc(s->rows + 1, sizeof *row);
    size_t n = sample_with_none(s, row);

    json_open_list(o, "with_none");
    for (size_t i = 0; i < n; i++) {
        json_open(o, NULL);
        json_put_int(o, "creator", row[i]->n);
        json_put_int(o, "frame", row[i]->frame);
        json_put_int(o, "drawn", row[i]->drawn);
        json_put_int(o, "missing", row[i]->missing);
        json_put_int(o, "canada", row[i]->canada);
        json_put_word(o, "fate", creator_fate_name(row[i]->fate));
        put_probability(o, "chance", row[i]->chance);
        put_probability(o, "q", row[i]->q);
        json_close(o);
    }
    json_close(o);
    free(row);
}

void report_put_sample(struct json_out *o, const struct sample_result *s)
{
    if (!s->has)
        return;
    json_open(o, "sample");
    json_put_int(o, "creators", s->creators);
    json_open(o, "seen");
    if (s->seen_from) {
        json_put_date(o, "from", s->seen_from);
        json_put_date(o, "to", s->seen_to);
    } else {
        json_put_null(o, "from");
        json_put_null(o, "to");
    }
    json_close(o);
    json_put_int(o, "drawn", s->drawn);
    json_open(o, "left_out");
    for (int why = DRAW_DRAWN + 1; why < DRAW_WHY_COUNT; why++)
        json_put_int(o, draw_why_name((enum draw_why)why), s->left_out[why]);
    json_close(o);
    put_spread(o, "by_available", &s->counted, s->draw.posts);
    put_share(o, "all", s->counted.all, s->counted.creators, s->all);
    put_share(o, "none", s->counted.none, s->counted.creators, s->none);
    put_share(o, "posts", s->available, s->trials, s->available_95);
    for (int f = 0; f < CREATOR_FATE_COUNT; f++)
        if (f != CREATOR_FATE_LEFT_OUT)
            json_put_int(o, creator_fate_name((enum creator_fate)f), s->fate[f]);
    put_spread(o, "canada_by_available", &s->canada, s->draw.posts);
    json_open(o, "zeros");
    json_put_int(o, "seen", s->zeros);
    if (s->zeros_expected < 0)
        json_put_null(o, "expected");
    else
        json_put_real(o, "expected", s->zeros_expected, 6);
    put_probability(o, "chance", s->zeros_chance);
    json_close(o);
    json_put_share(o, "rate", s->rate);
    json_put_share(o, "rho", s->rho);
    put_draw(o, s);
    put_with_none(o, s);
    json_close(o);
}
