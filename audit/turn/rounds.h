/* audit/turn/rounds.h: asks and reads in turn, as far as it can get now.
 *
 * What lives in this room, the lower before what stands on it:
 *     room compose     how a batch is made up            cost guess forecast   what is to come
 *     ask_kind ask_*   the kinds of asks, one file each  ask                   hands them out
 *     outage_watch     is the API answering at all?      round_1               has it closed?
 *     read_due read read_sample                          the pages
 *     validity accounts witness                          the API's other answers
 *     ways plan        what the audit will cost          outlook status        what is left of it
 * To add a kind of ask copy ask_check.c (audit/turn/ask_kind.h lists them); another witness
 * of the API, validity.c. */
#ifndef AUDIT_TURN_ROUNDS_H
#define AUDIT_TURN_ROUNDS_H
#include "audit/audit.h"

struct progress {
    int64_t requests, sends, pages, public, refused, no_answer, found;
    int64_t beside;               // embed pages and oEmbed: counted in public and so on as well
    int64_t accounts;             // their embed pages that were asked for
    int64_t links, links_resolved, links_dead, links_open;   // short links followed
    int64_t controls;             // of the pages: read to see whether the site is to blame
    bool quota, blocked;          // why it stopped early
    struct err why;               // the sentence; ERR_NONE where nothing stopped it
};
enum rounds_do { ROUNDS_ASK = 1, ROUNDS_READ = 2 };
/* Does what is due until nothing is, the day's quota is used, or the site
 * blocks. Errors: ERR_AUTH, ERR_IO, ERR_STOPPED; quota and blocks are no error
 * here but stand in *progress. */
MUST_CHECK int rounds_run(struct audit *, int what, struct progress *, struct err *);
#endif
