/* audit/keep/doctor.h: would the next run work? Settings, rules, folder, store, archive,
 * ledger, key, either side, clock and programs are looked at one by one; what is wrong
 * with one keeps no other from being looked at. Nothing is changed.
 *
 * Either side is asked once at most: the API for a token, the site for one page; nothing of
 * that is charged or kept. A finding is what is, and what to do about it.
 * To add a check copy doctor_tools.c: a doctor_fn there, a line in DOCTOR_CHECKS.
 *
 * Ownership: texts live in the arena that doctor_run was handed.
 * Errors:    none of its own: what cannot be looked at is a finding. */
#ifndef AUDIT_KEEP_DOCTOR_H
#define AUDIT_KEEP_DOCTOR_H
#include "audit/audit.h"
#include "base/arena.h"

/* In the order in which `audit` would meet them. */
#define DOCTOR_CHECKS(X) \
    X(SETTINGS, settings) X(RULES, rules) X(FOLDER, folder) X(STORE, store) \
    X(ARCHIVE, archive) X(KEY, key) X(QUOTA, quota) X(API, api) X(PAGE, page) X(CLOCK, clock) \
    X(FIGURES, figures) X(BROWSER, browser) X(LIBRARIES, libraries)
enum doctor_check {
#define X(id, name) DOCTOR_##id,
    DOCTOR_CHECKS(X)
#undef X
    DOCTOR_COUNT
};
enum doctor_level {
    LEVEL_OK,
    LEVEL_LEFT_OUT,             // --offline, or it needs what failed
    LEVEL_WARN,                 // a run goes on, and something will be missing or late
    LEVEL_FAIL,                 // a run ends there
    LEVEL_COUNT
};
const char *doctor_check_name(enum doctor_check);
const char *doctor_level_name(enum doctor_level);       // "ok", "left_out", "warn", "fail"

struct doctor_finding {
    enum doctor_level level;
    enum err_kind kind;         // of a failure: what the run that meets it would end with
    struct str is, todo;        // a sentence without its stop; "" where there is nothing to do
};
struct doctor_report {
    struct doctor_finding of[DOCTOR_COUNT];
    int count[LEVEL_COUNT];
    int api_requests, page_requests;    // that were sent
};
/* The audit in dir, or what a new one there would meet. */
void doctor_run(const char *dir, const struct opt_list *sets, bool offline, struct arena *,
                struct doctor_report *);
/* The exit code of a run that starts now: that of the first failure, else 0. */
int doctor_exit_code(const struct doctor_report *);
#endif
