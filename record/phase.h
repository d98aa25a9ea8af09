/* record/phase.h: what an audit's phases cost: as planned, with a range, and as
 * it came.
 *
 * Shape:  one phase for each purpose that calls are spent on, in the order in
 *         which they mostly come.
 * Units:  calls: each send to the API is charged to the day's quota; pages, oEmbed and embed
 *         pages, of posts or of accounts, are calls of the site. Days are UTC days on which a
 *         phase sends.
 * Time:   a plan is of the whole audit as far as its items were known then:
 *         what had been sent and what was still to come. */
#ifndef RECORD_PHASE_H
#define RECORD_PHASE_H
#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"
#include "record/answer.h"

/* id, name, words, side. A purpose of its own gets a line here, and in record/phase.c the
 * role or the witness whose calls are its own. */
#define PHASES(X) \
    X(OEMBED, "oembed", "oEmbed", SITE) \
    X(EMBED, "embed", "embed pages", SITE) \
    X(ROUND_1, "round_1", "round 1", API) \
    X(PAGES, "pages", "pages", SITE) \
    X(ACCOUNT_PAGES, "account_pages", "accounts' embed pages", SITE) \
    X(CONFIRMING, "confirming", "confirming rounds", API) \
    X(SPOT, "spot_check", "checks by single ids", API) \
    X(FORENSIC, "forensic", "forensic batches", API) \
    X(LATE, "late_check", "late checks", API) \
    X(VALIDATION, "validation", "validity check", API) \
    X(ACCOUNTS, "accounts", "accounts by name", API)
enum phase {
#define X(id, name, words, side) PHASE_##id,
    PHASES(X)
#undef X
    PHASE_COUNT
};
const char *phase_name(enum phase);
const char *phase_words(enum phase);
bool phase_is_of_api(enum phase);
/* Which phase a query belongs to, by the highest role of its ids; round: of the request.
 * PHASE_COUNT: a role that is none, as a damaged store may hold. */
enum phase phase_of_query(enum ask_role, int round);
/* The same of any call: nothing but the request says it, so a kill loses nothing of it.
 * PHASE_COUNT: none, or a witness that is none. */
enum phase phase_of_call(enum witness, enum ask_role, int round);

struct span { int64_t low, mid, high; };
struct phase_plan { struct span calls, days; };
struct phase_done { int64_t calls, days; };

/* A plan that was kept: known false where none was. */
struct plan_kept { bool known; int64_t items; struct phase_plan phase[PHASE_COUNT]; };
struct phases {
    struct plan_kept before;            // as it stood before the first request
    struct plan_kept after;             // ... and when round 1 closed
    struct phase_done done[PHASE_COUNT];
};
/* Something was planned or came of it: a line worth showing. */
bool phases_has(const struct phases *, enum phase);
/* Text for the store and back: a line "items N", then one a phase, "NAME calls
 * low mid high days low mid high". A phase without a line costs nothing; lines
 * of other names are passed over. False where it is no such text. */
void plan_kept_print(const struct plan_kept *, struct buf *out);
bool plan_kept_read(struct str text, struct plan_kept *);
#endif
