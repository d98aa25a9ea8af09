/* scrape/block.h: replies that say nothing about a post, whatever their HTTP
 * status: challenges, captchas, stripped pages, refusals in the shape of
 * success. Sources: captures and clients of 2021 to 2026-09. */
#ifndef SCRAPE_BLOCK_H
#define SCRAPE_BLOCK_H
#include "base/http.h"
#include "record/answer.h"

/* Of a decoded body that has no state script of any generation. */
enum no_answer block_body(struct str body);
/* Of the exchange before its body is looked at; NO_ANSWER_NONE where the body
 * may hold an answer (2xx). A 3xx is LOGIN_WALL or REDIRECT by its Location. */
enum no_answer block_exchange(const struct http_exchange *);
#endif
