/* scrape/book.c: put, count, commit. */
#include <stdio.h>
#include "base/log.h"
#include "base/utc.h"
#include "scrape/book.h"

#define COMMIT_EVERY 64            // answers, unless they come fast
#define COMMIT_GAP_MS 250
#define COMMIT_SHARE 32            // of the time one part may go by in waiting for commits

static void count_answer(struct book *b, const struct answer *a)
{
    struct scrape_result *out = b->out;

    if (a->witness == WITNESS_SHORT) {
        out->links++;
        out->links_resolved += a->kind == ANSWER_RESOLVED;
        out->links_dead += a->kind == ANSWER_REFUSED;
        out->links_open += a->kind == ANSWER_NO_ANSWER;
    } else {
        *(a->witness == WITNESS_PAGE     ? &out->pages
          : a->witness == WITNESS_OEMBED ? &out->oembed
          : a->witness == WITNESS_EMBED  ? &out->embeds
                                         : &out->creators) += 1;
        out->is_public += a->kind == ANSWER_PUBLIC;
        out->refused += a->kind == ANSWER_REFUSED;
        out->no_answer += a->kind == ANSWER_NO_ANSWER;
    }
    if (a->kind == ANSWER_NO_ANSWER && a->why == NO_ANSWER_BLOCKED_ALONE)
        out->blocks.n--;    // it was counted as one when it came in
    if (a->witness == WITNESS_SHORT)
        return;
    if (a->kind != ANSWER_NO_ANSWER && a->witness == WITNESS_PAGE)
        counted_add(&out->engine[a->engine], 1, a->at);
    if (a->kind != ANSWER_NO_ANSWER)
        counted_add(&out->generation[a->generation], 1, a->at);
    else if (a->witness != WITNESS_OEMBED && !no_answer_is_block(a->why))
        counted_add(&out->unread[a->why], 1, a->at);
    log_progress_of(&(struct log_count){ "read", "pages", out->pages + out->oembed + out->embeds +
                                                             out->creators,
                                         b->expected },
                    "%lld public, %lld refused, %lld without answer", (long long)out->is_public,
                    (long long)out->refused, (long long)out->no_answer);
}

static bool commit_is_due(const struct book *b)
{
    const int64_t gap_ms = b->took_ms * COMMIT_SHARE > COMMIT_GAP_MS ? b->took_ms * COMMIT_SHARE
                                                                     : COMMIT_GAP_MS;

    return b->uncommitted >= SINK_COMMIT_MOST ||
           (b->uncommitted >= COMMIT_EVERY && utc_real_ms() - b->committed_ms >= gap_ms);
}

int book_put(struct book *b, struct request *req, struct answer *a, struct evidence evidence,
             struct err *err)
{
    bool decided = a->kind != ANSWER_NO_ANSWER;

    a->id = req->member->id;
    a->item = req->member->item;
    a->witness = req->witness;
    a->request = req->n;
    a->evidence = req->evidence = evidence;
    req->complete = decided;
    req->rows = a->kind == ANSWER_PUBLIC;
    req->member->came_back = a->kind == ANSWER_PUBLIC;
    snprintf(req->error_code, sizeof req->error_code, "%s",
             decided ? "ok" : no_answer_name(a->why));
    if (b->sink->put(b->sink->to, req, a, err) || b->sink->done(b->sink->to, req, err))
        return -1;
    count_answer(b, a);
    b->uncommitted++;
    return commit_is_due(b) ? book_commit(b, err) : 0;
}

int book_spare(struct book *b, enum witness w, const struct ask_member *v, size_t n,
               struct err *err)
{
    if (!b->sink->spare || n == 0)
        return 0;
    if (b->sink->spare(b->sink->to, w, v, n, err))
        return -1;
    b->uncommitted += b->uncommitted == 0;
    return 0;
}

int book_commit(struct book *b, struct err *err)
{
    const int64_t began_ms = utc_real_ms();
    int rc;

    if (b->uncommitted == 0)
        return 0;
    b->uncommitted = 0;
    rc = b->sink->commit(b->sink->to, err);
    b->committed_ms = utc_real_ms();
    b->took_ms = b->committed_ms - began_ms;
    return rc;
}
