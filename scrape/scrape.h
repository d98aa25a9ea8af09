/* scrape/scrape.h: ids -> answers of the public site: pages, oEmbed, short
 * links, several under way at once, at a polite rate for each host. It opens no
 * file and no database: tasks come from a source, answers go to a sink.
 *
 * The folder: scrape (the loop), visit (one task, its URL to its answer), pace and
 * polite (how fast), vantage (headers, proxies), streak and wall (is the site
 * to blame?), aside (answers that wait for that),
 * book (put, count, commit); page, its gen_*.c, item, state, walk, status.def,
 * block (the bytes of a page); oembed, shortlink, redirect; embed (what embed
 * pages share), embed_creator, embed_post. To add a generation of
 * pages copy gen_next.c; to add a further witness of the site copy oembed.c.
 *
 * Order of one task: sink.reserve before every send (redirects and the one
 * retry of a failed transport too), sink.exchange for each reply, sink.put once,
 * sink.done; sink.commit after every 64 answers (256 where 64 take less than a
 * quarter of a second), when the run waits, and at the end. When a post that gave no answer is
 * tried again is for the source to say.
 *
 * Blocks: after page.blocks of them in a row a page that was readable just before is
 * asked for. Where that is blocked too, or none is known, the run pauses (page.pause_ms,
 * then twice that, at half the rate); if the site still blocks, the run ends with
 * ERR_AGAIN. Where it is read, those posts are blocked alone (wall.h).
 *
 * Drift: page.unread pages in a row that gave no answer and were no block either
 * (stripped, empty, of an unknown shape, a login in their place ...), or a whole
 * run of them, ask for a control: a post whose page should be readable. Where
 * that one gives no answer either, the site is to blame: the run ends with
 * ERR_AGAIN, and those pages get their tries back. A page refused with a statusCode
 * that was never seen before counts among them. Its answer is held until the row
 * has ended: where a page was read or the source ran dry it is put as refused, as
 * a lone one is; where the run ended before, it says nothing (unknown_code). */
#ifndef SCRAPE_SCRAPE_H
#define SCRAPE_SCRAPE_H
#include "record/sink.h"
#include "record/source.h"
#include "scrape/run.h"

/* 0 when the source has nothing left.
 * Errors: ERR_AGAIN with retry_at (the site blocks us, or asks us to come back
 * later); ERR_STOPPED (what was in flight is finished and committed);
 * ERR_USAGE for settings that cannot be used; whatever source and sink say.
 * *out is filled in every case. */
MUST_CHECK int scrape_run(const struct scrape_opts *, struct read_source *, struct sink *,
                          struct scrape_result *out, struct err *);
#endif
