/* audit/verdict/story_telling.c: the words of a story: texts, people, values. */
#include "audit/verdict/story_telling.h"
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include "base/log.h"
#include "base/utc.h"
#include "platform/tiktok.h"

#define VALUE_SHOWN 300    // bytes of a caption
#define WITHHELD STR("(withheld)")

/* ---- texts ---- */

struct str telling_safe(struct story *s, struct str outside)
{
    struct buf text = { 0 };
    struct str kept;

    log_escape(&text, outside);
    kept = arena_dup(&s->mem, buf_view(&text));
    buf_release(&text);
    return kept;
}

void tell_add(struct telling *t, enum told what, struct str a, struct str b)
{
    told_add(t->to, what, a, b, STR_NONE);
}

void tell(struct telling *t, enum told what, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    tell_add(t, what, arena_vprintf(&t->s->mem, fmt, ap), STR_NONE);
    va_end(ap);
}

void tell_fact(struct telling *t, const char *name, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    tell_add(t, TOLD_FACT, str_of(name), arena_vprintf(&t->s->mem, fmt, ap));
    va_end(ap);
}

struct str telling_instant(struct story *s, int64_t at)
{
    char text[UTC_TEXT_MAX];

    return arena_dup(&s->mem, str_of(utc_rfc3339(at, text)));
}

/* Whole characters only. */
static struct str cut(struct story *s, struct str text)
{
    size_t n = VALUE_SHOWN;

    if (text.n <= VALUE_SHOWN)
        return telling_safe(s, text);
    while (n > 0 && ((unsigned char)text.p[n] & 0xC0) == 0x80)
        n--;
    text = telling_safe(s, str_sub(text, 0, n));
    return arena_printf(&s->mem, "%.*s ...", STR_ARG(text));
}

/* ---- people ---- */

struct str telling_handle(struct story *s, struct str handle)
{
    char text[ALIAS_MAX];

    return s->all->look ? telling_safe(s, alias_of(&s->all->look->alias, handle, text))
                        : telling_safe(s, handle);
}

static bool is_named(const struct story *s)
{
    return !s->all->look || alias_shows(&s->all->look->alias, s->label.handle);
}

static bool in_handle(char c) { return isalnum((unsigned char)c) || c == '_' || c == '.'; }

/* A caption may call others by their handles. */
static struct str caption(struct story *s, struct str text)
{
    struct buf out = { 0 };
    struct str kept;

    if (!s->all->look)
        return cut(s, text);
    for (size_t i = 0, end; i < text.n; i = end) {
        for (end = i + 1; end < text.n && text.p[i] == '@' && in_handle(text.p[end]);)
            end++;
        buf_char(&out, text.p[i]);
        if (end > i + 1)
            buf_str(&out, telling_handle(s, str_sub(text, i + 1, end - i - 1)));
    }
    kept = cut(s, buf_view(&out));
    buf_release(&out);
    return kept;
}

struct str story_url(struct story *s, bool *may_follow)
{
    const struct label_row *l = &s->label;
    struct buf url = { 0 };
    struct str kept = STR_NONE;

    *may_follow = !l->purged && !l->later_refused_at && !s->row.purged_at &&
                  (l->page == ANSWER_PUBLIC ||
                   (l->state == STATE_RETRIEVED && l->page != ANSWER_REFUSED));
    if (l->purged)
        return kept;
    tiktok_post_url(&url, l->id, is_named(s) ? l->handle : STR_NONE);
    kept = arena_dup(&s->mem, buf_view(&url));
    buf_release(&url);
    return kept;
}

/* ---- values ---- */

struct str telling_set(struct story *s, struct str members)
{
    struct str text = arena_dup(&s->mem, members);

    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '\n')
            ((char *)text.p)[i] = ' ';
    return cut(s, text);
}

static struct str plain_value(struct story *s, const struct value *v)
{
    switch (v->kind) {
    case VAL_INT: return arena_printf(&s->mem, "%" PRId64, v->i);
    case VAL_REAL: return arena_printf(&s->mem, "%.6g", v->real);
    case VAL_TEXT: return cut(s, v->text);
    default: return STR_NONE;
    }
}

/* What a field says that people get to see. */
struct str telling_field(struct telling *t, enum field f, const struct value *v)
{
    struct story *s = t->s;
    const bool hidden = s->all->look && !is_named(s);

    if (v->kind == VAL_NONE)
        return STR_NONE;
    switch (f) {
    case FIELD_AUTHOR: return v->kind == VAL_TEXT ? telling_handle(s, v->text) : STR_NONE;
    case FIELD_NICKNAME:
    case FIELD_AUTHOR_ID:
    case FIELD_MENTIONS:
    case FIELD_MUSIC_TITLE:
        if (hidden)
            return WITHHELD;
        break;
    case FIELD_CAPTION:
    case FIELD_VOICE:
    case FIELD_STICKERS:
        if (s->all->look && !t->may_follow)
            return WITHHELD;
        if (v->kind == VAL_TEXT)
            return caption(s, v->text);
        break;
    default: break;
    }
    if (field_info(f)->type == TYPE_TIME && v->kind == VAL_INT)
        return telling_instant(s, v->i);
    if (field_info(f)->type == TYPE_SET && v->kind == VAL_TEXT)
        return telling_set(s, v->text);
    return plain_value(s, v);
}

struct str telling_fact(struct telling *t, const struct expr *e)
{
    const enum fact f = e->fact;
    struct value room;
    const struct value *v = expr_value(e, &t->s->facts, &room);

    if (v->kind == VAL_NONE)
        return STR("absent");
    if (fact_is_set(f) && v->kind == VAL_TEXT)
        return telling_set(t->s, v->text);
    if (f >= FACT_FIXED)
        return telling_field(t, (enum field)((f - FACT_FIXED) % FIELD_COUNT), v);
    return plain_value(t->s, v);
}
