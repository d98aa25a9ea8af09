/* record/verdict.h: what is said of one item in the end (a row of labels.csv),
 * and one line of its history (for explain). Texts are borrowed. */
#ifndef RECORD_VERDICT_H
#define RECORD_VERDICT_H
#include "record/answer.h"
#include "record/gap.h"
#include "record/hits.h"
#include "record/label.h"

struct label_row {
    int64_t item; uint64_t id; struct str handle;
    enum state state; enum label label; enum reason reason;
    struct str rule; enum basis basis; bool confirmed;
    int asked, days; int64_t first_at, last_at;         // of the API
    int sound_days;
    struct str sound_list;    // "2026-01-01 2026-01-02": days whose absence counts
    double residual;          // probability of a batch or window error, -1 none
    int64_t created_at;
    enum answer_kind page; bool has_code; int64_t code; struct str message; int64_t page_at;
    int64_t later_refused_at;                           // refused after its confirmation, else 0
    struct str place, region;                           // location_created, region_code
    int64_t account;                                    // 0 none
    int64_t api_request, page_request;                  // the requests that decided, 0 none
    struct str evidence;           // label_cursor_evidence's; ignored on writing
    enum validation validation;    // the platform's validity check, last answer
    enum answer_kind elsewhere;
    int64_t elsewhere_at;    // its page at another vantage; ANSWER_COUNT none
    int64_t elsewhere_vantage; struct str vantage;      // which one; its name on reading
    struct str public_at, refused_at;    // names of vantages, apart by blanks; "" one vantage alone
    bool purged;           // its content was dropped, its id is a pseudonym
    struct str page_witness;    // "page", "embed"; "" neither decides
    struct str page_engine;    // "http", "browser"; "" its page decides nothing, or a file's does
    enum snapshot snapshot;    // whether one instant fits all counters of its API row
    struct hits hits;      // the rules of the file that matched
};

struct history_row {
    int64_t at, request; enum witness witness; enum answer_kind kind; enum no_answer why;
    int round; int64_t start_day, end_day; bool complete; size_t members; enum ask_role role;
    bool has_code; int64_t code; struct str message; enum generation generation; struct str region;
    struct str vantage;    // whence the page was read, "" the first without a name
    enum engine engine;    // and by what
    int http; struct str log_id; struct str evidence;   // "file:offset sha256:hex", "" none
};
#endif
