/* audit/verdict/batches.c: the view's counts as rows of the report. */
#include "audit/verdict/batches.h"
#include <string.h>

static void fill_checks(struct summary *s, const struct view *view)
{
    struct leftover l = losses_leftover(view_losses(view));
    struct spot_sum spots = view_spot_sum(view);

    s->checks = (struct checks){ .spot_asked = spots.asked,
                                 .spot_back = spots.back,
                                 .n2 = l.n2,
                                 .n3 = l.n3,
                                 .left = l.n2 ? l.left : -1,
                                 .left_upper = l.n2 ? l.upper : -1 };
    /* Two-sided 90 % gives the one-sided 95 % limit. */
    s->checks.spot_upper = stat_clopper_pearson(spots.back, spots.asked, 0.90).high;
}

static void keep_window_day(struct batches *b, const struct window_day *p, double mean)
{
    struct window_day_row row = { p->day, p->start_day, p->seen.lost, p->seen.kept };
    size_t at = b->bad;

    if (belief_local(mean, &p->seen) <= mean)
        return;
    while (at > 0 && (b->window_day[at - 1].lost < row.lost ||
                      (b->window_day[at - 1].lost == row.lost &&
                       (b->window_day[at - 1].day > row.day ||
                        (b->window_day[at - 1].day == row.day &&
                         b->window_day[at - 1].start_day > row.start_day)))))
        at--;
    if (at == WINDOW_DAY_ROWS)
        return;
    b->bad += b->bad < WINDOW_DAY_ROWS;
    memmove(b->window_day + at + 1, b->window_day + at, (b->bad - at - 1) * sizeof *b->window_day);
    b->window_day[at] = row;
}

static void fill_window_days(struct batches *b, const struct losses *losses)
{
    double mean = losses_swallow(losses);
    struct window_day on;
    size_t at = 0;

    b->window_days = (int64_t)losses_window_days(losses);
    while (losses_next_window_day(losses, &at, &on))
        keep_window_day(b, &on, mean);
}

static void fill_batches(struct summary *s, const struct view *view)
{
    const struct belief *belief = losses_belief(view_losses(view));
    static const char *const beside[FORENSIC_COUNT] = {
        [FORENSIC_DEAD] = "not_public", [FORENSIC_NEVER] = "never_returned"
    };
    struct batches *b = &s->batches;

    for (int c = 0; c < MAKE_UPS; c++) {
        const struct loss_tally *seen = &belief->seen[c];
        const struct swallow *loss = &belief->make_up[c];

        if (seen->lost + seen->kept > 0)
            b->row[b->len++] = (struct batch_row){ mates_name(make_up_mates(c)),
                                                   belief_size_name(make_up_size(c)),
                                                   make_up_never(c),
                                                   seen->lost,
                                                   seen->kept,
                                                   belief->mean[c],
                                                   { swallow_quantile(loss, 0.025),
                                                     swallow_quantile(loss, 0.975) } };
    }
    for (int k = 0; k < FORENSIC_COUNT; k++) {
        const struct forensic *f = view_forensic(view, k);

        b->forensic[k] = (struct forensic_row){ beside[k], f->batches,   f->canaries,
                                                f->lost,   f->recovered, f->recovered_lost };
    }
    fill_window_days(b, view_losses(view));
}

static void fill_late(struct summary *s, const struct late *late)
{
    s->late_drawn_at = late->drawn_at;
    for (int check = 0; check < LATE_CHECKS; check++)
        s->lates += late_sum(late, check, &s->late[s->lates]);
}

static void fill_outages(struct summary *s, struct arena *mem, const struct view *view)
{
    const struct outages *outages = view_outages(view);

    s->outages = outages->n;
    s->outage = arena_alloc(mem, (s->outages ? s->outages : 1) * sizeof *s->outage);
    for (size_t i = 0; i < s->outages; i++) {
        const struct outage *v = &outages->v[i];

        s->outage[i] = (struct outage_row){ v->from, v->to, v->requests, v->open };
    }
}

void batches_fill(struct summary *s, struct arena *mem, const struct view *view)
{
    fill_checks(s, view);
    fill_batches(s, view);
    s->headline.wrong_interval = losses_wrong(view_losses(view));
    fill_late(s, view_late(view));
    fill_outages(s, mem, view);
}
