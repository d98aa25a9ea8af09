/* import/wrap.h: links that mail filters, search engines, social sites and archives put
 * around another one: the inner link is what the sender meant.
 * Source: links as they stand in mails, exports and citations: Outlook Safe Links, Proofpoint
 *         (urldefense v1 to v3), Avanan, Cisco, Google, Bing, Facebook, web archives, AMP. */
#ifndef IMPORT_WRAP_H
#define IMPORT_WRAP_H
#include <stdbool.h>
#include "base/str.h"

/* Of a link on a foreign host: rest is all behind the host, from its "/", "?" or "#". True and
 * *inner, one wrapping undone, where it holds another link; it points into rest or into
 * room, which has at least as many bytes as host and rest together. */
bool wrap_inner(struct str host, struct str rest, char *room, struct str *inner);
/* A shortener's host: its links hold nothing of what they lead to. */
bool wrap_is_shortener(struct str host);
/* Safe Links keep "|" as it is, which ends a link elsewhere. */
bool wrap_is_safe_link(struct str host);
#endif
