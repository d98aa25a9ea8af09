/* report/story_screen.c: see story_screen.h. */
#include "report/story_screen.h"
#include <string.h>
#include "report/text.h"
#include "report/waterfall.h"

#define BAR_WIDTH 30
#define NAME_WIDTH 24               // as in the whole waterfall (report/story.c)
#define RANGE_WIDTH 30

/* ---- the shares ---- */

static void put_share(struct buf *out, const struct summary *s, bool final, const char *label,
                      const char *what, const char *name)
{
    const struct number *n = numbers_find(&s->numbers, str_of(name));
    char value[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX], count[TEXT_MAX];
    struct buf text = { 0 };

    buf_printf(out, "%-*s%-*s", SCREEN_LABEL, label, SCREEN_LABEL, what);
    if (!n || !n->has) {
        buf_puts(out, "unknown before pages of retrieved items are read\n");
        return;
    }
    text_number(n, n->low, low);
    text_number(n, n->high, high);
    if (final)
        buf_printf(&text, number_has_range(n) ? "%s (%s to %s)" : "%s",
                   text_number(n, n->value, value), low, high);
    else
        buf_printf(&text, strcmp(low, high) ? "%s to %s" : "%s", low, high);
    buf_printf(out, "%-*s%s%s\n", RANGE_WIDTH, buf_cstr(&text), text_count(n->n, count),
               final ? "" : " so far");
    buf_release(&text);
}

void story_shares(struct buf *out, const struct summary *s, bool final)
{
    put_share(out, s, final, "public posts", "not returned", "public_not_returned");
    put_share(out, s, final, "", "returned late", "public_returned_late");
}

/* ---- the tree ---- */

static void put_bar(struct buf *out, double share)
{
    int full = (int)(share * BAR_WIDTH + 0.5);

    if (share <= 0)
        return;
    buf_puts(out, "  ");
    for (int i = 0; i < full; i++)
        buf_char(out, '#');
    if (full == 0)
        buf_char(out, '.');
}

/* The leaves of what is open behind its count, or under it where they need more room. */
static void put_open(struct buf *out, const struct summary *s, size_t line)
{
    char count[TEXT_MAX];
    const char *joint = "  ";
    size_t column = out->n - line;

    for (int n = 0; n < NODE_COUNT; n++) {
        const int64_t items = s->waterfall.n[n];

        if (node_parent((enum node)n) != NODE_OPEN || !items)
            continue;
        text_count(items, count);
        if (out->n - line + strlen(joint) + strlen(node_name((enum node)n)) + 1 + strlen(count) >
            SCREEN_COLUMNS) {
            buf_char(out, '\n');
            line = out->n;
            buf_printf(out, "%*s", (int)column, "");
            joint = "  ";
        }
        buf_printf(out, "%s%s %s", joint, node_name((enum node)n), count);
        joint = ", ";
    }
}

void story_tree(struct buf *out, const struct summary *s)
{
    const struct waterfall *w = &s->waterfall;
    char count[TEXT_MAX], percent[TEXT_MAX];
    const int width = (int)strlen(text_count(w->n[NODE_ITEMS], count));
    size_t line;

    for (int i = 0; i < NODE_COUNT; i++) {
        const enum node n = (enum node)i;
        const int indent = 2 * node_depth(n);
        const double share = share_of(w->n[n], w->n[NODE_ITEMS]);

        if (node_parent(n) == NODE_OPEN || node_parent(n) == NODE_RESTRICTED)
            continue;
        line = out->n;
        buf_printf(out, "%*s%-*s  %*s  %8s", indent, "", NAME_WIDTH - indent, node_name(n), width,
                   text_count(w->n[n], count), text_percent(share, percent));
        if (n == NODE_ITEMS)
            buf_printf(out, "  residual %s", text_count(waterfall_residual(w), count));
        else if (n == NODE_OPEN)
            put_open(out, s, line);
        else
            put_bar(out, share);
        buf_char(out, '\n');
    }
}
