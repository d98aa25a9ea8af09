/* record/answer.h: what one witness said of one item once, and the request
 * that asked. Absence is data: ANSWER_ABSENT is an answer, a block page is not
 * a refusal but ANSWER_NO_ANSWER. */
#ifndef RECORD_ANSWER_H
#define RECORD_ANSWER_H
#include <stdbool.h>
#include <stdint.h>
#include "base/digest.h"
#include "base/http.h"
#include "base/str.h"
#include "record/record.h"

enum witness {
    WITNESS_QUERY,
    WITNESS_USERNAME,
    WITNESS_VALIDATION,
    WITNESS_PAGE,
    WITNESS_OEMBED,
    WITNESS_SHORT,
    WITNESS_CREATOR /* a creator's page with their newest posts */,
    WITNESS_EMBED   /* a post's page for other sites' iframes */,
    WITNESS_COUNT
};
const char *witness_name(enum witness);

enum answer_kind { ANSWER_FOUND, ANSWER_ABSENT, ANSWER_PUBLIC, ANSWER_REFUSED, ANSWER_NO_ANSWER,
                   ANSWER_RESOLVED /* a short link's target */, ANSWER_COUNT };
const char *answer_name(enum answer_kind);
enum answer_kind answer_find(struct str);    // ANSWER_COUNT where unknown

/* Why there is no answer. A block uses none of page.attempts; that of one post alone, while others
 * were read, one on each UTC day. */
#define NO_ANSWERS(X)                                                                              \
    X(NONE, "", false)                                                                             \
    X(TIMEOUT, "timeout", false) X(TRANSPORT, "transport", false) X(SERVER_ERROR, "server_error",  \
                                                                    false)                         \
        X(CHALLENGE, "challenge", true) X(CAPTCHA, "captcha", true) X(STRIPPED, "stripped", false) \
            X(EMPTY, "empty", false) X(FORBIDDEN, "forbidden", true) X(TOO_MANY, "too_many", true) \
                X(REGION_451, "region_451", true) X(LOGIN_WALL, "login_wall", false)               \
                    X(HTTP_404, "http_404", false) X(HTTP_OTHER, "http_other", false)              \
                        X(REDIRECT, "redirect", false) X(WRONG_ITEM, "wrong_item", false)          \
                            X(NO_AUTHOR, "no_author", false) X(PLACEHOLDER, "placeholder", false)  \
                                X(SYSTEM_CODE, "system_code", false)                               \
                                    X(BAD_CODING, "bad_coding", false)                             \
                                        X(TOO_LARGE, "too_large", false) X(NOT_JSON, "not_json",   \
                                                                           false)                  \
                                            X(UNKNOWN_SHAPE, "unknown_shape", false)               \
                                                X(DOUBLED_KEY, "doubled_key", false)               \
                                                    X(UNKNOWN_CODE, "unknown_code", false)         \
                                                        X(BLOCKED_ALONE, "blocked_alone", false)
enum no_answer {
#define X(id, name, block) NO_ANSWER_##id,
    NO_ANSWERS(X)
#undef X
    NO_ANSWER_COUNT
};
const char *no_answer_name(enum no_answer);
bool no_answer_is_block(enum no_answer);

enum generation {
    GENERATION_NONE = 0,
    GENERATION_REHYDRATE,
    GENERATION_REHYDRATE_MOBILE,
    GENERATION_SIGI,
    GENERATION_NEXT,
    GENERATION_NEXT_OLD,
    GENERATION_API,
    GENERATION_OEMBED,
    GENERATION_LISTED,    // a row of another tool's list
    GENERATION_EMBED,     // the site's page for its own iframes
    GENERATION_COUNT
};
const char *generation_name(enum generation);

/* By what a page of the site was read. */
enum engine { ENGINE_HTTP = 0, ENGINE_BROWSER, ENGINE_COUNT };
const char *engine_name(enum engine);    // "http", "browser"

/* Where the bytes lie: n is the store's number of it, 0 = not kept. */
struct evidence { int64_t n; };
struct creator_page;    // record/creator.h

/* What an id was asked for. A role of its own also gets its phase in record/phase.c. */
enum ask_role {
    ROLE_ASKED,
    ROLE_CANARY,
    ROLE_SPOT,          // alone, as a check
    ROLE_LATE,          // weeks later (silence/late.h)
    ROLE_FORENSIC,      // beside canaries, to see whether they are lost
    ROLE_COUNT
};
struct ask_member { uint64_t id; int64_t item; enum ask_role role; bool came_back; };

/* One question to one witness. The API's may hold many members and take
 * several sends (retries, further pages of one search): each send is charged. */
struct request {
    int64_t n;                     // 0 until reserved
    enum witness witness;
    int round;                     // 1 = first; 0 = loaded or none
    int64_t start_day, end_day;    // the window, UTC days, both inclusive (API)
    struct ask_member *member; size_t members;
    bool loaded;                   // came from a file: no quota
    bool apart;    // of ids known as not public alone: its silence says nothing of the API
    /* filled while it runs */
    int64_t reserved_at, sent_at, done_at;   // UTC seconds; 0 = not yet
    int sends;
    int http;                      // last status, 0 without a reply
    char error_code[48];           // "ok", "internal_error", "timeout" ...
    char log_id[64];
    bool complete;                 // every page of a well-formed reply came in
    int rows, strange_rows;        // rows taken; rows not asked for or outside the window
    struct evidence evidence;      // of the last exchange
};

/* Canaries alone, no id that is asked for. */
bool request_of_canaries(const struct request *);

struct answer {
    uint64_t id; int64_t item;
    enum witness witness;
    enum answer_kind kind;
    int64_t at;                    // when the reply had come in (done_at)
    int64_t request;               // struct request.n
    bool has_code; int64_t code;   // page statusCode
    struct str message;            // page statusMsg; of a short link its target
    enum no_answer why;            // of ANSWER_NO_ANSWER
    enum generation generation;
    enum engine engine;
    struct str region;             // the vantage the site saw us in, "" unknown
    struct str extract;            // JSON of what decided, where evidence.keep = extract; else none
    /* Of NO_ANSWER: a post that was shown whole but for one thing. The message says which, and what
     * the reading was like; a second one alike is an answer (sink_settle). */
    bool nearly;
    /* Of FOUND and PUBLIC, of what is nearly, and of a REFUSED page that still shows some. */
    const struct record *record;
    const struct creator_page *list;    // of a creator's page, PUBLIC or REFUSED
    struct evidence evidence;
};

/* The site showed this item, or said why it does not: no block, no failure. */
static inline bool answer_is_given(const struct answer *a)
{
    return a->kind != ANSWER_NO_ANSWER || a->nearly;
}

/* How many answers had something in common, and when the first and the last of
 * them came in (answer.at, never the time of counting). */
struct counted { int64_t n, first_at, last_at; };
void counted_add(struct counted *, int64_t n, int64_t at);
void counted_join(struct counted *, const struct counted *);

/* What the platform's validity check last said of an item: whether its id is
 * on the list of those that are "still valid". */
enum validation { VALIDATION_NONE = 0, VALIDATION_VALID, VALIDATION_NOT_VALID, VALIDATION_COUNT };
const char *validation_name(enum validation);    // "", "valid", "not_valid"

/* What user/info said of an account. UNKNOWN: "cannot find the user", or the
 * name is invalid. DENIED: "API cannot return this user's information". */
enum user_info {
    USER_INFO_NONE = 0,
    USER_INFO_KNOWN,
    USER_INFO_UNKNOWN,
    USER_INFO_DENIED,
    USER_INFO_COUNT
};
const char *user_info_name(enum user_info);      // "", "known", "unknown", "denied"
enum user_info user_info_find(struct str);       // USER_INFO_COUNT where unknown

/* What the API said of one account once: a query by its username over a
 * window, and user/info. Texts are borrowed. */
struct user_answer {
    struct str handle; int64_t item;   // the name that was asked; an item of the account
    int64_t at;                        // of the later of the two replies
    int64_t request;                   // of the last of its requests
    bool query_ok;    // the query was answered completely; else the counts say nothing
    int64_t start_day, end_day;        // its window
    int query_rows, query_items;    // rows of its first pages; of these: items of this audit that
                                    // were asked for
    enum user_info info;               // NONE: no answer
    bool has_videos; int64_t videos;   // video_count of a known account
    struct str message;                // the refusal's words, "" none
};
#endif
