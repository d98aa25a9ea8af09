/* scrape/pass.c: what came, in turn: challenge, pages, challenge. */
#include "scrape/pass.h"

/* What was asked for before the last turn says nothing of the cookie that counts now. */
void pass_came(struct pass *p, bool is_challenge, int64_t asked_ms, int64_t now_ms)
{
    const bool was_met = p->met;

    p->met = was_met || is_challenge;
    if (asked_ms < p->turned_ms)
        return;
    if (!is_challenge && asked_ms > p->shown_ms)
        p->shown_ms = asked_ms;
    if (p->holds != is_challenge)
        return;
    if (is_challenge && was_met)
        p->life_ms = p->shown_ms > p->turned_ms ? p->shown_ms - p->turned_ms : 0;
    p->holds = !is_challenge;
    p->turned_ms = now_ms;
}

/* A site without challenges is always sure, after its first page. */
bool pass_is_sure(const struct pass *p, int64_t now_ms)
{
    return p->holds && (!p->met || now_ms - p->turned_ms < p->life_ms * 3 / 4);
}

void pass_lost(struct pass *p) { p->holds = false; }
