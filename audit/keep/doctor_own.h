/* audit/keep/doctor_own.h: what the checks of doctor.h share. */
#ifndef AUDIT_KEEP_DOCTOR_OWN_H
#define AUDIT_KEEP_DOCTOR_OWN_H
#include "audit/keep/doctor.h"

struct patient {
    struct audit audit;         // dir, set, store, key, as far as they could be had
    const struct opt_list *sets;
    bool offline;
    bool has_settings;          // else those of audit.set are defaults
    bool has_key;
    /* The Date of the first reply, what this machine said then, and how far it may err. */
    int64_t server_at, own_at;
    struct arena *mem;
    struct doctor_report *report;
    struct doctor_finding *f;   // of the check at hand
};
typedef void doctor_fn(struct patient *);
#define X(id, name) doctor_fn doctor_##name;
DOCTOR_CHECKS(X)
#undef X

/* What is; a level is only ever raised. */
void doctor_ok(struct patient *, const char *fmt, ...) PRINTF(2, 3);
void doctor_left_out(struct patient *, const char *fmt, ...) PRINTF(2, 3);
void doctor_warn(struct patient *, const char *todo, const char *fmt, ...) PRINTF(3, 4);
void doctor_fail(struct patient *, enum err_kind, const char *todo, const char *fmt, ...)
    PRINTF(4, 5);
/* A failure in the words of an error of ours. */
void doctor_fail_of(struct patient *, const struct err *, const char *todo);
/* "12.3 MB" */
void doctor_bytes(uint64_t n, char *text, size_t size);
#endif
