/* audit/turn/account_pages.h: the embed pages of accounts (/embed/@HANDLE), read once for each
 * account of refused posts whose refusal may hang on the account: whether it is private, or gone,
 * or there. Second evidence: it stands beside what the posts' pages said (store/frame.h, rows
 * that nobody has seen on a feed; page_answer), rules see it as account.page.
 *
 * Only where page.witnesses has embed: one that is left out is never asked. */
#ifndef AUDIT_TURN_ACCOUNT_PAGES_H
#define AUDIT_TURN_ACCOUNT_PAGES_H
#include "audit/audit.h"

/* Accounts: those that would be read now, and with them those of whom a post may yet be refused.
 * Of accounts whose handle no link names neither is known. */
struct account_pages_due { int64_t due, most; };
/* How many, for whoever walks the items that were never asked anyway: each of them is taken, and
 * account_pages_due looks up the others, where there are silent ones. Sends nothing. NULL where
 * embed pages are not asked: then nothing is counted. */
struct account_pages_count;
MUST_CHECK int account_pages_count(struct account_pages_count **, struct audit *, struct err *);
void account_pages_take(struct account_pages_count *, const struct item_row *);
MUST_CHECK int account_pages_due(struct account_pages_count *, bool silent,
                                 struct account_pages_due *, struct err *);
void account_pages_count_free(struct account_pages_count *);
/* Reads what is due, and adds what was sent to *sum. A site that blocks here is told and ends
 * nothing: those accounts are asked with the next run. Errors: ERR_IO, ERR_STOPPED. */
MUST_CHECK int account_pages_read(struct audit *, struct scrape_result *sum, struct err *);
#endif
