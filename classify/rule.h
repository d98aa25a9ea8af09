/* classify/rule.h: gaps -> labels, first match wins.
 *
 * Lives in classify/: rules and their conditions (expr), the statistics of accounts that
 * rules may ask for (account), the shipped rules (default.rules, defaults). To add a rule
 * copy one in default.rules; an operator is a function and a row in expr.c; a name that
 * rules may use is a line in record/fact.def and its value in audit/verdict/facts.c.
 *
 * Shape:     rules.ini, one section a rule, tried in the order of the file; its
 *            `when` conditions (classify/expr.h) must all hold.
 *            label, reason, basis, source    as in record/label.h; label must be
 *                there. A missing reason is the label's only one (or none), a
 *                missing basis is not_public for deleted and private, else
 *                unexplained.
 *            since, until = DATE     days on which the documentation announced
 *                the exclusion, both included
 *            disputed = DATE..DATE   days on which two of its pages disagreed
 * Ownership: struct rules owns everything that a struct rule shows.
 * Threads:   one set of rules is for one thread at a time.
 * Errors:    ERR_USAGE with file and line. */
#ifndef CLASSIFY_RULE_H
#define CLASSIFY_RULE_H
#include <stdbool.h>
#include "classify/expr.h"
#include "record/fact.h"
#include "record/hits.h"
#include "record/label.h"

struct rule {
    struct str name, source;
    enum label label; enum reason reason; enum basis basis;
    int64_t since, until;                      // UTC days; INT64_MIN and INT64_MAX where not given
    int64_t disputed_from, disputed_until;     // from > until where not given
    int line;                                  // of its section
    size_t no;                                 // place in the file, from 0
    const struct expr *when; size_t len;       // as they are tried: cheap ones first
    const struct str *written;                 // len conditions in the order of the file
};
struct rules;

/* name is what errors call the text ("rules.ini"). A text without any rule is
 * an error too: it would label nothing. */
MUST_CHECK int rules_parse(struct rules **, const char *name, struct str text,
                           const struct rules_loader *, struct err *);
void rules_free(struct rules *);                                   // accepts NULL
size_t rules_len(const struct rules *);
const struct rule *rules_at(const struct rules *, size_t no);

/* The first rule before number `end` (rules_len: all of them) that holds; NULL when
 * no rule speaks. Nor does any behind one of
 * which nobody can tell, since a pattern of it was given up and all else in it
 * holds: that one is *gave_up then, which is NULL otherwise. */
const struct rule *rules_match(const struct rules *, const struct facts *, size_t end,
                               const struct rule **gave_up);
/* Every rule that holds; *gave_up: every one of which nobody can tell. */
struct hits rules_hits(const struct rules *, const struct facts *, struct hits *gave_up);

/* The basis on the UTC day on which the API was last asked: disputed within
 * its days; documented outside since..until is unexplained. */
enum basis rule_basis(const struct rule *, int64_t api_last_day);

/* What the caller may leave out of the facts because no rule looks at it. */
bool rules_need(const struct rules *, enum fact);
/* The first rule that looks at account.trials, .chance or .q; rules_len where
 * none does. Trials are what no rule before it matches. */
size_t rules_before_account(const struct rules *);
#endif
