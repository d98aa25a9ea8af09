/* audit/rulebook.h: a file of rules with the lists that its conditions refer to, as text:
 * so that two audits can be asked whether theirs are the same, and both be labelled by one.
 *
 * Ownership: what rulebook_read or rulebook_shipped filled, rulebook_release frees; both
 *            accept a zeroed struct. Rules that were parsed from it stand by themselves. */
#ifndef AUDIT_RULEBOOK_H
#define AUDIT_RULEBOOK_H
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "classify/rule.h"

struct rulebook {
    char *name;                  // what errors call the file
    struct buf text;
    struct rulebook_list { char *name; struct buf text; } *list;
    size_t n, cap;
    struct digest digest;        // of the text, as summary.json has it
    struct digest whole;         // of the text and of the lists
};
/* The lists lie beside the file. Errors: ERR_USAGE with file and line where they are no
 * rules; ERR_IO. */
MUST_CHECK int rulebook_read(struct rulebook *, const char *path, struct err *);
/* The rules that this program ships, which `init` writes into a new audit. */
MUST_CHECK int rulebook_shipped(struct rulebook *, struct err *);
MUST_CHECK int rulebook_parse(const struct rulebook *, struct rules **, struct err *);
bool rulebook_same(const struct rulebook *, const struct rulebook *);
void rulebook_release(struct rulebook *);
#endif
