/* silence/weigh.c: each absence by the batch that it was in, all of an item by day. */
#include <math.h>
#include "silence/parts.h"
#include "silence/sound.h"
#include "silence/weigh.h"

/* ---- the walk ---- */

static void weigh_absence(struct view *view, const struct judged *b, const struct absence *a)
{
    struct silent_day *on = absences_on(a->s->absent, a->day, &view->silences.mem);
    double lost = losses_of(view->losses, b, a->make_up);

    if (a->sound || (a->unsound && make_up_mates(a->make_up) != MATES_SOUND)) {
        on->lost = (float)(on->lost * lost);
        on->sound_fresh = (uint16_t)(on->sound_fresh + a->sound);
    }
    if (a->pending) {
        on->pending_lost = (float)(on->pending_lost * lost);
        on->pending_fresh++;
    }
}

void weigh_take(struct view *view, const struct settings *set, const struct judged *b)
{
    bool canaries = canaries_hold(view->canaries, set, b);
    struct absence a;

    if (b->out || b->row[0].role == ROLE_SPOT || b->forensic || b->repeat)
        return;
    for (size_t i = 0; i < b->n; i++)
        if (b->row[i].item <= view->known.max_item &&
            absence_of(view, set, b, &b->row[i], canaries, &a) && absence_tells(&a, b))
            weigh_absence(view, b, &a);
}

/* ---- after it ---- */

/* Doubt about the loss probability is the same on all days, and shared among them. */
static double doubt_a_day(const struct belief *belief, const struct absences *a, int asks, int days)
{
    return days ? pow(belief_doubt(belief, &a->past, asks), 1.0 / days) : 1;
}

/* What all asks of one day share is lost once, however often it was asked. */
static void tally_days(const struct losses *l, struct absences *a)
{
    int sound = 0, sound_days = 0, pending = 0, pending_days = 0;
    double doubt, pending_doubt, shared = losses_shared(l);

    for (int i = 0; i < a->days; i++) {
        const struct silent_day *d = &a->day[i];

        a->sound.days += d->sound > 0;
        a->pending.days += d->pending > 0;
        sound += d->sound_fresh;
        sound_days += d->sound_fresh > 0;
        pending += d->pending_fresh;
        pending_days += d->pending_fresh > 0;
    }
    doubt = doubt_a_day(losses_belief(l), a, sound, sound_days);
    pending_doubt = doubt_a_day(losses_belief(l), a, pending, pending_days);
    for (int i = 0; i < a->days; i++) {
        const struct silent_day *d = &a->day[i];

        a->sound.lost *=
            shared + (1 - shared) * fmin(1, (d->sound_fresh ? doubt : 1) * (double)d->lost);
        a->pending.lost *= shared + (1 - shared) * fmin(1, pending_doubt * (double)d->pending_lost);
    }
}

static void conclude(struct view *view, const struct settings *set, struct silence *s)
{
    struct losses *l = view->losses;
    struct absences *absent = s->absent;
    bool refused = silence_is_refused(s), by_days;

    tally_days(l, absent);
    if (absent->sound.days)
        absent->residual = losses_residual(l, absent->past.stratum, absent->sound.lost);
    by_days = absent->sound.days >= set->api_confirm_days && absent->residual <= set->api_residual;
    if (refused && by_days)
        s->late_refusal = true;
    s->confirmed = by_days || (refused && s->asked);
    if (!by_days)
        return;
    view->silences.expected_wrong += absent->residual;
    losses_confirm(l, &absent->past, absent->residual);
}

void weigh_conclude(struct view *view, const struct settings *set)
{
    for (size_t i = 0; i < view->silences.n; i++)
        conclude(view, set, &view->silences.v[i]);
}
