/* audit/verdict/accounts.h: the accounts of all items, with what the statistics say of
 * each (classify/account.h). */
#ifndef AUDIT_VERDICT_ACCOUNTS_H
#define AUDIT_VERDICT_ACCOUNTS_H
#include "audit/view.h"
#include "classify/account.h"

/* The accounts that the labels rest on, made when they are first asked of a view
 * that is held: they go with it. */
MUST_CHECK int accounts_hold(struct audit *, const struct view *, const struct account_table **,
                             struct err *);
#endif
