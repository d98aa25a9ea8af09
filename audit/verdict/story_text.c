/* audit/verdict/story_text.c: a story for a terminal. */
#include "audit/verdict/story.h"

#define NAME_WIDTH 16
#define FIELD_WIDTH 20
#define VALUE_WIDTH 40

static void padded(struct buf *o, struct str text, size_t width)
{
    size_t columns = 0;

    buf_str(o, text);
    for (size_t i = 0; i < text.n; i++)
        columns += ((unsigned char)text.p[i] & 0xC0) != 0x80;
    for (; columns < width; columns++)
        buf_char(o, ' ');
    buf_char(o, ' ');
}

static void row(struct buf *o, struct str field, struct str api, struct str page)
{
    buf_puts(o, "  ");
    padded(o, field, FIELD_WIDTH);
    padded(o, api, VALUE_WIDTH);
    buf_str(o, page);
    while (o->n && o->p[o->n - 1] == ' ')
        o->n--;
    buf_char(o, '\n');
}

static void place(struct buf *o, struct str file, struct str digest)
{
    buf_printf(o, "      %.*s%s%.*s\n", STR_ARG(file), file.n && digest.n ? " " : "",
               STR_ARG(digest));
}

void story_text(struct buf *o, const struct told_story *told)
{
    for (size_t i = 0; i < told->n; i++) {
        const struct told_line *l = &told->v[i];
        const struct str a = l->text[0], b = l->text[1];

        switch (l->what) {
        case TOLD_TITLE:
            buf_printf(o, "Item %.*s\n  %.*s\n\n", STR_ARG(a), STR_ARG(l->text[2]));
            break;
        case TOLD_FACT:
        case TOLD_LINK:
            buf_puts(o, "  ");
            padded(o, a, NAME_WIDTH);
            buf_printf(o, "%.*s\n", STR_ARG(b));
            break;
        case TOLD_HEAD: buf_printf(o, "\n%.*s\n", STR_ARG(a)); break;
        case TOLD_EVENT: buf_printf(o, "  %.*s  %.*s\n", STR_ARG(a), STR_ARG(b)); break;
        case TOLD_PLACE: place(o, a, b); break;
        case TOLD_NOTE: buf_printf(o, "      %.*s\n", STR_ARG(a)); break;
        case TOLD_LINE:
        case TOLD_CODE: buf_printf(o, "  %.*s\n", STR_ARG(a)); break;
        case TOLD_ROW:
            if (told->v[i - 1].what != TOLD_ROW)
                row(o, STR("field"), STR("API"), STR("page"));
            row(o, a, b, l->text[2]);
            break;
        case TOLD_COUNT: break;
        }
    }
}
