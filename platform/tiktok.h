/* platform/tiktok.h: what is the subject's alone: its hosts, the address of a
 * post, which handles are none, the paths of its research API, its windows and
 * caps. Whatever knows TikTok and is no field, code or rule of a table stands in
 * this folder. To add a platform copy this file and give its functions their own
 * prefix.
 * Ownership: texts are appended to the caller's buffer.
 * Source:    public readers of links and donation packages (README.md, "URL
 *            forms"); developers.tiktok.com, research API, 2025. */
#ifndef PLATFORM_TIKTOK_H
#define PLATFORM_TIKTOK_H
#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"
#include "record/item.h"

/* ---- hosts ---- */

#define TIKTOK_HOST "www.tiktok.com"
#define TIKTOK_SITE "https://" TIKTOK_HOST
enum tiktok_host {
    TIKTOK_OTHER = 0,
    TIKTOK_WEB,         // tiktok.com and all below it; tiktokv.TLD, which donated links use
    TIKTOK_SHORT,       // resolves short links: vm., vt.
    TIKTOK_CDN,         // media alone: tiktokcdn.com, tiktokcdn-us.com ...
};
/* host: without a port; case and one "." at its end are forgiven. A name that merely
 * begins or ends like the platform's (tiktok.com.example.org) is another host. */
enum tiktok_host tiktok_host(struct str host);
/* Of a host of the platform: one that serves media (v16-webapp.tiktok.com). */
bool tiktok_host_is_media(struct str host);
/* The same host in lower case where it resolves short links, else NULL. */
const char *tiktok_short_host(struct str host);
/* The host at which a short link of the site (TIKTOK_SHORT_PATH) is resolved: that of
 * TikTok Lite has codes of its own, all others are TIKTOK_HOST. */
const char *tiktok_site_short_host(struct str host);

/* ---- addresses ---- */

/* SITE/@HANDLE/video/ID, with _ for a handle that is unknown or could not stand
 * in an address: the site does not check it (measured 2026-08). site: without a last "/". */
void tiktok_post_at(struct buf *out, struct str site, uint64_t id, struct str handle);
/* The public one, at TIKTOK_SITE. */
void tiktok_post_url(struct buf *out, uint64_t id, struct str handle);
/* SITE/embed/@HANDLE: the page that shows a creator's newest posts to other sites' visitors. */
void tiktok_creator_embed_at(struct buf *out, struct str site, struct str handle);
/* SITE/embed/v2/ID: the page that shows a post to other sites' visitors. */
#define TIKTOK_EMBED_POST "/embed/v2/"
void tiktok_post_embed_at(struct buf *out, struct str site, uint64_t id);
/* The item id that a URL of any form names (/video/ID, /photo/ID, /v/ID.html,
 * item_id=ID ..., also percent-escaped in a login's redirect_url). */
bool tiktok_url_item(struct str url, uint64_t *id);
#define TIKTOK_OEMBED "/oembed"           // ?url=...
#define TIKTOK_SHORT_PATH "/t/"           // CODE: a short link at the site itself

/* ---- handles ---- */

/* Nothing, "_", "i" and a secUid (MS4wLjAB..., 76 letters) name no account. */
bool tiktok_handle_is_none(struct str);
/* Letters, digits, _ . and -: may stand in an address and in a question. */
bool tiktok_handle_is_plain(struct str);
/* A handle as links hold it, in lower case: letters, digits, _ and ., not digits
 * alone (an account's id). False, and out "", where the name is none. */
bool tiktok_handle_read(struct str name, char out[HANDLE_MAX + 1]);

/* ---- the research API, below api.base_url ---- */

#define TIKTOK_API_TOKEN "/v2/oauth/token/"
#define TIKTOK_API_QUERY "/v2/research/video/query/"
#define TIKTOK_API_USER "/v2/research/user/info/"
#define TIKTOK_API_LIKED "/v2/research/user/liked_videos/"
#define TIKTOK_API_REPOSTED "/v2/research/user/reposted_videos/"
#define TIKTOK_API_PINNED "/v2/research/user/pinned_videos/"
#define TIKTOK_API_VALIDATE "/v2/research/validation_task/create/"
#define TIKTOK_API_VALIDATE_STATUS "/v2/research/validation_task_status/get/"
#define TIKTOK_API_VALIDATE_LIST "/v2/research/validation_task/download/"
/* A window is 30 calendar days (the platform's documentation: end_date no more
 * than 30 days after start_date; its own wrapper steps start..start+29). Whether
 * end_date is inclusive is disputed, so the ids of one window span at most 28
 * days: a day of slack stands before the first and behind the last. */
#define WINDOW_DAYS 30
#define WINDOW_SPAN_DAYS 28
#define BATCH_MAX 100                     // ids of one query: its IN list takes no more
#define PAGE_ROWS_MAX 100                 // max_count of a query
#define VALIDATE_MAX 10000                // ids of one task of the validity check
#endif
