/* import/list.c: lists of links, one or several a line, and the cutting of
 * pushed bytes into lines that other readers share. */
#include <stdlib.h>
#include <string.h>
#include "import/readers.h"

/* ---- lines ---- */
/* A line that does not end: what is complete in it is read, and the part after
 * its last blank waits for more. Without any blank it is no list. */
static int lines_relieve(struct lines *ls, struct err *err)
{
    size_t n = ls->carry.n;
    int rc;

    while (n > 0 && ls->carry.p[n - 1] != ' ' && ls->carry.p[n - 1] != ',' &&
           ls->carry.p[n - 1] != '\r' && ls->carry.p[n - 1] != '\t')
        n--;
    if (!n) {
        ls->dropping = true;
        ls->too_long++;
        buf_clear(&ls->carry);
        return 0;
    }
    rc = ls->line(ls->to, (struct str){ ls->carry.p, n }, err);
    memmove(ls->carry.p, ls->carry.p + n, ls->carry.n - n);
    ls->carry.n -= n;
    return rc;
}
int lines_feed(struct lines *ls, struct str piece, struct err *err)
{
    while (piece.n) {
        const char *end = memchr(piece.p, '\n', piece.n);
        struct str line = { piece.p, end ? (size_t)(end - piece.p) : piece.n };
        size_t used = line.n + (end ? 1 : 0);

        if (!end || ls->carry.n) {
            size_t room = LINE_LEN_MAX > ls->carry.n ? LINE_LEN_MAX - ls->carry.n : 0;

            if (ls->dropping) {
                ls->dropping = !end;
            } else if (line.n > room) {
                buf_add(&ls->carry, line.p, room);
                used = room;
                if (lines_relieve(ls, err))
                    return -1;
            } else {
                buf_add(&ls->carry, line.p, line.n);
                if (end && ls->line(ls->to, buf_view(&ls->carry), err))
                    return -1;
                if (end)
                    buf_clear(&ls->carry);
            }
        } else if (ls->dropping) {
            ls->dropping = false;
        } else if (ls->line(ls->to, line, err)) {
            return -1;
        }
        piece.p += used;
        piece.n -= used;
    }
    return 0;
}
int lines_end(struct lines *ls, struct err *err)
{
    return ls->carry.n && !ls->dropping ? ls->line(ls->to, buf_view(&ls->carry), err) : 0;
}

/* ---- the list ---- */
struct list { struct collector *in; struct lines lines; };

static int list_line(void *self, struct str line, struct err *err)
{
    struct list *l = self;

    line = str_trim(line);
    if (!line.n || line.p[0] == '#')
        return 0;
    return collect_value(l->in, line, err);
}
static int list_feed(void *self, struct str piece, struct err *err)
{
    return lines_feed(&((struct list *)self)->lines, piece, err);
}
static int list_end(void *self, struct err *err)
{
    struct list *l = self;

    if (lines_end(&l->lines, err))
        return -1;
    l->in->count.skipped[SKIP_UNREADABLE_ROW] += l->lines.too_long;
    return 0;
}
static void list_free(void *self)
{
    struct list *l = self;

    buf_release(&l->lines.carry);
    free(l);
}
void list_reader(struct reader *r, struct collector *in)
{
    struct list *l = xcalloc(1, sizeof *l);

    l->in = in;
    l->lines = (struct lines){ .line = list_line, .to = l };
    *r = (struct reader){ list_feed, list_end, list_free, l };
}
