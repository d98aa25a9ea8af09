/* tests/soak/site.c: scrape, answered from the world: pages, oEmbed, embed pages of posts and of
 * accounts. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "record/creator.h"
#include "tests/soak/arms.h"

#define COMMIT_EVERY 64
#define CODE_GONE 10221
#define CODE_PRIVATE 10222
#define CODE_NO_POST 10204
#define CODE_FAILURE 10101    // the site's own

static void made_labels(const struct arms *a, const struct world_item *it, struct record *r)
{
    enum reason reason = it->reason;
    uint64_t h = world_hash(a->platform.w, it->id, DRAW_VIDEO);

    r->val[FIELD_IS_AD] = value_int(reason == REASON_MARKED_AD || reason == REASON_SHOP_AD ||
                                    (it->flags & WORLD_AD_RETURNED));
    if (reason == REASON_SHOP_AD)
        r->val[FIELD_IS_SHOP] = value_int(1);
    if (reason == REASON_SHOP_AD || (it->flags & WORLD_SHOP_ANCHOR))
        r->val[FIELD_ANCHORS] = value_text(STR("33"));
    if (reason == REASON_BRANDED && h % 2)
        r->val[FIELD_AD_AUTH] = value_int(1);
    if (reason == REASON_BRANDED && h % 2 == 0)
        r->val[FIELD_BRAND_TYPE] = value_int(2001);
    r->val[FIELD_MUSIC_TITLE] = value_text(reason == REASON_PROMOTED_MUSIC ? STR("Promoted Music")
                                                                           : STR("original sound"));
}

static void made_page_record(const struct arms *a, const struct world_item *it, struct arena *mem,
                             struct record *r)
{
    const struct world *w = a->platform.w;
    const char *place = world_place(w, it);

    soak_record(a, it, mem, r);
    r->val[FIELD_AUTHOR_ID] = value_text(
        arena_printf(mem, "%" PRIu64, w->account[it->account].author_id));
    if (*place)
        r->val[FIELD_PLACE] = value_text(str_of(place));
    made_labels(a, it, r);
}

static enum no_answer why_none(enum world_view view)
{
    switch (view) {
    case VIEW_STRIPPED: return NO_ANSWER_STRIPPED;
    case VIEW_EMPTY: return NO_ANSWER_EMPTY;
    case VIEW_5XX: return NO_ANSWER_SERVER_ERROR;
    case VIEW_WRONG: return NO_ANSWER_WRONG_ITEM;
    case VIEW_PLACEHOLDER: return NO_ANSWER_PLACEHOLDER;
    default: return NO_ANSWER_SYSTEM_CODE;
    }
}

static void note_page(struct arms *a, const struct world_item *it, const struct answer *answer)
{
    if (answer->kind == ANSWER_PUBLIC)
        soak_note(it, NEWS_PUBLIC);
    else if (answer->kind == ANSWER_REFUSED)
        soak_note(it, world_dead(a->platform.w, it, soak_now(a)) ? NEWS_DEAD : NEWS_REFUSED);
}

static void answer_page(struct arms *a, const struct world_item *it, struct arena *mem,
                        struct answer *answer)
{
    struct world_page page = world_page_at(a->platform.w, it, soak_now(a));
    struct record *r = arena_alloc(mem, sizeof *r);

    answer->generation = GENERATION_REHYDRATE;
    if (world_view_is_public(page.view) || page.view == VIEW_GATED) {
        made_page_record(a, it, mem, r);
        if (page.view == VIEW_GATED)        // the reader of pages words it so
            answer->message = STR("content_classification");
        answer->kind = page.view != VIEW_GATED ? ANSWER_PUBLIC : ANSWER_REFUSED;
        answer->record = r;
        answer->has_code = true;
    } else if (page.view == VIEW_REFUSED && page.code != CODE_FAILURE) {
        answer->kind = ANSWER_REFUSED;
        answer->has_code = true;
        answer->code = page.code;
        answer->message = str_of(page.msg);
    } else {
        answer->kind = ANSWER_NO_ANSWER;
        answer->generation = GENERATION_NONE;
        answer->why = why_none(page.view);
    }
    note_page(a, it, answer);
}

static void answer_oembed(struct arms *a, const struct world_item *it, struct answer *answer)
{
    const bool shown = world_page_at(a->platform.w, it, soak_now(a)).oembed;

    answer->kind = shown ? ANSWER_PUBLIC : ANSWER_REFUSED;
    answer->generation = GENERATION_OEMBED;
}

/* A post that it does not show is refused, whatever the cause. */
static void answer_embed(struct arms *a, const struct world_item *it, struct arena *mem,
                         struct answer *answer)
{
    struct world_page page = world_page_at(a->platform.w, it, soak_now(a));
    struct record *r = arena_alloc(mem, sizeof *r);

    answer->generation = GENERATION_EMBED;
    if (world_view_is_public(page.view)) {
        made_page_record(a, it, mem, r);
        answer->kind = ANSWER_PUBLIC;
        answer->record = r;
        soak_note(it, NEWS_PUBLIC);
    } else if (page.view == VIEW_GATED ||
               (page.view == VIEW_REFUSED && page.code != CODE_FAILURE)) {
        answer->kind = ANSWER_REFUSED;
        answer->has_code = true;
        answer->code = CODE_NO_POST;
    } else {
        answer->generation = GENERATION_NONE;
        answer->why = why_none(page.view);
    }
}

/* Its standing; the list that it shows is of use to samples alone. */
static void answer_creator(struct arms *a, const struct read_task *task, struct arena *mem,
                           struct answer *answer)
{
    const struct world_account *who = soak_account(a, task->handle);
    struct creator_page *page = arena_alloc(mem, sizeof *page);

    *page = (struct creator_page){ .standing = CREATOR_PUBLIC };
    answer->generation = GENERATION_EMBED;
    answer->list = page;
    answer->kind = ANSWER_REFUSED;
    answer->has_code = true;
    if (!who || soak_all_are(a, who, REASON_ACCOUNT_GONE)) {
        page->standing = CREATOR_GONE;
        answer->code = CODE_GONE;
        return;
    }
    page->author = who->author_id;
    if (soak_all_are(a, who, REASON_PRIVATE_ACCOUNT)) {
        page->standing = CREATOR_PRIVATE;
        answer->code = CODE_PRIVATE;
        return;
    }
    answer->kind = ANSWER_PUBLIC;
    answer->has_code = false;
}

/* False: it is in no world. */
static bool answer_task(struct arms *a, const struct read_task *task, struct arena *mem,
                        struct answer *answer)
{
    const struct world_item *it = world_find(a->platform.w, task->id);

    if (!it && task->witness != WITNESS_CREATOR)
        return false;
    switch (task->witness) {
    case WITNESS_PAGE: answer_page(a, it, mem, answer); return true;
    case WITNESS_OEMBED: answer_oembed(a, it, answer); return true;
    case WITNESS_EMBED: answer_embed(a, it, mem, answer); return true;
    case WITNESS_CREATOR: answer_creator(a, task, mem, answer); return true;
    default: return false;
    }
}

static void count(struct arms *a, const struct answer *answer, struct scrape_result *out)
{
    int64_t *const of[WITNESS_COUNT] = { [WITNESS_PAGE] = &out->pages,
                                         [WITNESS_OEMBED] = &out->oembed,
                                         [WITNESS_EMBED] = &out->embeds,
                                         [WITNESS_CREATOR] = &out->creators };

    *of[answer->witness] += 1;
    a->watch.read++;
    out->sends++;
    out->is_public += answer->kind == ANSWER_PUBLIC;
    out->refused += answer->kind == ANSWER_REFUSED;
    out->no_answer += answer->kind == ANSWER_NO_ANSWER;
}

static int read_one(struct arms *a, const struct read_task *task, struct arena *mem,
                    const struct sink *sink, struct scrape_result *out, struct err *err)
{
    struct ask_member member = { .id = task->id, .item = task->item, .role = ROLE_ASKED };
    struct request req = { .witness = task->witness, .member = &member, .members = 1, .http = 200 };
    struct answer answer = { .id = task->id,
                             .item = task->item,
                             .witness = task->witness,
                             .kind = ANSWER_NO_ANSWER };

    if (sink->reserve(sink->to, &req, err))
        return -1;
    req.sends = 1;
    soak_clock(a, a->now_ms + (int64_t)a->page_ms);
    req.sent_at = req.done_at = answer.at = soak_now(a);
    if (!answer_task(a, task, mem, &answer))
        return err_set(err, ERR_INPUT, "the simulated site was asked for what is in no world");
    answer.request = req.n;
    req.complete = answer.kind != ANSWER_NO_ANSWER;
    req.rows = member.came_back = answer.kind == ANSWER_PUBLIC;
    snprintf(req.error_code, sizeof req.error_code, "%s",
             req.complete ? "ok" : no_answer_name(answer.why));
    count(a, &answer, out);
    soak_mortal(a);
    return sink->put(sink->to, &req, &answer, err) || sink->done(sink->to, &req, err) ? -1 : 0;
}

static int commit_pages(struct arms *a, const struct sink *sink, struct err *err)
{
    soak_mortal(a);
    if (sink->commit(sink->to, err))
        return -1;
    soak_committed(a);
    soak_mortal(a);
    return 0;
}

int soak_scrape(const struct scrape_opts *opts, struct read_source *source, struct sink *sink,
                struct scrape_result *out, struct err *err)
{
    struct arena mem = {0};
    int got, rc = 0;

    (void)opts;
    memset(out, 0, sizeof *out);
    for (int64_t n = 1; rc == 0; n++) {
        struct read_task task = {0};

        arena_clear(&mem);
        if ((got = source->next(source->from, &mem, &task, err)) <= 0) {
            rc = got;
            break;
        }
        rc = read_one(soak_arms, &task, &mem, sink, out, err);
        if (rc == 0 && n % COMMIT_EVERY == 0)
            rc = commit_pages(soak_arms, sink, err);
    }
    if (rc == 0)
        rc = commit_pages(soak_arms, sink, err);
    arena_release(&mem);
    return rc;
}
