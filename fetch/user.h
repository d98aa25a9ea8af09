/* fetch/user.h: what the API says of an account by its name: a query by
 * username over one window, of which the rows are counted, and user/info.
 * Two requests of WITNESS_USERNAME, each charged; the answer goes to sink.user.
 * Source: research-api-specs-query-videos and -query-user-info; the words of
 *         refusals are those that public clients met (2024 to 2026). */
#ifndef FETCH_USER_H
#define FETCH_USER_H
#include "fetch/run.h"
#include "record/sink.h"
#include "record/source.h"

/* Errors: as fetch_run. found counts members of the windows that came back. */
MUST_CHECK int user_run(const struct fetch_opts *, struct user_source *, struct sink *,
                        struct fetch_result *, struct err *);
#endif
