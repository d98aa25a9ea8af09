/* tests/soak/arms.h: the arms that send, without a network: requests of the
 * audit's own sources are answered by the platform and by the world's pages,
 * into the audit's own sink. It moves the test clock as it goes and keeps watch:
 * what a request must never do is counted here, from what the arms were told. */
#ifndef TESTS_SOAK_ARMS_H
#define TESTS_SOAK_ARMS_H
#include "audit/audit.h"
#include "tests/soak/platform.h"

struct track {                      // of one item; what it was told counts from its commit
    bool found;                     // came back from the API
    bool chance;                    // the API held it at the time of at least one ask
    bool told_dead, told_public;    // its page said so, and nothing else since
    bool read;                      // a page of it gave a decisive answer
};
#define SOAK_DAYS_MAX 60
struct watch {
    int64_t requests;               // sends of queries that were charged
    int64_t others;                 // the same of validity checks and questions about accounts
    int64_t read;                   // pages of the site, whichever witness
    int64_t per_day[SOAK_DAYS_MAX + 2];
    int64_t over_quota;             // sends beyond the allowance of their UTC day
    int64_t wrong_window;    // asks whose window holds none of the days that the item may have
    int64_t dead_beside_open;       // ids told dead that shared a query with open ones
    int64_t malformed;              // more than 100 ids, more than 30 days, or an id twice
};
struct arms {
    struct platform platform;
    struct track *track;            // by place in the world
    struct watch watch;
    int64_t daily, now_ms;
    double ask_ms, page_ms;         // the clock moves that far for each send
    int clock;                      // descriptor of the clock file
    uint64_t number;
    int64_t lives;                  // instants until this process kills itself; 0 = never
};
/* The one simulation of this process: the answerers carry no pointer of ours. */
extern struct arms *soak_arms;
extern const struct answerers soak_answerers;
void soak_clock(struct arms *, int64_t ms);
int64_t soak_now(const struct arms *);    // UTC seconds
/* An instant at which the process may die: kill -9, by its own hand. */
void soak_mortal(struct arms *);
/* What the API and the page both say of a post. Texts live in the arena. */
void soak_record(const struct arms *, const struct world_item *, struct arena *, struct record *);
/* What came in, for the watch; it counts from its commit. */
enum news { NEWS_FOUND, NEWS_PUBLIC, NEWS_DEAD, NEWS_REFUSED };
void soak_note(const struct world_item *, enum news);
void soak_committed(const struct arms *);
/* The account that goes by this name now; NULL where none does. */
const struct world_account *soak_account(const struct arms *, struct str handle);
/* Every post of it, at least one. */
bool soak_all_are(const struct arms *, const struct world_account *, enum reason);
/* One charged send: the clock moves, the day counts it, the process may die. */
void soak_sent(struct arms *, enum witness);
fetch_fn soak_fetch;
validate_fn soak_validate;
user_fn soak_users;
scrape_fn soak_scrape;
#endif
