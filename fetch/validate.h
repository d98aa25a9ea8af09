/* fetch/validate.h: the platform's validity check ("batch compliance"): a text
 * file of up to 10,000 ids goes in, a list of those that are still valid comes
 * out, some minutes later.
 * Shape:  three calls below /v2/research/: validation_task/create/ (a form with
 *         file_data and category), validation_task_status/get/ (Completed,
 *         Processing, Failed), validation_task/download/ (one id a line). Each
 *         is charged.
 * Source: the platform's page "batch compliance APIs", 2025. */
#ifndef FETCH_VALIDATE_H
#define FETCH_VALIDATE_H
#include "fetch/run.h"
#include "platform/tiktok.h"
#include "record/sink.h"
#include "record/source.h"

/* Requests of WITNESS_VALIDATION with up to VALIDATE_MAX members; those on the
 * list came back. Where members are canaries and none of them is on the list,
 * the list is no answer: the request is closed as incomplete ("no_canary").
 * Errors: as fetch_run. */
MUST_CHECK int validate_run(const struct fetch_opts *, struct ask_source *, struct sink *,
                            struct fetch_result *, struct err *);
/* The downloaded list: marks the members that are on it. False where it is cut
 * in the middle of an id. *strange: lines that are no id of a member. */
bool validate_read(struct str text, struct request *, int *strange);
#endif
