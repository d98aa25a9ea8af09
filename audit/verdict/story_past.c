/* audit/verdict/story_past.c: what was asked and answered, in order of time: each window and why,
 * the company and what it says, the page, and where the bytes lie. */
#include <inttypes.h>
#include "audit/verdict/story_telling.h"
#include "base/log.h"
#include "base/utc.h"
#include "platform/tiktok.h"
#include "record/item.h"

static void tell_place(struct telling *t, const struct history_row *h)
{
    struct str rest = h->evidence, first = STR_NONE, decided = t->s->label.evidence, one;
    struct str log = telling_safe(t->s, h->log_id);

    if (rest.n && !str_starts(rest, STR("sha256:")))
        str_cut(&rest, ' ', &first);
    while (first.n && str_cut(&decided, ' ', &one))
        if (str_eq(one, first)) {
            tell(t, TOLD_NOTE, "the verdict rests on this answer");
            break;
        }
    tell(t, TOLD_NOTE, "request %" PRId64 "%s%.*s", h->request, log.n ? ", log id " : "",
         STR_ARG(log));
    if (rest.n)
        tell_add(t, TOLD_PLACE,
                 first.n ? arena_printf(&t->s->mem, "evidence/%.*s", STR_ARG(first)) : STR_NONE,
                 rest);
}

/* Why this window: the day on which it was made lies in it, with slack. */
static void tell_window(struct telling *t, const struct history_row *h)
{
    const int64_t day = utc_day(item_created(&t->s->row)), number = day - h->start_day + 1;
    char from[UTC_TEXT_MAX], to[UTC_TEXT_MAX], made[UTC_TEXT_MAX];

    utc_date(h->start_day, from);
    utc_date(h->end_day, to);
    utc_date(day, made);
    if (day < h->start_day)
        tell(t, TOLD_NOTE,
             "window %s to %s: the one after its own, for a post can appear later than its id says "
             "(%s), and no page told when",
             from, to, made);
    else if (day > h->end_day)
        tell(t, TOLD_NOTE, "window %s to %s: it ends before the day on which the post was made, %s",
             from, to, made);
    else
        tell(t, TOLD_NOTE, "window %s to %s: it was made on %s, day %" PRId64 " of its %" PRId64,
             from, to, made, number, h->end_day - h->start_day + 1);
}

static void tell_mates(struct telling *t, const struct told_ask *a)
{
    struct str known = STR_NONE;

    if (a->canaries)
        known = arena_printf(&t->s->mem, "; %d of " COUNTED " (posts that the API has) came back",
                             a->canaries_back, COUNT_OF(a->canaries, "canary", "canaries"));
    if (a->mates == 0)
        tell(t, TOLD_NOTE, "asked alone");
    else
        tell(t, TOLD_NOTE, "asked with " COUNTED ": %d of them came back%.*s",
             COUNT_OF(a->mates, "other id", "other ids"), a->mates_back, STR_ARG(known));
}

static void tell_worth(struct telling *t, const struct told_ask *a)
{
    struct buf why = { 0 };

    if (!a->absent)
        return;
    for (int u = 0; u < UNSOUND_COUNT; u++)
        if (a->why >> u & 1)
            buf_printf(&why, "%s%s", why.n ? "; " : "", unsound_sentence((enum unsound)u));
    if (a->counts)
        tell(t, TOLD_NOTE, "this absence counts");
    else
        tell(t, TOLD_NOTE, "this absence does not count%s%.*s", why.n ? ": " : "",
             STR_ARG(buf_view(&why)));
    buf_release(&why);
}

static const char *role_words(enum ask_role role)
{
    switch (role) {
    case ROLE_CANARY: return ", sent along as a canary";
    case ROLE_LATE: return ", in a late check";
    case ROLE_SPOT: return ", as a check by a single id";
    case ROLE_FORENSIC: return ", in a check of what batches lose";
    default: return "";
    }
}

static void tell_query(struct telling *t, const struct history_row *h)
{
    struct story *s = t->s;
    struct told_ask ask;
    struct buf o = { 0 };

    if (h->round)
        buf_printf(&o, "API round %d", h->round);
    else
        buf_puts(&o, "API reply that was loaded");
    buf_printf(&o, "%s: %s%s", role_words(h->role), answer_name(h->kind),
               h->complete ? "" : " (reply incomplete, counts for nothing)");
    tell_add(t, TOLD_EVENT, telling_instant(s, h->at), arena_dup(&s->mem, buf_view(&o)));
    buf_release(&o);
    if (h->start_day)
        tell_window(t, h);
    if (story_ask(s, h, &ask)) {
        tell_mates(t, &ask);
        tell_worth(t, &ask);
    }
    tell_place(t, h);
}

static void tell_page(struct telling *t, const struct history_row *h)
{
    struct story *s = t->s;
    struct buf o = { 0 };

    buf_printf(&o, "%s: %s",
               h->generation == GENERATION_LISTED ? "row of another tool's list"
               : h->witness == WITNESS_CREATOR    ? "the account's embed page"
                                                  : witness_name(h->witness),
               answer_name(h->kind));
    if (h->kind == ANSWER_NO_ANSWER)
        buf_printf(&o, " (%s)", no_answer_name(h->why));
    if (h->engine == ENGINE_BROWSER)
        buf_puts(&o, ", by a browser");
    if (h->has_code)
        buf_printf(&o, ", code %" PRId64, h->code);
    if (h->message.n) {
        buf_puts(&o, ", \"");
        log_escape(&o, h->message);
        buf_puts(&o, "\"");
    }
    if (h->region.n) {
        buf_puts(&o, ", seen from ");
        log_escape(&o, h->region);
    }
    if (h->vantage.n) {
        buf_puts(&o, ", at vantage ");
        log_escape(&o, h->vantage);
    }
    tell_add(t, TOLD_EVENT, telling_instant(s, h->at), arena_dup(&s->mem, buf_view(&o)));
    buf_release(&o);
    tell_place(t, h);
}

static void tell_other(struct telling *t, const struct history_row *h)
{
    char from[UTC_TEXT_MAX], to[UTC_TEXT_MAX];
    struct story *s = t->s;
    struct str text;

    if (h->witness == WITNESS_VALIDATION)
        text = arena_printf(&s->mem, "validity check of " COUNTED ": %s",
                            COUNT_OF(h->members, "id", "ids"),
                            h->kind == ANSWER_FOUND    ? "valid"
                            : h->kind == ANSWER_ABSENT ? "not valid"
                                                       : "no answer");
    else
        text = arena_printf(&s->mem, "API query by username, %s to %s: %s",
                            utc_date(h->start_day, from), utc_date(h->end_day, to),
                            answer_name(h->kind));
    tell_add(t, TOLD_EVENT, telling_instant(s, h->at), text);
    tell_place(t, h);
}

void story_tell_past(struct telling *t)
{
    const struct story *s = t->s;
    bool windows = false;

    tell(t, TOLD_HEAD, "What was asked and answered, in order of time");
    for (size_t i = 0; i < s->about->pasts; i++)
        windows |= s->about->past[i].witness == WITNESS_QUERY && s->about->past[i].start_day;
    if (windows)
        tell(
            t, TOLD_LINE,
            "Why these windows: the API takes %d days at a time, and finds a post only in a window "
            "that holds the day on which it was made. Posts of %d days at most are asked together, "
            "so that a day of slack stands at either end.",
            WINDOW_DAYS, WINDOW_SPAN_DAYS);
    for (size_t i = 0; i < s->about->pasts; i++) {
        const struct history_row *h = &s->about->past[i];

        if (h->witness == WITNESS_QUERY)
            tell_query(t, h);
        else if (h->witness == WITNESS_VALIDATION || h->witness == WITNESS_USERNAME)
            tell_other(t, h);
        else
            tell_page(t, h);
    }
    if (s->about->pasts == 0)
        tell(t, TOLD_LINE, "nothing yet");
}
