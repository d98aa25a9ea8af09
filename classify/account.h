/* classify/account.h: which items belong to one account, and whether an
 * account that returned nothing is missing by chance.
 *
 * Account: a component of the graph of author ids and handles that were seen
 * together on an item's page, in its API row or in its link. Handles are
 * compared in lower case. A handle seen with two author ids joins nothing, and
 * neither does a link's handle that is "_", "i", empty or a secUid. An item
 * without any key that joins belongs to no account. */
#ifndef CLASSIFY_ACCOUNT_H
#define CLASSIFY_ACCOUNT_H
#include <stdint.h>
#include "base/str.h"
#include "record/answer.h"
#include "record/creator.h"

enum account_from { ACCOUNT_FROM_PAGE, ACCOUNT_FROM_API, ACCOUNT_FROM_LINK };

/* Memory: 8 bytes an item and 12 to 20 a key; 10 million items of 3 million
 * accounts need about 220 MB. Handles are kept as 63-bit hashes: among 10
 * million the odds of one wrong join are 1 to 180,000. Author ids that are
 * numbers are kept as they are. */
struct account_graph;
struct account_graph *account_graph_new(void);
void account_graph_free(struct account_graph *);       // accepts NULL
/* What one source says of item n (the store's number, from 1, dense). Either
 * text may be STR_NONE. Any order, any number of times. */
void account_graph_add(struct account_graph *, int64_t n, struct str author_id, struct str handle,
                       enum account_from);
/* Joins; nothing may be added afterwards. Returns the number of accounts. */
int64_t account_graph_finish(struct account_graph *);
/* 1 .. accounts in the order of their first item; 0 = none. Also for items
 * that were never added. */
int64_t account_of(const struct account_graph *, int64_t n);

struct account_stat {
    /* counted by the caller */
    int64_t items, asked, retrieved;   // retrieved: by the API, whatever the rules say
    int64_t public_items, canada;    // public on their page at least once; of those made in Canada
    int64_t trials,
        trials_retrieved;    // public and confirmed, or retrieved; matched by no earlier rule
    enum user_info info;               // what user/info said last; NONE = not asked, or no answer
    bool query_ok; int query_rows;     // rows of a query by username, where one was answered
    bool has_videos; int64_t videos;   // of user/info: posts that the account has
    enum creator_standing page;    // what its embed page said last; UNREAD = not asked, no answer
    int64_t page_at;               // of that answer
    /* by account_stats; NAN = absent */
    double canada_share, chance, q;
};
struct account_model {
    double b, rho;                     // NAN where no account has a retrieved trial
    int64_t fitted;                    // accounts with at least one
    int64_t tested;                    // accounts with trials >= min_items
};
/* chance: the probability that none of the trials is retrieved, at the rate b
 * and correlation rho of the accounts with at least one retrieved trial; 1
 * where the account has a retrieved post. q: after Benjamini-Hochberg over all
 * accounts with at least min_items trials. Both stay absent where nothing was
 * retrieved from anyone, q also for accounts with fewer trials. */
struct account_model account_stats(struct account_stat *, size_t len, int64_t min_items);

/* Accounts of all items, with what the statistics say of each. */
struct account_table {
    struct account_graph *graph;
    struct account_stat *v; size_t n;       // v[account]; 0 is no account
    struct account_model model;
};
/* The account of that number, as a label has it; NULL where there is none. */
const struct account_stat *account_table_find(const struct account_table *, int64_t account);
void account_table_free(struct account_table *);        // accepts NULL
#endif
