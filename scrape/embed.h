/* scrape/embed.h: what the site's pages for its own iframes (/embed/v2/ID, /embed/@HANDLE) have
 * in common: one script with the state, in it one object by the path that was asked for.
 * Shape:     the object is the member of source.data whose name begins with /embed/; a query or a
 *            slash may stand behind the path.
 * Ownership: nodes live until embed_release; the page is borrowed.
 * Source:    captures and clients of 2026-07 to 2026-10. The pages are internal: an unknown
 *            shape is no answer, never "gone". */
#ifndef SCRAPE_EMBED_H
#define SCRAPE_EMBED_H
#include <stdbool.h>
#include "base/http.h"
#include "base/inflate.h"
#include "record/answer.h"
#include "scrape/state.h"

#define EMBED_MAX ((size_t)8 << 20)    // a page has 0.3 MB

struct embed_page {
    struct state state;
    const struct json *route;    // NULL: the page has none
    struct str path;             // its name, "/embed/@somebody?lang=en"
    bool doubled;                // a key of it stands twice with two values
};
/* NO_ANSWER_NONE: route is there. whole: by libxml2 and the whole text. */
enum no_answer embed_open(struct embed_page *, struct str html, bool whole, struct arena *);
void embed_release(struct embed_page *);
/* Of the exchange: NO_ANSWER_NONE where its body may hold an answer, which is so for a status of
 * 400 as well, and the decoded body. scratch holds it until its next use. */
enum no_answer embed_body(const struct http_exchange *, struct inflate *, struct buf *scratch,
                          struct str *body);
/* What the exchange makes of an answer that was read from its body; why: of embed_body. */
enum no_answer embed_end(const struct http_exchange *, enum no_answer why, const struct answer *);
/* The fast way found nothing in a page that has a state. */
bool embed_wants_whole(struct str html, const struct answer *);
/* The answer becomes none; NO_ANSWER_NONE: nothing is said yet. */
void embed_no_answer(struct answer *, enum no_answer why);
#endif
