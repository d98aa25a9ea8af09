/* audit/entries.c: folder by folder into a site that is made beside its place. */
#include "audit/entries.h"
#include <stdlib.h>
#include <string.h>
#include "audit/other.h"
#include "base/file.h"
#include "base/folder.h"

#define NAME_MOST 60    // letters of an entry's folder

struct making {
    const struct opt_list *sets;
    entry_fn *const *by_series;
    struct folder_out site;
    struct arena mem;
    struct front_entry *entry;
    size_t n;
};

static bool is_taken(const struct making *m, struct str name)
{
    for (size_t i = 0; i < m->n; i++)
        if (str_eq(str_of(m->entry[i].folder), name))
            return true;
    return false;
}

/* A name that every web server and address takes; two folders of one name are told apart. */
static const char *folder_name(struct making *m, const char *of)
{
    struct buf name = { 0 };
    struct str out;

    for (; *of && name.n < NAME_MOST; of++) {
        const char c = *of >= 'A' && *of <= 'Z' ? (char)(*of + ('a' - 'A')) : *of;

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_char(&name, c);
        else if (name.n && name.p[name.n - 1] != '-')
            buf_char(&name, '-');
    }
    while (name.n && name.p[name.n - 1] == '-')
        name.n--;
    if (!name.n)
        buf_puts(&name, "entry");
    out = arena_dup(&m->mem, buf_view(&name));
    for (size_t k = 2; is_taken(m, out); k++)
        out = arena_printf(&m->mem, "%.*s-%zu", (int)name.n, buf_cstr(&name), k);
    buf_release(&name);
    return out.p;
}

static const enum front_kind kind_of[SERIES_COUNT] = {
    [SERIES_AUDIT] = FRONT_AUDIT, [SERIES_SAMPLE] = FRONT_SAMPLE, [SERIES_WATCH] = FRONT_WATCH
};

static int make_entry(struct making *m, struct other *o, struct err *err)
{
    struct front_entry *e = &m->entry[m->n];
    const char *folder = folder_name(m, o->name);
    char *dir = file_join(m->site.made, folder);
    enum series series;
    int rc = -1;

    if (other_open(o, NULL, m->sets, err) || series_of(&o->audit, &series, err) ||
        file_mkdirs(dir, err))
        goto out;
    *e = (struct front_entry){ .kind = kind_of[series],
                               .folder = folder,
                               .name = arena_dup(&m->mem, str_of(o->name)) };
    rc = m->by_series[series](&o->audit, dir, &m->mem, e, err);
    m->n += rc == 0;
out:
    free(dir);
    return rc;
}

static int take_folder(struct making *m, const char *path, struct err *err)
{
    struct other o = { 0 };
    struct err later = { 0 };
    int rc = other_find(&o, path, err) || make_entry(m, &o, err) ? -1 : 0;

    return other_close(&o, rc ? &later : err) || rc ? -1 : 0;
}

static int write_front(struct making *m, struct err *err)
{
    char *path = file_join(m->site.made, "index.html");
    struct buf page = { 0 };
    int rc;

    report_front(&page, m->entry, m->n);
    rc = file_write(path, buf_view(&page), err);
    buf_release(&page);
    free(path);
    return rc;
}

int entries_make(const char *dir, char *const *from, size_t n, const struct opt_list *sets,
                 entry_fn *const by_series[SERIES_COUNT], struct json_out *told, struct err *err)
{
    struct making m = { .sets = sets, .by_series = by_series };
    int rc = folder_create(&m.site, dir, err);

    m.entry = xcalloc(n ? n : 1, sizeof *m.entry);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = take_folder(&m, from[i], err);
    if (rc == 0)
        rc = write_front(&m, err);
    if (rc == 0)
        rc = folder_close(&m.site, err);
    else
        folder_abandon(&m.site);
    if (rc == 0 && told)
        report_front_json(told, m.entry, m.n);
    free(m.entry);
    arena_release(&m.mem);
    return rc;
}
