/* audit/verdict/explain.c: the story of one item, gathered. */
#include "audit/verdict/explain.h"
#include <inttypes.h>
#include <stdlib.h>
#include "audit/find.h"
#include "audit/verdict/facts.h"
#include "audit/verdict/standing.h"
#include "audit/verdict/story.h"
#include "base/array.h"

/* The label row is found by walking from the id before it. */
static int read_label(struct story *s, struct err *err)
{
    struct label_cursor *cursor = NULL;
    struct label_row l;
    int got;

    if (store_labels_from(s->audit->store, s->row.id - 1, &cursor, err))
        return -1;
    got = label_cursor_next(cursor, &l, err);
    if (got > 0 && l.id == s->row.id) {
        s->label = l;
        s->label.handle = arena_dup(&s->mem, l.handle);
        s->label.rule = arena_dup(&s->mem, l.rule);
        s->label.sound_list = arena_dup(&s->mem, l.sound_list);
        s->label.message = arena_dup(&s->mem, l.message);
        s->label.place = arena_dup(&s->mem, l.place);
        s->label.region = arena_dup(&s->mem, l.region);
        s->label.account = account_of(s->accounts->graph,
                                      l.item);    // a purge leaves other accounts than there were
    } else if (got >= 0) {
        got = err_set(err, ERR_IO,
                      "item %" PRIu64 " has no row among the labels; run `blindspot classify`",
                      s->row.id);
    }
    label_cursor_close(cursor);
    return got < 0 ? -1 : 0;
}

static struct value kept(struct story *s, const struct value *v)
{
    struct value copy = *v;

    if (v->kind == VAL_TEXT)
        copy.text = arena_dup(&s->mem, v->text);
    return copy;
}

static int take_gap(void *story, const struct gap *gap, struct err *err)
{
    struct story *s = story;
    struct gap *to;

    (void)err;
    ARRAY_ROOM(s->gap, s->gaps, s->gap_cap);
    to = &s->gap[s->gaps++];
    *to = *gap;
    to->api = kept(s, &gap->api);
    to->page = kept(s, &gap->page);
    return 0;
}

static int see(struct story *s, struct err *err)
{
    struct item_known known = { .row = &s->row,
                                .silence = view_find(s->view, s->row.n),
                                .account = account_table_find(s->accounts, s->label.account) };

    for (int side = 0; side < SIDE_COUNT; side++)
        if (store_record(s->audit->store, s->row.n, (enum side)side, &s->mem, &s->rec[side],
                         &s->at[side], err))
            return -1;
    if (store_gaps_of(s->audit->store, s->row.n, take_gap, s, err))
        return -1;
    known.api = s->rec[SIDE_API];
    known.page = s->rec[SIDE_PAGE];
    if (facts_generation(s->audit, &s->row, known.silence, &known.generation, err))
        return -1;
    facts_of_item(s->audit, &known, &s->facts);
    s->hits = rules_hits(s->audit->rules, &s->facts, &s->gave_up);
    return 0;
}

static int gather(struct story *s, const char *what, struct err *err)
{
    int64_t item = 0;
    bool found = false;

    if (find_item(s->audit, what, &item, err) ||
        store_item(s->audit->store, item, &s->row, &found, err))
        return -1;
    s->row.handle = arena_dup(&s->mem, s->row.handle);
    s->row.message = arena_dup(&s->mem, s->row.message);
    s->row.region = arena_dup(&s->mem, s->row.region);
    return audit_view_hold(s->audit, &s->view, err) ||
                   accounts_hold(s->audit, s->view, &s->accounts, err) || read_label(s, err) ||
                   see(s, err)
               ? -1
               : 0;
}

int explain_item(struct audit *audit, const char *what, bool json, struct buf *out, struct err *err)
{
    struct story s = { .audit = audit, .out = out };
    int rc = -1;

    if (gather(&s, what, err))
        goto out;
    (json ? story_json_begin : story_text_begin)(&s);
    if (store_history(audit->store, s.row.n, json ? story_json_line : story_text_line, &s, err))
        goto out;
    (json ? story_json_end : story_text_end)(&s);
    rc = 0;
out:
    audit_view_let(audit, s.view);
    free(s.gap);
    arena_release(&s.mem);
    return rc;
}
