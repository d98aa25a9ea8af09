/* import/package.c: donation packages and other lists in a ZIP, through
 * libarchive. Members are decoded in pieces and never written anywhere, so a
 * path in the archive has no power; paths that climb, links, and members that
 * are encrypted or decode to more than a list can hold are left out by name,
 * and the others are read.
 * Which members: user_data_tiktok.json, else user_data.json, else any JSON with
 * the sections of a package, else TXT sections of links, else everything. JSON
 * and TXT of one package hold the same, so JSON wins. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/array.h"
#include "base/stop.h"
#include "import/readers.h"

#define MEMBER_MAX ((int64_t)1 << 30)      // decoded: more than a list can hold
#define BOMB_FROM ((int64_t)64 << 20)      // smaller ones do no harm
enum {
    MEMBERS_MAX = 100000,
    MEMBER_RATIO = 200,                    // decoded to whole file: lists reach 20
    TOTAL_RATIO = 1000,                    // members that share their bytes
    PEEK = 64 * 1024,
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
    int fd;
    int64_t file_len, decoded;
    struct member *member; size_t len, cap;
    struct archive_entry *entry;
    int notes;
    int unread;                            // errno of the file below, which libarchive calls damage
    char piece[64 * 1024];
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
/* libarchive fails alike where memory is short and where an archive is damaged;
 * errno, set to 0 before the call, still tells of malloc(). */
static void archive_memory(struct archive *a)
{
    if (errno == ENOMEM || archive_errno(a) == ENOMEM)
        die("out of memory");
}
static int archive_fail(const struct package *p, struct archive *a, const char *what,
                        struct err *err)
{
    const char *why = archive_error_string(a);

    if (p->unread)
        return err_set(err, ERR_IO, "cannot be read: %s", strerror(p->unread));
    archive_memory(a);
    return err_set(err, ERR_INPUT, "%s: %s", what, why ? why : "damaged");
}
/* ---- opening ---- */
static la_ssize_t on_read(struct archive *a, void *to, const void **piece)
{
    struct package *p = to;
    ssize_t n;

    do
        n = read(p->fd, p->piece, sizeof p->piece);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        p->unread = errno;
        archive_set_error(a, errno, "%s", strerror(errno));
        return ARCHIVE_FATAL;
    }
    *piece = p->piece;
    return n;
}
static la_int64_t on_seek(struct archive *a, void *to, la_int64_t at, int from)
{
    struct package *p = to;
    off_t now = lseek(p->fd, at, from);

    if (now < 0)
        archive_set_error(a, errno, "%s", strerror(errno));
    return now < 0 ? ARCHIVE_FATAL : now;
}
static struct archive *package_open(struct package *p, struct err *err)
{
    struct archive *a = archive_read_new();

    if (!p->entry)
        p->entry = archive_entry_new();
    if (!a || !p->entry || archive_read_support_format_zip_seekable(a) != ARCHIVE_OK ||
        archive_read_set_options(a, "zip:!mac-ext") != ARCHIVE_OK ||
        archive_read_set_callback_data(a, p) != ARCHIVE_OK ||
        archive_read_set_read_callback(a, on_read) != ARCHIVE_OK ||
        archive_read_set_seek_callback(a, on_seek) != ARCHIVE_OK)
        die("out of memory");
    errno = 0;
    if (lseek(p->fd, 0, SEEK_SET) < 0 || archive_read_open1(a) != ARCHIVE_OK) {
        archive_fail(p, a, "is no readable ZIP", err);
        archive_read_free(a);
        return NULL;
    }
    return a;
}
/* 1 a member, 0 the end, -1 damage. Warnings (a name in an unknown encoding)
 * do not matter here: content decides. */
static int package_next(const struct package *p, struct archive *a, struct archive_entry **e,
                        struct err *err)
{
    int rc;

    errno = 0;
    rc = archive_read_next_header2(
        a, p->entry);    // its own entry may be missing where memory is short
    *e = p->entry;
    if (rc == ARCHIVE_EOF)
        return 0;
    if (rc < ARCHIVE_WARN)
        return archive_fail(p, a, "is a damaged ZIP", err);
    return 1;
}
/* The next PEEK bytes of a member. */
static la_ssize_t next_piece(struct archive *a, char *to)
{
    errno = 0;
    return archive_read_data(a, to, PEEK);
}
static const char *entry_name(struct archive_entry *e)
{
    const char *name;

    errno = 0;
    name = archive_entry_pathname_utf8(e);
    name = name ? name : archive_entry_pathname(e);
    if (!name && errno == ENOMEM)
        die("out of memory");
    return name ? name : "(without a readable name)";
}

/* ---- what a member may be ---- */
static bool path_climbs(const char *path)
{
    struct str rest = str_of(path), piece;
    char sep = strchr(path, '/') ? '/' : '\\';

    if (path[0] == '/' || path[0] == '\\' || (path[0] && path[1] == ':'))
        return true;
    while (str_cut(&rest, sep, &piece))
        if (str_eq(piece, STR("..")))
            return true;
    return false;
}
/* NULL where it may be read. */
static const char *refusal(const struct package *p, struct archive_entry *e, const char *name)
{
    int64_t size = archive_entry_size_is_set(e) ? archive_entry_size(e) : 0;

    if (path_climbs(name))
        return "has a path that leads out of the archive: left out";
    if (archive_entry_hardlink(e) || archive_entry_symlink(e) ||
        archive_entry_filetype(e) == AE_IFLNK)
        return "is a link, not a file: left out";
    if (archive_entry_is_encrypted(e))
        return "is encrypted: left out; unpack the package with its password first";
    if (size > MEMBER_MAX)
        return "is larger than 1 GiB: left out";
    if (size > BOMB_FROM && size / MEMBER_RATIO > p->file_len)
        return "would grow more than 200 times when unpacked: left out";
    return NULL;
}
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
    peek = xmalloc(PEEK);
    n = next_piece(a, peek);
    if (n < 0 && !p->unread)
        archive_memory(a);
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
static int list_members(struct package *p, struct err *err)
{
    struct archive *a = package_open(p, err);
    struct archive_entry *e;
    int rc = a ? 1 : -1;

    while (rc > 0 && (rc = package_next(p, a, &e, err)) > 0) {
        const char *name = entry_name(e), *why;

        if (p->len == MEMBERS_MAX) {
            rc = err_set(err, ERR_INPUT,
                         "holds more than 100,000 members: expected a donation package or lists");
        } else if (is_ignored(e, name)) {
            member_add(p, name, ROLE_IGNORED);
        } else if ((why = refusal(p, e, name))) {
            refuse(p, name, why);
            member_add(p, name, ROLE_REFUSED);
        } else {
            member_add(p, name, role_of(p, a, name));
        }
        if (rc > 0 && p->unread)
            rc = archive_fail(p, a, "is a damaged ZIP", err);
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
static const char *too_much(const struct package *p, int64_t decoded)
{
    if (decoded > MEMBER_MAX)
        return "is larger than 1 GiB: the rest was left out";
    if (decoded > BOMB_FROM && decoded / MEMBER_RATIO > p->file_len)
        return "grows more than 200 times when unpacked: the rest was left out";
    return NULL;
}
static int read_member(struct package *p, struct archive *a, const char *name, struct err *err)
{
    char *piece = xmalloc(PEEK);
    struct feeder f;
    struct err inner = { 0 };
    const char *why = NULL;
    int64_t decoded = 0;
    la_ssize_t n;
    int rc = 0;

    feeder_init(&f, p->in, basename_of(name));
    while (!rc && !why && (n = next_piece(a, piece)) != 0) {
        if (n < 0 && p->unread) {
            rc = archive_fail(p, a, "is a damaged ZIP", &inner);
            break;
        }
        if (n < 0) {
            archive_memory(a);
            why = "is damaged or packed in a way that cannot be read: the rest was left out";
            break;
        }
        decoded += n;
        why = too_much(p, decoded);
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
    struct archive *a = package_open(p, err);
    struct archive_entry *e;
    int rc = a ? 1 : -1;

    for (size_t i = 0; rc > 0 && i < p->len && (rc = package_next(p, a, &e, err)) > 0; i++) {
        if (p->member[i].role != role || p->member[i].ambiguous)
            continue;
        if (p->decoded > BOMB_FROM && p->decoded / TOTAL_RATIO > p->file_len) {
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
int package_read(struct collector *in, int fd, const char **kind, struct err *err)
{
    struct package p = { .in = in, .fd = fd };
    struct stat st;
    enum role role;
    int rc = -1;

    if (fstat(fd, &st))
        return err_set(err, ERR_IO, "cannot be read: %s", strerror(errno));
    p.file_len = st.st_size;
    if (list_members(&p, err))
        goto out;
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
    archive_entry_free(p.entry);
    return rc;
}
