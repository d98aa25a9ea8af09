/* audit/verdict/looks.c: see looks.h. */
#include "audit/verdict/looks.h"
#include <stdlib.h>
#include <string.h>
#include "base/file.h"

#define LIST_MOST (16u << 20)

static int read_public(const struct audit *audit, struct arena *mem, struct look *look,
                       struct err *err)
{
    const char *name = audit->set.report_public_figures;
    char *path = *name == '/' ? xstrdup(name) : file_join(audit->dir, name);
    struct buf text = {0};
    struct str *handles = NULL;
    int rc = file_read(path, LIST_MOST, &text, err);

    if (rc == 0) {
        struct str kept = arena_dup(mem, buf_view(&text));
        struct buf own = { .p = (char *)kept.p, .n = kept.n };

        alias_list(&own, &handles, &look->alias.len);
        look->alias.public = handles;
    } else {
        err->kind = ERR_USAGE;
    }
    buf_release(&text);
    free(path);
    return rc;
}

int looks_make(const struct audit *audit, struct arena *mem, struct look *look, struct err *err)
{
    *look = (struct look){
        .alias = { .names = audit->set.report_names,
                   .key = arena_dup(mem, buf_view(&audit->seed)) },
        .min_cell = audit->set.report_min_cell,
    };
    return *audit->set.report_public_figures ? read_public(audit, mem, look, err) : 0;
}

void looks_release(struct look *look)
{
    free((void *)look->alias.public);
    look->alias.public = NULL;
}
