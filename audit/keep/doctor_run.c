/* audit/keep/doctor_run.c: one check after another (doctor.h). */
#include "audit/keep/doctor.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "audit/keep/doctor_own.h"

static const struct {
    const char *name;
    doctor_fn *run;
} checks[DOCTOR_COUNT] = {
#define X(id, name) [DOCTOR_##id] = { #name, doctor_##name },
    DOCTOR_CHECKS(X)
#undef X
};

const char *doctor_check_name(enum doctor_check c)
{
    return checks[c].name;
}

const char *doctor_level_name(enum doctor_level level)
{
    static const char *const names[LEVEL_COUNT] = { "ok", "left_out", "warn", "fail" };

    return names[level];
}

/* ---- what a check says ---- */

static void say(struct patient *p, enum doctor_level level, const char *todo, const char *fmt,
                va_list ap)
{
    char text[480];

    if (p->f->is.n && level <= p->f->level)
        return;
    vsnprintf(text, sizeof text, fmt, ap);
    p->f->level = level;
    p->f->is = arena_dup(p->mem, str_of(text));
    p->f->todo = arena_dup(p->mem, str_of(todo));
}

void doctor_ok(struct patient *p, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    say(p, LEVEL_OK, "", fmt, ap);
    va_end(ap);
}

void doctor_left_out(struct patient *p, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    say(p, LEVEL_LEFT_OUT, "", fmt, ap);
    va_end(ap);
}

void doctor_warn(struct patient *p, const char *todo, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    say(p, LEVEL_WARN, todo, fmt, ap);
    va_end(ap);
}

void doctor_fail(struct patient *p, enum err_kind kind, const char *todo, const char *fmt, ...)
{
    va_list ap;

    if (p->f->level < LEVEL_FAIL)
        p->f->kind = kind;
    va_start(ap, fmt);
    say(p, LEVEL_FAIL, todo, fmt, ap);
    va_end(ap);
}

void doctor_fail_of(struct patient *p, const struct err *err, const char *todo)
{
    doctor_fail(p, err->kind, todo, "%s", err->msg);
}

void doctor_bytes(uint64_t n, char *text, size_t size)
{
    static const char *const unit[] = { "bytes", "KB", "MB", "GB", "TB", "PB" };
    double x = (double)n;
    size_t i = 0;

    for (; x >= 999.95 && i + 1 < sizeof unit / sizeof *unit; i++)
        x /= 1000;
    snprintf(text, size, i ? "%.1f %s" : "%.0f %s", x, unit[i]);
}

/* ---- all of it ---- */

void doctor_run(const char *dir, const struct opt_list *sets, bool offline, struct arena *mem,
                struct doctor_report *report)
{
    struct patient p = { .sets = sets, .offline = offline, .mem = mem, .report = report };
    struct err ignored = { 0 };

    memset(report, 0, sizeof *report);
    p.audit.dir = xstrdup(dir);
    settings_init(&p.audit.set);
    for (int c = 0; c < DOCTOR_COUNT; c++) {
        p.f = &report->of[c];
        checks[c].run(&p);
        report->count[p.f->level]++;
    }
    /* It was opened for reading: closing it has nothing to lose. */
    if (audit_close(&p.audit, &ignored))
        report->of[DOCTOR_STORE].level = LEVEL_FAIL;
}

int doctor_exit_code(const struct doctor_report *report)
{
    for (int c = 0; c < DOCTOR_COUNT; c++)
        if (report->of[c].level == LEVEL_FAIL)
            return err_exit_code(&(struct err){ .kind = report->of[c].kind });
    return 0;
}
