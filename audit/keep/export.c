/* audit/keep/export.c: records out, and the bundle. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "audit/bundle.h"
#include "audit/keep/export.h"
#include "audit/repair.h"
#include "base/array.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/tar.h"
#include "record/setting.h"
#include "report/package.h"
#include "report/report.h"

EMBED(export_readme, "audit/keep/export_readme.txt");

static int put_there(void *to, int64_t at, const struct record *r, struct err *err)
{
    return report_record(to, SIDE_PAGE, at, r, err);
}

struct wanted { struct str name; int64_t n; };

static int find_vantage(void *to, const struct vantage_row *row, struct err *err)
{
    struct wanted *w = to;

    (void)err;
    if (str_eq(row->name, w->name) || (!row->name.n && str_eq(w->name, STR(VANTAGE_FIRST))))
        w->n = row->n;
    return 0;
}

/* 1 is the first. */
static int vantage_number(struct audit *audit, const char *name, int64_t *n, struct err *err)
{
    struct wanted w = { name ? str_of(name) : STR_NONE, name ? 0 : 1 };

    if (name && store_vantages(audit->store, find_vantage, &w, err))
        return -1;
    *n = w.n;
    return w.n ? 0
               : err_set(err, ERR_USAGE,
                         "export: --vantage: no page of this audit was read at \"%.60s\"", name);
}

int export_records(struct audit *audit, const struct export_opts *o, FILE *f, int64_t *rows,
                   struct err *err)
{
    struct csv_out out = { .f = f, .raw = o->raw, .lines = o->format != EXPORT_CSV,
                           .api_names = o->api_names };
    struct pair_cursor *cursor = NULL;
    struct pair_row row;
    int64_t vantage;
    int got;

    if (vantage_number(audit, o->vantage, &vantage, err) || report_records_begin(&out, err))
        return -1;
    if (vantage > 1) {
        got = store_vantage_records(audit->store, vantage, put_there, &out, err);
        *rows = out.rows;
        return got;
    }
    if (store_pairs(audit->store, false, false, &cursor, err))
        return -1;
    while ((got = pair_cursor_next(cursor, &row, err)) > 0)
        for (int s = 0; got > 0 && s < SIDE_COUNT; s++) {
            bool wanted = row.rec[s] && (s == SIDE_API ? o->api : o->page);

            if (wanted && report_record(&out, (enum side)s, row.at[s], row.rec[s], err))
                got = -1;
            if (got < 0)
                break;
        }
    pair_cursor_close(cursor);
    *rows = out.rows;
    return got < 0 ? -1 : 0;
}

int export_package(struct audit *audit, const struct export_opts *o, const char *dir,
                   int64_t *rows, struct err *err)
{
    const struct package_table table = { "records",
                                         o->api_names ? TABLE_RECORDS_API : TABLE_RECORDS };
    char *path = file_join(dir, "records.csv");
    struct file_out file;
    int rc = -1;

    if (file_mkdirs(dir, err) || file_create(&file, path, err))
        goto out;
    if (export_records(audit, o, file.f, rows, err)) {
        file_abandon(&file);
        goto out;
    }
    rc = file_close(&file, err) ||
                 report_package(dir, "What API and page showed of each post", &table, 1, err)
             ? -1
             : 0;
out:
    free(path);
    return rc;
}

/* ---- the bundle ---- */

struct names { char **v; size_t n, cap; };

static void names_add(struct names *names, const char *name)
{
    ARRAY_ROOM(names->v, names->n, names->cap);
    names->v[names->n++] = xstrdup(name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Regular files of a folder of the audit and of those below it. */
static int list_folder(const char *root, const char *folder, struct names *names, struct err *err)
{
    char *path = file_join(root, folder);
    DIR *d = opendir(path);
    struct dirent *e;
    int rc = 0;

    if (!d && errno != ENOENT)
        rc = err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    while (d && rc == 0 && (e = readdir(d))) {
        char *name = file_join(folder, e->d_name), *full = file_join(root, name);
        struct stat st;

        if (e->d_name[0] != '.' && lstat(full, &st) == 0 && S_ISDIR(st.st_mode))
            rc = list_folder(root, name, names, err);
        else if (e->d_name[0] != '.' && lstat(full, &st) == 0 && S_ISREG(st.st_mode) &&
                 !str_ends(str_of(e->d_name), STR(".tmp")))
            names_add(names, name);
        free(name);
        free(full);
    }
    if (d)
        closedir(d);
    free(path);
    return rc;
}

/* Lists that the rules refer to: "@NAME" in their text, where it is a file
 * beside them. Nothing else of the folder is anybody's business. */
static void list_rule_files(const struct audit *audit, struct names *names)
{
    struct str text = buf_view(&audit->rules_text);

    for (size_t i = 0; i < text.n; i++) {
        struct buf name = {0};
        char *path;

        if (text.p[i] != '@')
            continue;
        for (size_t k = i + 1;
             k < text.n &&
             strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.",
                    text.p[k]) &&
             text.p[k];
             k++)
            buf_char(&name, text.p[k]);
        path = file_join(audit->dir, buf_cstr(&name));
        if (name.n && name.p[0] != '.' && file_exists(path))
            names_add(names, buf_cstr(&name));
        free(path);
        buf_release(&name);
    }
}

static int list_bundle(const struct audit *audit, struct names *names, struct err *err)
{
    static const char *const fixed[] = { "blindspot.ini", "rules.ini" };
    size_t out = 0;

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        char *path = file_join(audit->dir, fixed[i]);

        if (file_exists(path))
            names_add(names, fixed[i]);
        free(path);
    }
    list_rule_files(audit, names);
    if (list_folder(audit->dir, "evidence", names, err) ||
        list_folder(audit->dir, "report", names, err))
        return -1;
    if (names->n)
        qsort(names->v, names->n, sizeof *names->v, by_name);
    for (size_t i = 0; i < names->n; i++) {
        if (out && !strcmp(names->v[out - 1], names->v[i]))
            free(names->v[i]);
        else
            names->v[out++] = names->v[i];
    }
    names->n = out;
    return 0;
}

static void names_release(struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->v[i]);
    free(names->v);
}

static int put_file(struct tar_out *tar, const char *name, const char *path, struct buf *manifest,
                    struct err *err)
{
    struct digest digest;
    char hex[DIGEST_HEX];

    if (tar_add_file(tar, name, path, &digest, err))
        return -1;
    buf_printf(manifest, "%s  %s\n", digest_hex(&digest, hex), name);
    return 0;
}

/* What is what, for whoever unpacks it. */
static int put_readme(struct tar_out *tar, struct buf *manifest, struct err *err)
{
    const struct str text = { export_readme, export_readme_len };
    const struct digest digest = digest_sha256(text);
    char hex[DIGEST_HEX];

    buf_printf(manifest, "%s  README.txt\n", digest_hex(&digest, hex));
    return tar_add_bytes(tar, "README.txt", text, err);
}

/* The store goes first, as a copy without free pages and without a log beside it. */
static int put_all(struct audit *audit, struct tar_out *tar, const char *copy,
                   const struct names *names, struct buf *manifest, struct err *err)
{
    if (store_copy(audit->store, copy, err) || put_file(tar, "audit.db", copy, manifest, err) ||
        put_readme(tar, manifest, err))
        return -1;
    for (size_t i = 0; i < names->n; i++) {
        char *path = file_join(audit->dir, names->v[i]);
        int rc = put_file(tar, names->v[i], path, manifest, err);

        free(path);
        if (rc)
            return -1;
    }
    return tar_add_bytes(tar, BUNDLE_MANIFEST, buf_view(manifest), err);
}

int export_bundle(struct audit *audit, const char *path, const struct seal_opts *seal,
                  struct digest *manifest, struct err *err)
{
    struct names names = {0};
    struct buf text = {0}, copy = {0};
    char *evidence = file_join(audit->dir, "evidence");
    struct tar_out *tar = NULL;
    int rc = -1;

    buf_printf(&copy, "%s.db.tmp", path);
    unlink(buf_cstr(&copy));
    if (repair_archive(audit->store, evidence, err) || list_bundle(audit, &names, err) ||
        tar_create(&tar, path, err))
        goto out;
    if (put_all(audit, tar, buf_cstr(&copy), &names, &text, err) ||
        seal_make(seal, buf_view(&text), tar, err)) {
        tar_abandon(tar);
        goto out;
    }
    *manifest = digest_sha256(buf_view(&text));
    rc = tar_close(tar, err);
out:
    if (copy.n)
        unlink(buf_cstr(&copy));
    names_release(&names);
    free(evidence);
    buf_release(&text);
    buf_release(&copy);
    return rc;
}

/* ---- checking one ---- */

static int check_audit(const char *dir, const struct check_opts *o, struct buf *out,
                       struct verify_result *result, struct err *err)
{
    struct err later = {0};
    struct audit audit;
    int rc;

    if (audit_open_place(&audit, &(struct audit_place){ .dir = dir }, STORE_READ, err))
        return -1;
    rc = verify_audit(&audit, &(struct verify_opts){ .json = o->json, .seals = &o->seals }, out,
                      result, err);
    return audit_close(&audit, rc ? &later : err) || rc ? -1 : 0;
}

int export_check(const char *path, const struct check_opts *o, struct buf *out,
                 struct verify_result *result, struct digest *manifest, struct err *err)
{
    struct bundle bundle;
    int rc;

    if (bundle_open(&bundle, path, NULL, err))
        return -1;
    *manifest = bundle.manifest;
    rc = check_audit(bundle.dir, o, out, result, err);
    bundle_close(&bundle);
    return rc;
}
