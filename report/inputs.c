/* report/inputs.c: see inputs.h. */
#include "report/inputs.h"
#include <inttypes.h>
#include <string.h>
#include "report/text.h"

#define NAME_WIDTH 34

/* ---- JSON ---- */

void report_put_intake(struct json_out *o, const struct intake *in)
{
    json_put_int(o, "seen", in->seen);
    json_put_int(o, "new", in->fresh);
    json_put_int(o, "duplicates", in->duplicates);
    json_open(o, "skipped");
    for (size_t i = 0; i < in->kinds; i++) {
        json_put_key(o, str_of(in->passed[i].name));
        json_put_int(o, NULL, in->passed[i].n);
    }
    json_close(o);
    json_open(o, "short_links");
    for (int f = 0; f < FATE_COUNT; f++)
        json_put_int(o, link_fate_name((enum link_fate)f), in->link[f]);
    json_close(o);
    json_put_int(o, "residual", intake_residual(in));
}

/* What was not counted is absent, not 0. */
static void put_source(struct json_out *o, const struct input_source *s)
{
    json_open(o, NULL);
    json_put_int(o, "source", s->n);
    json_put_text(o, "kind", s->kind);
    json_put_int(o, "times", s->times);
    json_put_bool(o, "counted", !s->uncounted);
    if (s->times)
        report_put_intake(o, &s->intake);
    json_close(o);
}

static void put_links(struct json_out *o, const struct inputs *in)
{
    json_open(o, "links");
    for (int f = 0; f < FATE_COUNT; f++)
        json_put_int(o, link_fate_name((enum link_fate)f), in->link[f]);
    json_close(o);
    json_open_list(o, "given_up");
    for (size_t i = 0; i < in->given_ups; i++) {
        json_open(o, NULL);
        json_put_text(o, "url", in->given_up[i].url);
        json_put_int(o, "tries", in->given_up[i].tries);
        json_put_instant(o, "tried_at", in->given_up[i].tried_at);
        json_close(o);
    }
    json_close(o);
}

void report_put_inputs(struct json_out *o, const struct inputs *in)
{
    json_open(o, "inputs");
    json_put_int(o, "count", in->sources);
    json_put_int(o, "uncounted", in->uncounted);
    json_open(o, "all");
    report_put_intake(o, &in->all);
    json_close(o);
    json_put_int(o, "items", in->items);
    json_put_int(o, "residual", in->residual);
    json_open_list(o, "sources");
    for (size_t i = 0; i < in->len; i++)
        put_source(o, &in->source[i]);
    json_close(o);
    put_links(o, in);
    json_close(o);
}

/* ---- text ---- */

void report_passed_text(struct buf *out, const struct intake *in)
{
    for (size_t i = 0; i < in->kinds; i++)
        buf_printf(out, "%s%" PRId64 " %s", i ? ", " : "", in->passed[i].n, in->passed[i].name);
}

static void line(struct buf *out, int indent, const char *name, int64_t n, int width)
{
    char count[TEXT_MAX];

    buf_printf(out, "%*s%-*s  %*s\n", indent, "", NAME_WIDTH - indent, name, width,
               text_count(n, count));
}

static void short_links(struct buf *out, const struct intake *in, int width)
{
    if (!intake_short_links(in))
        return;
    line(out, 2, "short links", intake_short_links(in), width);
    for (int f = 0; f < FATE_COUNT; f++)
        if (in->link[f])
            line(out, 4, link_fate_words((enum link_fate)f), in->link[f], width);
}

void report_inputs_text(struct buf *out, const struct inputs *in)
{
    char count[TEXT_MAX];
    const int width = (int)strlen(text_count(in->all.seen, count));

    if (!in->sources)
        return;
    line(out, 0, "inputs: links, ids and rows seen", in->all.seen, width);
    line(out, 2, "new items", in->all.fresh, width);
    line(out, 2, "duplicates", in->all.duplicates, width);
    if (in->all.kinds)
        line(out, 2, "skipped", intake_passed(&in->all), width);
    for (size_t i = 0; i < in->all.kinds; i++)
        line(out, 4, in->all.passed[i].name, in->all.passed[i].n, width);
    short_links(out, &in->all, width);
    line(out, 0, "residual of the inputs", in->residual, width);
    if (in->uncounted)
        buf_printf(out,
                   COUNTED " in before what came in was counted: what %s held is not "
                   "known\n",
                   COUNT_OF(in->uncounted, "source came", "sources came"),
                   plural(in->uncounted, "it", "they"));
}
