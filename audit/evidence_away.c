/* audit/evidence_away.c: the store's list of files beside what lies in the folder. */
#include "audit/evidence_away.h"
#include <stdlib.h>
#include "base/file.h"

#define BEGIN "blindspot-"

struct looking {
    struct audit *audit;
    struct evidence_away *out;
    const char *dir;
};

enum name_part { OF_AUDIT, OF_WORKER, OF_TIME, OF_NUMBER, PARTS };
static struct str part_of(struct str file, enum name_part wanted)
{
    struct str part[PARTS], rest = file, piece;
    size_t n = 0;

    if (!str_starts(file, STR(BEGIN)))
        return STR_NONE;
    rest = str_sub(file, sizeof BEGIN - 1, file.n);
    while (n < PARTS && str_cut(&rest, '-', &piece))
        part[n++] = piece;
    return n == PARTS && rest.n == 0 ? part[wanted] : STR_NONE;
}

struct str evidence_file_worker(struct str file) { return part_of(file, OF_WORKER); }
struct str evidence_file_audit(struct str file) { return part_of(file, OF_AUDIT); }

static void add_once(struct buf *out, struct str name)
{
    struct str rest = buf_view(out), one;

    while (str_cut(&rest, ',', &one))
        if (str_eq(str_trim(one), name))
            return;
    buf_printf(out, "%s%.*s", out->n ? ", " : "", STR_ARG(name));
}

static bool is_here(const char *dir, struct str file)
{
    struct buf name = { 0 };
    char *path;
    bool is;

    buf_str(&name, file);
    path = file_join(dir, buf_cstr(&name));
    is = file_exists(path);
    free(path);
    buf_release(&name);
    return is;
}

static int look(void *to, const struct evidence_file *f, struct err *err)
{
    struct looking *l = to;
    const struct str worker = evidence_file_worker(f->name);
    const bool others = worker.n && !str_eq(worker, str_of(l->audit->set.evidence_worker));

    (void)err;
    if (f->last_offset < 0 || (!f->bucket.n && !others) || is_here(l->dir, f->name))
        return 0;
    if (f->bucket.n) {
        l->out->in_bucket++;
        add_once(&l->out->buckets, f->bucket);
    } else {
        l->out->files++;
        add_once(&l->out->workers, worker);
    }
    return 0;
}

int evidence_away_read(struct audit *audit, struct evidence_away *out, struct err *err)
{
    char *dir = file_join(audit->dir, "evidence");
    struct looking l = { audit, out, dir };
    int rc;

    *out = (struct evidence_away){ 0 };
    rc = store_evidence_files(audit->store, look, &l, err);
    free(dir);
    return rc;
}

void evidence_away_release(struct evidence_away *e)
{
    buf_release(&e->workers);
    buf_release(&e->buckets);
}
