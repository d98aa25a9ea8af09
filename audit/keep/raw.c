/* audit/keep/raw.c: the archived bytes behind one item. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/keep/raw.h"
#include "audit/find.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utc.h"
#include "archive/place.h"
#include "store/about.h"

struct telling { struct audit *audit; struct places *bytes; struct buf *out; int64_t last; };

static int tell_exchange(struct telling *t, const struct evidence_row *e, struct err *err)
{
    struct warc_record r = {0};
    struct str text = STR_NONE, id;
    struct buf reply = {0};
    int64_t len = 0;
    int rc = -1;
    char at[UTC_TEXT_MAX];

    if (e->purged_at)
        log_info("request %" PRId64 ": its bytes were purged at %s; their digest is kept",
                 e->request, utc_rfc3339(e->purged_at, at));
    if (!e->file.n) {
        log_info("request %" PRId64 ": its bytes were not kept, their digest alone", e->request);
        return 0;
    }
    if (place_read(t->bytes, e->file, e->offset, &r, &text, &len, err))
        goto out;
    buf_str(t->out, text);
    buf_str(&reply, r.record_id);
    id = buf_view(&reply);
    /* The request lies behind its reply; at the end of a file there is none. */
    if (place_read(t->bytes, e->file, e->offset + len, &r, &text, &len, err) == 0 &&
        str_eq(r.concurrent_to, id))
        buf_str(t->out, text);
    err_clear(err);
    rc = 0;
out:
    buf_release(&reply);
    return rc;
}

static int tell_request(struct telling *t, const struct history_row *h, struct err *err)
{
    struct evidence_cursor *cursor = NULL;
    struct evidence_row e;
    int got;

    if (h->request == t->last)
        return 0;
    t->last = h->request;
    if (store_evidence(t->audit->store, EVIDENCE_OF_REQUEST, h->request, &cursor, err))
        return -1;
    while ((got = evidence_cursor_next(cursor, &e, err)) > 0)
        if (tell_exchange(t, &e, err)) {
            got = -1;
            break;
        }
    evidence_cursor_close(cursor);
    return got;
}

static int tell_requests(struct telling *t, int64_t item, struct err *err)
{
    struct about *about = NULL;
    const struct about_item *is;
    int rc = store_about(t->audit->store, &item, 1, &about, err);

    if (rc == 0 && (is = about_item(about, item)))
        for (size_t i = 0; rc == 0 && i < is->pasts; i++)
            rc = tell_request(t, &is->past[i], err);
    about_free(about);
    return rc;
}

int raw_of_item(struct audit *audit, const char *what, struct buf *out, struct err *err)
{
    struct telling t = { .audit = audit, .out = out };
    char *dir;
    int64_t item = 0;
    int rc;

    if (find_item(audit, what, &item, err))
        return -1;
    dir = file_join(audit->dir, "evidence");
    t.bytes = places_new(dir);
    free(dir);
    rc = tell_requests(&t, item, err);
    places_free(t.bytes);
    return rc;
}
