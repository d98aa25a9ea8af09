/* audit/work_whose.c: names of files, beside the worker's name and beside what the store knows. */
#include "audit/work_whose.h"
#include <stdlib.h>
#include <string.h>
#include "audit/evidence_away.h"
#include "store/evidence.h"

/* "w" uploads as "w-0123456789ab" (audit/work/worker.c). */
static struct str name_of(struct str worker)
{
    size_t n = worker.n;

    while (n > 0 && worker.p[n - 1] != '-')
        n--;
    return n ? str_sub(worker, 0, n - 1) : STR_NONE;
}

static bool is_of_audit(const struct audit *a, const char *file)
{
    return str_eq(evidence_file_audit(str_of(file)), buf_view(&a->name));
}

static bool is_of_worker(const struct audit *a, struct str worker, const char *file)
{
    return is_of_audit(a, file) && str_eq(evidence_file_worker(str_of(file)), name_of(worker));
}

/* A digest alone may have been kept. */
static bool places_are_its_own(const struct audit *a, struct str worker, const struct work_line *l,
                               struct err *bad)
{
    for (size_t i = 0; i < l->keeps; i++)
        if (l->kept[i].file[0] && !is_of_worker(a, worker, l->kept[i].file)) {
            (void)err_set(bad, ERR_INPUT, "an answer lies in %s, which is none of its files",
                          l->kept[i].file);
            return false;
        }
    return true;
}

static bool same_file(const struct kept_file *a, const struct kept_file *b)
{
    return a->size == b->size && memcmp(a->digest.b, b->digest.b, DIGEST_BYTES) == 0;
}

/* Of what is closed before it in the same upload, as well. */
static bool is_as_known(const struct kept_file *const *file, size_t i,
                        const struct kept_file *known, struct err *bad)
{
    bool same = !known->size || same_file(file[i], known);

    for (size_t k = 0; same && k < i; k++)
        same = strcmp(file[k]->name, file[i]->name) != 0 || same_file(file[k], file[i]);
    if (!same)
        (void)err_set(bad, ERR_INPUT, "%s is known with another size or digest", file[i]->name);
    return same;
}

static int check_known(struct audit *a, const struct kept_file *const *file, size_t n,
                       struct err *bad, struct err *err)
{
    struct kept_file *known = xcalloc(n ? n : 1, sizeof *known);
    int rc = store_evidence_closed(a->store, file, n, known, err);

    for (size_t i = 0; rc == 0 && i < n; i++)
        if (!is_as_known(file, i, &known[i], bad))
            break;
    free(known);
    return rc;
}

int work_whose(struct audit *a, struct str worker, const struct work_line *l, size_t n,
               struct err *bad, struct err *err)
{
    const struct kept_file **file = xcalloc(n ? n : 1, sizeof *file);
    size_t files = 0;
    bool good = true;
    int rc = 0;

    for (size_t i = 0; i < n && good; i++) {
        if (l[i].of == WORK_ANSWER)
            good = places_are_its_own(a, worker, &l[i], bad);
        if (l[i].of != WORK_FILE)
            continue;
        good = l[i].bucket.n ? is_of_audit(a, l[i].file.name)
                             : is_of_worker(a, worker, l[i].file.name);
        if (!good)
            (void)err_set(bad, ERR_INPUT, "%s is none of its files", l[i].file.name);
        file[files++] = &l[i].file;
    }
    if (good && files)
        rc = check_known(a, file, files, bad, err);
    free(file);
    return rc;
}
