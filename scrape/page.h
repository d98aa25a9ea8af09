/* scrape/page.h: the bytes of a post's page -> an answer.
 * Shape:     PUBLIC with a record; REFUSED with the page's own code and
 *            message (and a record where it shows some fields all the same);
 *            NO_ANSWER with the reason. Which label a refusal gets is said elsewhere.
 * Units:     html is decoded (no content coding), at most PAGE_MAX bytes.
 * Absent:    has_code is false where the page gave no statusCode.
 * Ownership: the answer's and the notes' texts live in the arena.
 * Errors:    ERR_INPUT above PAGE_MAX; everything else is an answer.
 * Source:    public captures of pages from 2020 to 2026-07; see gen_*.c. */
#ifndef SCRAPE_PAGE_H
#define SCRAPE_PAGE_H
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/http.h"
#include "base/inflate.h"
#include "record/answer.h"

#define PAGE_MAX ((size_t)32 << 20)
#define PAGE_ODDS 32
/* Something never seen before, for the drift table: kind is "page_key",
 * "page_field_gone" (what every public page had), "status_code", "status_msg" or
 * "nul_char". */
struct page_odd { const char *kind; struct str name; int64_t count; };
struct page_notes {
    bool want_extract;    // in: answer.extract gets code, message and item as the page sent them
    struct str region;           // country in which the site saw us
    struct str canonical;        // the page's own URL
    struct str handle;           // of the account as the page shows it
    enum generation generation;
    bool whole;                  // read by the whole-document way
    bool code_unknown;           // refused with a statusCode that status.def does not have
    bool derived;                // the message is ours: the page showed the refusal without one
    struct page_odd odd[PAGE_ODDS]; size_t odds;
};
/* Fills kind, code, message, why, generation, region, record and id of the
 * answer; witness, item, request, at and evidence are the caller's. */
MUST_CHECK int page_read(struct str html, uint64_t asked, struct arena *, struct answer *,
                         struct page_notes *, struct err *);
/* The same by one way alone; on an undamaged page both agree. */
MUST_CHECK int page_read_fast(struct str html, uint64_t asked, struct arena *, struct answer *,
                              struct page_notes *, struct err *);
MUST_CHECK int page_read_full(struct str html, uint64_t asked, struct arena *, struct answer *,
                              struct page_notes *, struct err *);
/* A whole exchange: transport, status, redirect and content coding first. Only
 * x's fault, status, head and body are looked at, so a saved one will do.
 * scratch holds the decoded body until its next use. Sets answer.at to done_at. */
void page_read_exchange(const struct http_exchange *x, uint64_t asked, struct inflate *,
                        struct buf *scratch, struct arena *, struct answer *, struct page_notes *);
/* The library below: "libxml2 2.9.14", appended. */
void page_library(struct buf *out);
#endif
