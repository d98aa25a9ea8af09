/* cmd/round_json.c: docs/json/fetch.schema.json tells its shape. */
#include "cmd/round_json.h"

void round_put_due(struct json_out *j, const struct outlook *o)
{
    json_open(j, "due");
    json_put_int(j, "short_links", o->links);
    json_put_int(j, "items_to_ask", o->not_asked);
    json_put_int(j, "pages", o->to_read + o->to_recheck + o->late_pages);
    json_put_int(j, "blocked_alone", o->blocked_alone);
    json_put_int(j, "owed_pages", o->owed_waiting);
    json_put_int(j, "waiting_day", o->waiting_day);
    json_put_int(j, "given_up", o->given_up);
    json_put_int(j, "too_recent", o->too_recent);
    json_put_int(j, "other_endpoints", o->to_witness);
    json_put_int(j, "late_check", o->late_asks + o->late_waiting);
    json_put_int(j, "short_links_waiting", o->links_waiting);
    json_put_int(j, "short_links_given_up", o->link[FATE_GIVEN_UP]);
    json_close(j);
}

static void put_done(struct json_out *j, const struct progress *p)
{
    json_open(j, "api");
    json_put_int(j, "requests", p->requests);
    json_put_int(j, "sends", p->sends);
    json_put_int(j, "found", p->found);
    json_close(j);
    json_open(j, "pages");
    json_put_int(j, "read", p->pages);
    json_put_int(j, "public", p->public);
    json_put_int(j, "refused", p->refused);
    json_put_int(j, "no_answer", p->no_answer);
    json_put_int(j, "controls", p->controls);
    json_close(j);
    json_open(j, "short_links");
    json_put_int(j, "followed", p->links);
    json_put_int(j, "resolved", p->links_resolved);
    json_put_int(j, "dead", p->links_dead);
    json_put_int(j, "no_answer", p->links_open);
    json_close(j);
}

void round_put(struct json_out *j, const struct progress *p, const struct outlook *o)
{
    json_open(j, NULL);
    put_done(j, p);
    if (p->why.kind != ERR_NONE)
        json_put_text(j, "stopped", str_of(p->why.msg));
    round_put_due(j, o);
    json_put_bool(j, "finished", o->finished);
    if (!o->finished)
        json_put_instant(j, "next_at", o->next_at);
    json_close(j);
}
