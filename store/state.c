/* store/state.c: totals over the answers about one item, one answer at a time. */
#include "base/utc.h"
#include "record/id.h"
#include "store/state.h"

static int64_t created_of(const struct answer *a)
{
    const struct value *v = a->record ? &a->record->val[FIELD_CREATED] : NULL;

    return v && v->kind == VAL_INT && v->i > 0 ? v->i : 0;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ---- the API ---- */
void state_sent(struct item_row *s, const struct request *r)
{
    s->sent_at = later(s->sent_at, r->reserved_at);
}

void state_found(struct item_row *s, int64_t at, int64_t created, int64_t request)
{
    if (at >= s->found_last_at)
        s->api_request = request;
    if (s->found_first_at == 0 || at < s->found_first_at)
        s->found_first_at = at;
    s->found_last_at = later(s->found_last_at, at);
    if (created > 0)
        s->api_created = created;
}

/* The day of the reply is one of those that are at hand: the first or the last. */
static bool is_known_day(const struct item_row *s, int64_t day)
{
    return s->asked > 0 && (day == utc_day(s->last_at) || day == utc_day(s->first_at));
}

bool state_needs_past(const struct item_row *s, const struct request *r, bool came_back)
{
    if (r->done_at >= s->last_at)
        return false;
    return came_back || (s->asked > 0 && !is_known_day(s, utc_day(r->done_at)));
}

static bool asked_on(const struct past_ask *past, size_t n, int64_t day)
{
    for (size_t i = 0; i < n; i++)
        if (utc_day(past[i].at) == day)
            return true;
    return false;
}

static int absent_before(const struct past_ask *past, size_t n, int64_t at)
{
    int count = 0;

    for (size_t i = 0; i < n; i++)
        count += !past[i].came_back && past[i].at < at;
    return count;
}

void state_asked(struct item_row *s, const struct request *r, bool came_back,
                 const struct past_ask *past, size_t n)
{
    int64_t at = r->done_at, day = utc_day(at);
    bool in_order = at >= s->last_at;
    bool known_day = is_known_day(s, day) || (s->asked > 0 && !in_order && asked_on(past, n, day));

    if (came_back && !in_order)
        s->absent_before_found = absent_before(past, n, s->found_first_at);
    if (!came_back && (s->found_first_at == 0 || at < s->found_first_at))
        s->absent_before_found++;
    s->following_asked += r->start_day > utc_day(id_time(s->id));
    if (s->found_first_at == 0 && in_order)
        s->api_request = r->n;
    if (s->asked == 0 || at < s->first_at)
        s->first_at = at;
    if (in_order)
        s->last_at = at;
    s->days += !known_day;
    s->asked++;
    state_sent(s, r);
}

void state_validated(struct item_row *s, bool valid, int64_t at)
{
    if (at < s->valid_at)
        return;
    s->valid = valid ? VALIDATION_VALID : VALIDATION_NOT_VALID;
    s->valid_at = at;
}

/* ---- the page ---- */
/* No answer is not an answer: what an earlier reading decided stays. */
static void page_tried(struct item_row *s, const struct answer *a)
{
    if (s->page == ANSWER_COUNT)
        s->page = ANSWER_NO_ANSWER;
    s->tries += !no_answer_is_block(a->why);
    s->tried_at = later(s->tried_at, a->at);
}

/* The newest reading decides. */
static void page_decides(struct item_row *s, const struct answer *a)
{
    s->page = a->kind;
    s->has_code = a->has_code;
    s->code = a->has_code ? a->code : 0;
    s->message = a->message;
    s->region = a->region;
    s->page_at = a->at;
    s->page_request = a->request;
    s->page_witness = a->witness;
}

static bool is_decided_by(const struct item_row *s, enum witness w)
{
    return (s->page == ANSWER_PUBLIC || s->page == ANSWER_REFUSED) && s->page_witness == w;
}

static void saw_public(struct item_row *s, const struct answer *a)
{
    if (s->public_first_at == 0 || a->at < s->public_first_at)
        s->public_first_at = a->at;
    s->public_last_at = later(s->public_last_at, a->at);
}

static void sight_decides(struct item_row *s, const struct answer *a)
{
    if (a->kind == ANSWER_PUBLIC) {
        saw_public(s, a);
        if (a->record)
            s->page_marks = record_marks(a->record);
    } else {
        s->refused_last_at = later(s->refused_last_at, a->at);
    }
    if (created_of(a))
        s->page_created = created_of(a);
    if (a->at >= s->page_at)
        page_decides(s, a);
}

/* The page itself speaks: what rested on the embed alone, whose refusals carry no cause, is
 * no longer said; nor is a post public after its page was refused. */
static void embed_gives_way(struct item_row *s, const struct answer *a)
{
    s->page_at = 0;
    if (s->page == ANSWER_REFUSED)
        s->refused_last_at = 0;
    else if (a->kind == ANSWER_REFUSED && s->public_first_at > a->at)
        s->public_first_at = s->public_last_at = 0;
    else if (a->kind == ANSWER_REFUSED && s->public_last_at > a->at)
        s->public_last_at = s->public_first_at;
}

void state_page(struct item_row *s, const struct answer *a)
{
    if (a->kind == ANSWER_NO_ANSWER) {
        page_tried(s, a);
        return;
    }
    if (is_decided_by(s, WITNESS_EMBED))
        embed_gives_way(s, a);
    sight_decides(s, a);
    if (a->at >= s->tried_at)
        s->tries = 0;
    s->tried_at = later(s->tried_at, a->at);
}

/* Public at any of them is public, until the page is read again at the first. What came in late
 * takes the place of nothing newer, but for a sighting beside another vantage's refusal. */
void state_elsewhere(struct item_row *s, const struct answer *a, int64_t vantage)
{
    const bool sighting = a->kind == ANSWER_PUBLIC && s->elsewhere == ANSWER_REFUSED &&
                          s->elsewhere_vantage != vantage && a->at >= s->page_at;

    if (a->kind == ANSWER_NO_ANSWER || (a->at < s->elsewhere_at && !sighting))
        return;
    if (a->kind != ANSWER_PUBLIC && s->elsewhere == ANSWER_PUBLIC &&
        s->elsewhere_vantage != vantage && s->elsewhere_at >= s->page_at)
        return;
    s->elsewhere = a->kind;
    s->elsewhere_at = a->at;
    s->elsewhere_vantage = vantage;
}

void state_oembed(struct item_row *s, const struct answer *a)
{
    bool decisive = a->kind != ANSWER_NO_ANSWER;

    if (decisive || s->oembed == ANSWER_COUNT)
        s->oembed = a->kind;
    s->oembed_at = later(s->oembed_at, a->at);
    s->oembed_tries = decisive ? 0 : s->oembed_tries + !no_answer_is_block(a->why);
}

static void embed_decides(struct item_row *s, const struct answer *a)
{
    struct answer bare = *a;

    bare.has_code = false;          // "10204" says of an embed page nothing that it says of a page
    bare.message = STR("");
    sight_decides(s, &bare);
}

/* The last decisive answer of its own; before there is one, the last try. */
static bool embed_stands(const struct item_row *s, const struct answer *a)
{
    bool said = s->embed == ANSWER_PUBLIC || s->embed == ANSWER_REFUSED;

    if (a->kind == ANSWER_NO_ANSWER && said)
        return false;
    return (a->kind != ANSWER_NO_ANSWER && !said) || a->at >= s->embed_at;
}

/* It proves a post public as well as the page does, and is a sighting of one that the page
 * shows; what the page itself decided stays decided. */
void state_embed(struct item_row *s, const struct answer *a)
{
    bool decisive = a->kind != ANSWER_NO_ANSWER;

    if (embed_stands(s, a)) {
        s->embed = a->kind;
        s->embed_at = a->at;
    }
    s->tried_at = later(s->tried_at, a->at);
    s->embed_tries = decisive ? 0 : s->embed_tries + !no_answer_is_block(a->why);
    if (!decisive) {
        if (s->page == ANSWER_COUNT)
            s->page = ANSWER_NO_ANSWER;
    } else if (!is_decided_by(s, WITNESS_PAGE)) {
        embed_decides(s, a);
    } else if (a->kind == ANSWER_PUBLIC && (s->page == ANSWER_PUBLIC || a->at < s->page_at)) {
        saw_public(s, a);
    }
}
