/* base/words.h: closed sets of words, written as people read them: "csv|jsonl".
 * One spelling serves the help, the completions, the check and the sentence of an error. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H
#include "base/str.h"

/* The next word of the set off *rest; false when there is none left. */
bool words_next(struct str *rest, struct str *word);
bool words_has(const char *words, struct str word);
/* "csv or jsonl", "auto, always or never", behind what out holds. */
void words_list(struct buf *out, const char *words);
/* 0, or, behind "option --format expects": "csv or jsonl, not \"cvs\"; did you mean csv?".
 * Errors: ERR_USAGE. */
MUST_CHECK int words_check(const char *words, const char *word, const char *begin, struct err *);
#endif
