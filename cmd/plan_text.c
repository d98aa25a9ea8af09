/* cmd/plan_text.c: what `plan` prints for people. */
#include <inttypes.h>
#include <stdio.h>
#include "cmd/texts.h"

/* "15 (3 to 33)", and the number alone where there is no range. */
static const char *span_text(const struct span *s, char text[64])
{
    if (s->low == s->high)
        snprintf(text, 64, "%" PRId64, s->mid);
    else
        snprintf(text, 64, "%" PRId64 " (%" PRId64 " to %" PRId64 ")", s->mid, s->low, s->high);
    return text;
}

static void print_phases(const struct plan *p, struct buf *out)
{
    char calls[64], days[64];

    buf_printf(out, "\n%-22s %10s  %-28s %s\n", "phase", "sent", "calls to come", "on UTC days");
    for (int i = 0; i < PHASE_COUNT; i++) {
        const struct phase_plan *rest = &plan_way(p)->phase[i];

        if (p->done[i].calls || rest->calls.high)
            buf_printf(out, "%-22s %10" PRId64 "  %-28s %s\n", phase_words((enum phase)i),
                       p->done[i].calls, span_text(&rest->calls, calls),
                       span_text(&rest->days, days));
    }
    buf_printf(out, "%-22s %10s  %-28s %s\n", "the API in all", "",
               span_text(&plan_way(p)->calls, calls), span_text(&plan_way(p)->days, days));
    buf_printf(out, "%s\nCalls repeated after a failure come on top.\n", plan_rests_on(p));
}

static void print_ways(const struct plan *p, struct buf *out)
{
    char calls[64], days[64], pages[64], oembed[64], embed[64], accounts[64];

    buf_puts(out, "\nways of beginning (setting page.first):\n");
    for (int i = 0; i < WAYS; i++) {
        const struct way *w = &p->way[i];

        buf_printf(out, "%-7s%-6s calls of the API %s, days %s\n", w->first, w->set ? "(set)" : "",
                   span_text(&w->calls, calls), span_text(&w->days, days));
        buf_printf(out,
                   "%13s pages %s, oEmbed %s, embed pages %s, of accounts %s, "
                   "hours %.1f (%.1f to %.1f)\n", "",
                   span_text(&w->phase[PHASE_PAGES].calls, pages),
                   span_text(&w->phase[PHASE_OEMBED].calls, oembed),
                   span_text(&w->phase[PHASE_EMBED].calls, embed),
                   span_text(&w->phase[PHASE_ACCOUNT_PAGES].calls, accounts), w->hours[1],
                   w->hours[0], w->hours[2]);
    }
}

void plan_text(const struct plan *p, const struct settings *set, struct buf *out)
{
    buf_printf(out, "items to ask for the first time  %10" PRId64 "\n", p->items);
    buf_printf(out, "  windows of 30 days             %10" PRId64 "\n", p->windows);
    buf_printf(out, "  batches of at most %-3" PRId64 "         %10" PRId64 "\n", set->api_batch,
               p->batches);
    buf_printf(out, "requests due now                 %10" PRId64 "\n", p->requests);
    buf_printf(out, "requests of later rounds         %10" PRId64 "  (estimate)\n", p->later);
    buf_printf(out, "days of quota at %-6" PRId64 "          %10" PRId64 "\n", p->daily, p->days);
    if (p->used_today >= 0)
        buf_printf(out, "  used today                     %10" PRId64 "\n", p->used_today);
    buf_printf(out, "pages to read                    %10" PRId64 "%s\n", p->pages,
               p->items ? "  (estimate)" : "");
    buf_printf(out, "hours at %g pages a second      %11.1f\n", set->page_requests_per_second,
               p->hours);
    if (p->links)
        buf_printf(out, "short links to resolve           %10" PRId64 "\n", p->links);
    if (p->too_recent)
        buf_printf(out, "too recent to be asked           %10" PRId64 "\n", p->too_recent);
    print_phases(p, out);
    if (p->items)
        print_ways(p, out);
}
