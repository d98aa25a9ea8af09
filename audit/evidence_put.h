/* audit/evidence_put.h: the closed files of an audit's own evidence/ are put into the bucket that
 * evidence.bucket names, as far as that goes: what does not get there stays here alone, a sentence
 * says so, and the next run that writes begins with it. */
#ifndef AUDIT_EVIDENCE_PUT_H
#define AUDIT_EVIDENCE_PUT_H
#include "record/settings.h"
#include "store/store.h"

/* dir: the archive's folder. Where each lies stands in the store once the bucket has it. */
void evidence_put(struct store *, const struct settings *, const char *dir);
/* What became of a file, in a sentence for a person; nothing where it lies there. */
struct sender;
struct sent_news;
void evidence_put_tell(const struct sender *, const struct sent_news *);
/* How many were left when no more was tried. */
void evidence_put_left(const struct sender *, size_t files);
#endif
