/* audit/turn/read_due.h: which pages are to be read: of silent items all, of retrieved
 * ones the seeded sample; again where a confirmation or a late check needs it; oEmbed or the
 * embed page where a refusal hangs on them; short links. At a vantage other than the audit's first:
 * what page.elsewhere says, and nothing else; at the first once more what is public here and was
 * refused there since. In an order shuffled by the seed, so that no account is
 * hit in a row.
 *
 * Memory: 16 bytes a page. */
#ifndef AUDIT_TURN_READ_DUE_H
#define AUDIT_TURN_READ_DUE_H
#include "audit/audit.h"
#include "audit/turn/blocked.h"
#include "silence/view.h"

enum read_why {
    WHY_PAGE,
    WHY_OWED,     // its embed page alone was read
    WHY_RECHECK,
    WHY_SAMPLE,
    WHY_EMBED,    // of a page that refused, or before all others
    WHY_OEMBED,
    WHY_LINK,
    WHY_CANARY,
    WHY_LATE,
    WHY_AGAIN,    // public, and refused at another vantage since
    WHY_ELSEWHERE
};
/* item: of a link, its place in read_list.link; instead: who is asked where the site stops the
 * run of the witness that `why` names, WITNESS_COUNT: nobody; said: what the witness that is
 * asked now decided, ANSWER_COUNT: nothing yet. */
struct due_page { uint64_t rank; uint32_t item; uint8_t why, instead, said; };
struct due_link { int64_t n; char *url; };
_Static_assert(sizeof(struct due_page) == 16, "one for every page of a pass");

struct read_due {
    int64_t pages, rechecks, sample, embed, oembed, links, canaries, late, again, elsewhere,
        given_up;
    int64_t links_waiting;         // short links that were tried today without an answer
    int64_t waiting;    // of all: blocked alone today, so read again on another day
    int64_t owed_waiting;    // their embed page alone was read today: the page on another day
};
/* Whether this witness may be asked for what a page of that list is read for. */
bool read_why_asks(enum read_why, enum witness);
struct read_list {
    struct audit *audit;
    struct due_page *v; size_t n, cap;
    struct due_link *link; size_t links, link_cap;
    uint64_t salt;
    int64_t vantage;
    struct blocked blocked;
    struct read_due *count;
    bool counts;                // nothing is read: of millions only the numbers are wanted
};
/* Before anything is written: what a list is made of, beside the view, is asked of a server along
 * with whatever is waited for next. */
MUST_CHECK int read_expect(struct audit *, struct err *);
/* What can be read from here, counted into *due. read_list_release ends it, in any case. */
MUST_CHECK int read_list_make(struct read_list *, struct audit *, const struct view *,
                              struct read_due *, struct err *);
void read_list_release(struct read_list *);
/* By which they are in order: of a post, from its id. */
uint64_t read_list_rank(const struct read_list *, uint64_t id);
/* What a pass would read now, of a further vantage also what is left for the first one;
 * sends nothing. */
MUST_CHECK int read_due(struct audit *, const struct view *, struct read_due *, struct err *);
/* Where page.first names a witness: this item, of which the API was never asked, is to be asked
 * there first. */
bool read_first(const struct settings *, const struct item_row *);
#endif
