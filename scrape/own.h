/* scrape/own.h: which post a page is about, by the page alone: the item of its state, of every
 * generation; else the address that it gives as its own, in its head or in the note of a browser
 * that saved it.
 * Shape:  html is decoded, at most PAGE_MAX bytes.
 * Absent: false: it names none. */
#ifndef SCRAPE_OWN_H
#define SCRAPE_OWN_H
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/str.h"

bool page_own_id(struct str html, struct arena *, uint64_t *id);
#endif
