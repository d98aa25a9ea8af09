/* import/package.c: donation packages and other lists in a ZIP, through
 * libarchive. Members are decoded in pieces and never written anywhere, so a
 * path in the archive has no power; paths that climb, links, and members that
 * are encrypted or decode to more than a list can hold are left out by name,
 * and the others are read.
 * Which members: user_data_tiktok.json, else user_data.json, else any JSON with
 * the sections of a package, else TXT sections of links, else everything. JSON
 * and TXT of one package hold the same, so JSON wins. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/stop.h"
#include "import/readers.h"
#include "import/unzip.h"

enum {
    MEMBERS_MAX = 100000,
    TOTAL_RATIO = 1000,    // members that share their bytes
    NOTES_MAX = 20,
};
enum role {
    ROLE_OTHER = 0,
    ROLE_IGNORED,
    ROLE_REFUSED,
    ROLE_DATA_TIKTOK,
    ROLE_DATA,
    ROLE_JSON,
    ROLE_TXT
};
struct member { char *name; enum role role; bool ambiguous; };
struct package {
    struct collector *in;
    struct unzip zip;
    int64_t decoded;
    struct member *member; size_t len, cap;
    bool workbook;    // a spreadsheet's
    bool pages;       // a web archive's
    int notes;
};

static const char *basename_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *back = strrchr(path, '\\');

    if (back && (!slash || back > slash))
        slash = back;
    return slash ? slash + 1 : path;
}
static void refuse(struct package *p, const char *member, const char *why)
{
    p->in->count.refused++;
    if (p->notes++ < NOTES_MAX)
        collect_note(p->in, "the member %.120s %s", member, why);
}
/* ---- what a member may be ---- */
static bool is_ignored(struct archive_entry *e, const char *name)
{
    const char *base = basename_of(name);

    return archive_entry_filetype(e) == AE_IFDIR || !*base ||
           str_starts(str_of(name), STR("__MACOSX/")) || str_starts(str_of(base), STR("._")) ||
           !strcmp(base, ".DS_Store");
}
static bool name_is(const char *name, const char *base)
{
    return str_eq_nocase(str_of(basename_of(name)), str_of(base));
}
/* By its name or its first bytes. Sections without links are passed over. */
static enum role role_of(const struct package *p, struct archive *a, const char *name)
{
    struct str base = str_of(basename_of(name)), head;
    bool json = base.n > 5 && str_eq_nocase(str_sub(base, base.n - 5, 5), STR(".json"));
    bool txt = base.n > 4 && str_eq_nocase(str_sub(base, base.n - 4, 4), STR(".txt"));
    enum role role = ROLE_OTHER;
    char *peek;
    la_ssize_t n;

    if (name_is(name, "user_data_tiktok.json"))
        return ROLE_DATA_TIKTOK;
    if (name_is(name, "user_data.json"))
        return ROLE_DATA;
    if (!json && !txt)
        return ROLE_OTHER;
    peek = xmalloc(UNZIP_PIECE);
    n = unzip_piece(a, peek);
    if (n < 0 && !p->zip.from.unread)
        zip_source_memory(a);
    head = n > 0 ? (struct str){ peek, (size_t)n } : STR_NONE;
    if (str_starts(head, STR("\xef\xbb\xbf")))
        head = str_sub(head, 3, head.n);
    if (json && donation_json_shape(head))
        role = ROLE_JSON;
    else if (txt && donation_txt_shape(head) != TXT_OTHER)
        role = donation_txt_shape(head) == TXT_LINKS ? ROLE_TXT : ROLE_IGNORED;
    free(peek);
    return role;
}
static void member_add(struct package *p, const char *name, enum role role)
{
    ARRAY_ROOM(p->member, p->len, p->cap);
    p->member[p->len++] = (struct member){ xstrdup(name), role, false };
}
/* Of a WACZ (browsertrix, ArchiveWeb.page). */
static bool is_warc(const char *name)
{
    return str_starts(str_of(name), STR("archive/")) &&
           (str_ends(str_of(name), STR(".warc")) || str_ends(str_of(name), STR(".warc.gz")));
}
static int list_members(struct package *p, struct err *err)
{
    struct archive *a = unzip_open(&p->zip, err);
    struct archive_entry *e;
    int rc = a ? 1 : -1;

    while (rc > 0 && (rc = unzip_next(&p->zip, a, &e, err)) > 0) {
        const char *name = unzip_name(e), *why;

        if (p->len == MEMBERS_MAX) {
            rc = err_set(err, ERR_INPUT,
                         "holds more than 100,000 members: expected a donation package or lists");
        } else if (is_ignored(e, name)) {
            member_add(p, name, ROLE_IGNORED);
        } else if ((why = unzip_refusal(&p->zip, e, name))) {
            refuse(p, name, why);
            member_add(p, name, ROLE_REFUSED);
        } else {
            p->workbook = p->workbook || xlsx_shape(name);
            p->pages = p->pages || is_warc(name);
            member_add(p, name, role_of(p, a, name));
        }
        if (rc > 0 && p->zip.from.unread)
            rc = zip_source_fail(&p->zip.from, a, "is a damaged ZIP", err);
        if (rc > 0 && stop_asked())
            rc = err_set(err, ERR_STOPPED, "interrupted");
    }
    archive_read_free(a);
    return rc;
}

/* ---- which are read ---- */
static int compare_members(const void *a, const void *b)
{
    const struct member *x = *(struct member *const *)a, *y = *(struct member *const *)b;

    return x->role != y->role ? (int)x->role - (int)y->role
                              : strcasecmp(basename_of(x->name), basename_of(y->name));
}
/* The same file name twice in one role: nobody can say which is the person's. */
static void mark_ambiguous(struct package *p)
{
    struct member **m = xcalloc(p->len ? p->len : 1, sizeof *m);

    for (size_t i = 0; i < p->len; i++)
        m[i] = &p->member[i];
    qsort(m, p->len, sizeof *m, compare_members);
    for (size_t i = 1; i < p->len; i++)
        if (m[i]->role >= ROLE_DATA_TIKTOK && !compare_members(&m[i - 1], &m[i]))
            m[i - 1]->ambiguous = m[i]->ambiguous = true;
    free(m);
}
static bool has_role(const struct package *p, enum role role)
{
    for (size_t i = 0; i < p->len; i++)
        if (p->member[i].role == role && !p->member[i].ambiguous)
            return true;
    return false;
}
static enum role choose_role(struct package *p)
{
    static const enum role order[] = { ROLE_DATA_TIKTOK, ROLE_DATA, ROLE_JSON, ROLE_TXT };
    bool any = false;

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (has_role(p, order[i]))
            return order[i];
    for (size_t i = 0; i < p->len; i++)
        any = any || p->member[i].ambiguous;
    return any ? ROLE_REFUSED : ROLE_OTHER;
}
static void tell_ambiguous(struct package *p, enum role chosen)
{
    for (size_t i = 0; i < p->len; i++)
        if (p->member[i].ambiguous && (p->member[i].role == chosen || chosen == ROLE_REFUSED))
            refuse(p, p->member[i].name,
                   "is there twice under this file name: ambiguous, none of them is read");
}

/* ---- reading ---- */
static int read_member(struct package *p, struct archive *a, const char *name, struct err *err)
{
    char *piece = xmalloc(UNZIP_PIECE);
    struct feeder f;
    struct err inner = { 0 };
    const char *why = NULL;
    int64_t decoded = 0;
    la_ssize_t n;
    int rc = 0;

    feeder_init(&f, p->in, basename_of(name));
    while (!rc && !why && (n = unzip_piece(a, piece)) != 0) {
        if (n < 0 && p->zip.from.unread) {
            rc = zip_source_fail(&p->zip.from, a, "is a damaged ZIP", &inner);
            break;
        }
        if (n < 0) {
            zip_source_memory(a);
            why = "is damaged or packed in a way that cannot be read: the rest was left out";
            break;
        }
        decoded += n;
        why = unzip_too_much(&p->zip, decoded);
        rc = feeder_feed(&f, (struct str){ piece, (size_t)n }, &inner);
        if (!rc && stop_asked())
            rc = err_set(&inner, ERR_STOPPED, "interrupted");
    }
    p->decoded += decoded;
    if (!rc && (!why || f.kind == FEEDER_NONE))
        rc = feeder_end(&f, &inner);
    if (!rc && !why && f.kind == FEEDER_ZIP)
        why = "is a ZIP within the ZIP: left out; unpack it first";
    if (rc && (inner.kind == ERR_INPUT || inner.kind == ERR_USAGE)) {    // costs the others nothing
        why = inner.msg;
        rc = 0;
    } else if (rc) {
        *err = inner;
    }
    if (why)
        refuse(p, name, why);
    else
        p->in->count.members++;
    feeder_release(&f);
    free(piece);
    return rc;
}
static int read_members(struct package *p, enum role role, struct err *err)
{
    struct archive *a = unzip_open(&p->zip, err);
    struct archive_entry *e;
    int rc = a ? 1 : -1;

    for (size_t i = 0; rc > 0 && i < p->len && (rc = unzip_next(&p->zip, a, &e, err)) > 0; i++) {
        if (p->member[i].role != role || p->member[i].ambiguous)
            continue;
        if (p->decoded > ZIP_BOMB_FROM && p->decoded / TOTAL_RATIO > p->zip.from.file_len) {
            refuse(p, p->member[i].name,
                   "and what follows it were left out: the archive grows more than 1,000 times");
            break;
        }
        if (read_member(p, a, p->member[i].name, err))
            rc = -1;
    }
    archive_read_free(a);
    return rc < 0 ? -1 : 0;
}
/* Its members are parts of one table or several. */
static int read_workbook(struct package *p, struct err *err)
{
    const char **name = xcalloc(p->len ? p->len : 1, sizeof *name);
    int rc;

    for (size_t i = 0; i < p->len; i++)
        name[i] = p->member[i].role == ROLE_REFUSED ? "" : p->member[i].name;
    rc = xlsx_read(p->in, &p->zip, name, p->len, err);
    free(name);
    return rc;
}
int package_read(struct collector *in, int fd, const char **kind, struct err *err)
{
    struct package p = { .in = in };
    enum role role;
    int rc = -1;

    if (unzip_init(&p.zip, fd, err))
        return -1;
    if (list_members(&p, err))
        goto out;
    if (p.pages) {
        err_set(err, ERR_INPUT, FOR_PAGES);
        goto out;
    }
    if (p.workbook) {
        *kind = "xlsx";
        rc = read_workbook(&p, err);
        goto out;
    }
    mark_ambiguous(&p);
    role = choose_role(&p);
    tell_ambiguous(&p, role);
    if (read_members(&p, role, err))
        goto out;
    if (!in->count.members)
        err_set(err, ERR_INPUT,
                in->count.refused ? "is a ZIP of which no member could be read (%zu members)"
                                  : "is a ZIP without a list of videos (%zu members)",
                p.len);
    else
        rc = 0;
    *kind = role == ROLE_OTHER ? "zip" : "donation";
out:
    for (size_t i = 0; i < p.len; i++)
        free(p.member[i].name);
    free(p.member);
    unzip_release(&p.zip);
    return rc;
}
