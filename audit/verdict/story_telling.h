/* audit/verdict/story_telling.h: what the files that tell a story share (_tell.c, _past.c).
 * Who gets to see it decides what is told of people: with a look (pages, cases/) handles are
 * pseudonyms, and what a post says is told only of one that anybody can open. */
#ifndef AUDIT_VERDICT_STORY_TELLING_H
#define AUDIT_VERDICT_STORY_TELLING_H
#include "audit/verdict/story.h"

struct telling {
    struct story *s;
    struct told_story *to;
    bool may_follow;    // anybody can open the post, as far as is known
};
void tell_add(struct telling *, enum told, struct str, struct str);
/* A line of one text; a fact, by its name. */
void tell(struct telling *, enum told, const char *fmt, ...) PRINTF(3, 4);
void tell_fact(struct telling *, const char *name, const char *fmt, ...) PRINTF(3, 4);

/* Texts of the story's arena: outside text with its controls shown; an instant; a handle, as the
 * look has it; what a field, or a fact of the rules, says that may be told. */
struct str telling_safe(struct story *, struct str outside);
struct str telling_instant(struct story *, int64_t at);
struct str telling_set(struct story *, struct str members);    // apart by blanks
struct str telling_handle(struct story *, struct str handle);
struct str telling_field(struct telling *, enum field, const struct value *);
struct str telling_fact(struct telling *, const struct expr *);

void story_tell_past(struct telling *);
#endif
