/* import/escape.h: the ways in which texts, pages and links spell a link's letters: %2F,
 * \/ and \u002F, &amp; and its like.
 * Ownership: what is undone lies in out, which may be the text itself: no escape is shorter
 *            than what it stands for. */
#ifndef IMPORT_ESCAPE_H
#define IMPORT_ESCAPE_H
#include <stdbool.h>
#include "base/str.h"

/* Length of "http" or "https" at the start, else 0. */
static inline size_t escape_http_len(struct str s)
{
    if (s.n < 7 || (s.p[0] | 0x20) != 'h' || (s.p[1] | 0x20) != 't' || (s.p[2] | 0x20) != 't' ||
        (s.p[3] | 0x20) != 'p')
        return 0;
    return (s.p[4] | 0x20) == 's' ? 5 : 4;
}
/* Behind http or https, n long: the length of both where "://" is spelled otherwise. */
size_t escape_odd_scheme_len(struct str s, size_t n);
/* Length of the scheme with its "://"; *escaped where it is spelled otherwise. */
static inline size_t escape_scheme_len(struct str s, bool *escaped)
{
    size_t n = escape_http_len(s);

    *escaped = false;
    if (!n || s.n <= n)
        return 0;
    if (s.p[n] == ':' && s.n >= n + 3 && s.p[n + 1] == '/' && s.p[n + 2] == '/')
        return n + 3;
    if (s.p[n] != ':' && s.p[n] != '%' && s.p[n] != '\\' && s.p[n] != '&')
        return 0;
    n = escape_odd_scheme_len(s, n);
    *escaped = n > 0;
    return n;
}
struct str escape_undo_percent(struct str s, char *out, size_t max);
struct str escape_undo_text(struct str s, char *out, size_t max);
#endif
