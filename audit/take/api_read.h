/* audit/take/api_read.h: a file of API-side answers, whatever it is, read to its end;
 * what its replies and rows mean is the taker's business.
 * Lives beside it: api_put (rows become requests), load_api (each reply for itself),
 * load_asked (all replies of a command answer one list of ids). A further format is a
 * reader in fetch/ or store/, and a line in api_read. */
#ifndef AUDIT_TAKE_API_READ_H
#define AUDIT_TAKE_API_READ_H
#include "audit/take/loading.h"
#include "fetch/saved.h"

struct api_taker {
    /* at: WARC-Date, or that of the log_id, 0 where neither. */
    int (*reply)(void *to, const struct reply *, int64_t at, struct str text, struct err *);
    int (*row)(void *to, const struct kept_row *, struct str text, struct err *);
    void *to;
};
/* Adds to digest what it read. Errors: ERR_INPUT for a file that holds neither; what the
 * taker says. Of parts that cannot be read the loading's result tells. */
MUST_CHECK int api_read(struct loading *, const struct api_taker *, struct digest *, struct err *);
#endif
