/* audit/keep/doctor_folder.c: what the user keeps in an audit's folder: settings and rules, and
 * whether something can be written there. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "audit/keep/doctor_own.h"
#include "audit/rulebook.h"
#include "base/file.h"

#define PROBE_BYTES 65536
#define FREE_LEAST ((uint64_t)64 << 20)     // a batch of answers and the pages under way
#define FREE_FEW ((uint64_t)1 << 30)        // some thousand pages

/* ---- settings ---- */

struct differing {
    const struct settings *dflt;
    char *value[128];
    size_t n, at, differ;
};

static void take_default(void *to, const char *name, const char *value)
{
    struct differing *d = to;

    (void)name;
    if (d->n < sizeof d->value / sizeof *d->value)
        d->value[d->n++] = xstrdup(value);
}

static void compare_value(void *to, const char *name, const char *value)
{
    struct differing *d = to;

    (void)name;
    d->differ += d->at < d->n && strcmp(d->value[d->at], value) != 0;
    d->at++;
}

static size_t count_differing(const struct settings *set, size_t *all)
{
    struct settings dflt;
    struct differing d = { 0 };

    settings_init(&dflt);
    settings_each(&dflt, take_default, &d);
    settings_each(set, compare_value, &d);
    for (size_t i = 0; i < d.n; i++)
        free(d.value[i]);
    settings_release(&dflt);
    *all = d.at;
    return d.differ;
}

void doctor_settings(struct patient *p)
{
    char *path = file_join(p->audit.dir, "blindspot.ini");
    struct err err = { 0 };
    size_t all, differ;
    bool own = file_exists(path);

    if (audit_settings(p->audit.dir, p->sets, &p->audit.set, &err) ||
        audit_use_clock(&p->audit.set, &err)) {
        doctor_fail_of(p, &err, "");
        settings_release(&p->audit.set);
        settings_init(&p->audit.set);
        goto out;
    }
    p->has_settings = true;
    differ = count_differing(&p->audit.set, &all);
    if (own || differ)
        doctor_ok(p, "%s, %zu of %zu differ from the defaults",
                  own ? "blindspot.ini" : "no blindspot.ini", differ, all);
    else
        doctor_ok(p, "the defaults: there is no blindspot.ini");
out:
    free(path);
}

void doctor_rules(struct patient *p)
{
    char *path = file_join(p->audit.dir, "rules.ini");
    struct rulebook book = { 0 }, shipped = { 0 };
    struct rules *rules = NULL;
    struct err err = { 0 };

    if (!file_exists(path)) {
        doctor_left_out(p, "there is no audit here");
    } else if (rulebook_read(&book, path, &err) || rulebook_parse(&book, &rules, &err) ||
               rulebook_shipped(&shipped, &err)) {
        doctor_fail_of(p, &err, "");
    } else {
        doctor_ok(p, "rules.ini, " COUNTED ", %s",
                  COUNT_OF((int64_t)rules_len(rules), "rule", "rules"),
                  rulebook_same(&book, &shipped) ? "as shipped"
                                                 : "not those that this version ships");
    }
    rules_free(rules);
    rulebook_release(&book);
    rulebook_release(&shipped);
    free(path);
}

/* ---- the folder ---- */

/* A file that has no name in the end, however this ends. */
static int write_probe(const char *dir)
{
    char bytes[PROBE_BYTES] = "", *path = file_join(dir, ".doctor-XXXXXX");
    int fd = mkstemp(path), why = fd < 0 ? errno : 0;

    if (fd >= 0) {
        unlink(path);
        for (size_t at = 0; at < sizeof bytes && !why;) {
            ssize_t n = write(fd, bytes + at, sizeof bytes - at);

            if (n < 0 && errno != EINTR)
                why = errno;
            at += n > 0 ? (size_t)n : 0;
        }
        if (!why && fsync(fd))
            why = errno;
        close(fd);
    }
    free(path);
    return why;
}

void doctor_folder(struct patient *p)
{
    const char *dir = p->audit.dir;
    char *db = file_join(dir, "audit.db"), room[32];
    struct statvfs fs;
    uint64_t left;
    int why;

    if (!file_exists(db)) {
        doctor_fail(p, ERR_USAGE, "`blindspot init` makes one", "%s: there is no audit here", dir);
        goto out;
    }
    if ((why = write_probe(dir)) != 0) {
        doctor_fail(p, ERR_IO,
                    why == ENOSPC || why == EDQUOT
                        ? "make room"
                        : "make it writable; what only reads works all the same",
                    "nothing can be written to %s: %s", dir, strerror(why));
        goto out;
    }
    if (statvfs(dir, &fs)) {
        doctor_warn(p, "", "how much room is left cannot be told: %s", strerror(errno));
        goto out;
    }
    left = (uint64_t)fs.f_bavail * fs.f_frsize;
    doctor_bytes(left, room, sizeof room);
    if (left < FREE_LEAST)
        doctor_fail(p, ERR_IO, "make room", "%s are left on the disk", room);
    else if (left < FREE_FEW)
        doctor_warn(p, "the archive needs some 100 KB for each page; make room", "%s are left on "
                    "the disk", room);
    else
        doctor_ok(p, "can be written to; %s are left on the disk", room);
out:
    free(db);
}
