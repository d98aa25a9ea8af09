/* audit/turn/read.h: which pages are read next: of silent items all, of retrieved
 * ones the seeded sample; again where a confirmation or a late check needs it;
 * oEmbed where a refusal hangs on it; short links. At a vantage other than the
 * audit's first: what was refused there, and nothing else. In an order shuffled by the seed, so
 * that no account is hit in a row. */
#ifndef AUDIT_TURN_READ_H
#define AUDIT_TURN_READ_H
#include "audit/audit.h"
#include "silence/view.h"
#include "scrape/scrape.h"

struct read_due {
    int64_t pages, rechecks, sample, oembed, links, canaries, late, elsewhere, given_up;
};
/* Where page.first = oembed: this item, never asked, is to be asked there first. */
bool read_oembed_first(const struct settings *, const struct item_row *);
/* What a pass would read now; sends nothing. */
MUST_CHECK int read_due(struct audit *, const struct view *, struct read_due *, struct err *);
/* Reads it. What is due takes 16 bytes a page, and the view is forgotten once
 * that is known. Errors: as scrape_run. */
MUST_CHECK int read_pass(struct audit *, struct read_due *, struct scrape_result *, struct err *);
/* Draws the sample of retrieved items: once, when round 1 has closed. */
MUST_CHECK int read_draw_sample(struct audit *, struct err *);
#endif
