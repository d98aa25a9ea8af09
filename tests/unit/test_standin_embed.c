/* tests/unit/test_standin_embed.c: the stand-in's embed pages are those of the captures, in every
 * form, and say what the world's truth says. Asked over plain sockets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <cjson/cJSON.h>
#include "scrape/embed_post.h"
#include "tests/unit/standin_box.h"

/* The object of the page: the member of source.data whose name begins with /embed/. */
static cJSON *route(const struct box *x, cJSON **root, const char **key)
{
    static const char mark[] =
        "<script id=\"__FRONTITY_CONNECT_STATE__\" type=\"application/json\">";
    ptrdiff_t at = str_find(x->body, str_of(mark), 0);
    cJSON *data, *member;

    assert_true(at >= 0);
    *root = cJSON_ParseWithOpts(x->body.p + at + strlen(mark), NULL, 0);
    assert_non_null(*root);
    data = cJSON_GetObjectItem(cJSON_GetObjectItem(*root, "source"), "data");
    cJSON_ArrayForEach(member, data) if (!strncmp(member->string, "/embed/", 7))
    {
        *key = member->string;
        return member;
    }
    fail_msg("no route");
    return NULL;
}

static int number(const cJSON *of, const char *key)
{
    const cJSON *v = cJSON_GetObjectItem(of, key);

    return v ? v->valueint : -1;
}

struct seen {
    int pinned_first, strange, hidden, ends, plain, rows, least, most;
};

/* Every listed post is public and the creator's, but for rows that say otherwise of themselves. */
static void check_list(const struct box *x, const struct world_account *a, const cJSON *route,
                       struct seen *n)
{
    const cJSON *row;
    uint64_t before = 0;
    int own = 0, up = 0;

    cJSON_ArrayForEach(row, cJSON_GetObjectItem(route, "videoList"))
    {
        uint64_t id = strtoull(cJSON_GetObjectItem(row, "id")->valuestring, NULL, 10);
        const struct world_item *it = world_find(x->w, id);

        assert_non_null(it);
        assert_null(cJSON_GetObjectItem(row, "createTime"));
        if (cJSON_IsTrue(cJSON_GetObjectItem(row, "privateItem"))) {
            assert_false(world_public(x->w, it, x->w->params.clock));
            n->hidden++;
            continue;
        }
        if (&x->w->account[it->account] != a) {
            n->strange++;
            continue;
        }
        assert_true(world_public(x->w, it, x->w->params.clock));
        up += before && id > before;
        before = id;
        own++;
    }
    n->pinned_first += up > 0;
    n->rows += own;
    n->least = own && own < n->least ? own : n->least;
    n->most = own > n->most ? own : n->most;
}

static void creators_list_their_newest_public_posts_and_pinned_ones_first(void **state)
{
    struct box *x = open_box("", 3000);
    struct seen n = { .least = 99 };
    int gone = 0, hidden = 0, refused_ok = 0;

    (void)state;
    for (size_t i = 0; i < x->w->accounts; i++) {
        const struct world_account *a = &x->w->account[i];
        enum reason reason = x->w->item[a->first].reason;
        char name[WORLD_HANDLE_MAX], path[64];
        const char *key;
        cJSON *root, *r;

        world_handle(x->w, (uint32_t)i, name);
        snprintf(path, sizeof path, "/embed/@%s", name);
        ask(x, path);
        r = route(x, &root, &key);
        assert_int_equal(strncmp(key, path, strlen(path)), 0);
        n.ends += strlen(key) > strlen(path);
        n.plain += !strcmp(key, path);
        if (reason == REASON_ACCOUNT_GONE) {
            assert_int_equal(number(r, "errorCode"), 10221);
            refused_ok += x->status == 200;
            gone++;
        } else if (reason == REASON_PRIVATE_ACCOUNT && x->status == 400) {
            assert_int_equal(number(r, "errorCode"), 10222);
            hidden++;
        } else if (reason != REASON_PRIVATE_ACCOUNT) {
            assert_int_equal(x->status, 200);
            check_list(x, a, r, &n);
        }
        cJSON_Delete(root);
    }
    assert_true(n.pinned_first > 3 && n.strange > 3 && n.hidden > 0);
    assert_true(n.ends > 3 && n.plain > 3 && gone > 0 && hidden > 0 && refused_ok >= 0);
    assert_int_equal(n.most, 13);
    assert_true(n.least <= 8 && n.rows > 1000);
    close_box(x);
}

static void a_handle_that_nobody_has_is_refused_like_a_banned_one(void **state)
{
    struct box *x = open_box("", 200);
    const char *key;
    cJSON *root, *r;

    (void)state;
    ask(x, "/embed/@nobody.has.this");
    r = route(x, &root, &key);
    assert_int_equal(number(r, "errorCode"), 10221);
    assert_string_equal(
        cJSON_GetObjectItem(cJSON_GetObjectItem(r, "userInfo"), "uniqueId")->valuestring,
        "nobody.has.this");
    cJSON_Delete(root);
    close_box(x);
}

/* The id is the asked one wherever a post is shown; what is not public is not. */
static void a_post_is_shown_where_it_is_public(void **state)
{
    struct box *x = open_box("", 2000);
    int shown = 0, refused = 0, photos = 0, ads = 0, no_post = 0;

    (void)state;
    for (size_t i = 0; i < x->w->items; i++) {
        const struct world_item *it = &x->w->item[i];
        bool open = world_public(x->w, it, x->w->params.clock);
        char path[64], id[24];
        const char *key;
        cJSON *root, *r, *data, *info;

        if (it->reason == REASON_UNOBSERVED)
            continue;
        snprintf(path, sizeof path, "/embed/v2/%" PRIu64, it->id);
        ask(x, path);
        r = route(x, &root, &key);
        data = cJSON_GetObjectItem(r, "videoData");
        assert_int_equal(data != NULL, open);
        if (!open) {
            refused += number(r, "errorCode") == 10204;
            no_post += number(r, "code") == 200;
            cJSON_Delete(root);
            continue;
        }
        info = cJSON_GetObjectItem(data, "itemInfos");
        snprintf(id, sizeof id, "%" PRIu64, it->id);
        assert_string_equal(cJSON_GetObjectItem(info, "id")->valuestring, id);
        photos += cJSON_IsObject(cJSON_GetObjectItem(data, "imagePostInfo"));
        ads += cJSON_IsTrue(cJSON_GetObjectItem(info, "isAd"));
        shown++;
        cJSON_Delete(root);
    }
    assert_true(shown > 1000 && refused > 50 && photos > 10 && ads > 5 && no_post > 0);
    close_box(x);
}

static void is_the_post(struct box *x, const struct world_item *it, const struct answer *a)
{
    const struct record *r = a->record;

    assert_int_equal(a->kind, ANSWER_PUBLIC);
    assert_true(r->id == it->id && r->val[FIELD_CREATED].i == it->created_at);
    assert_int_equal(r->val[FIELD_VIEWS].kind, VAL_INT);
    assert_int_equal(r->val[FIELD_MUSIC].i, world_music_id(x->w, it));
    assert_int_equal(r->val[FIELD_PHOTO].i, (it->flags & WORLD_PHOTO_POST) != 0);
}

/* Every post of a world, read as an audit reads it, is what the truth says: shown, or refused with
 * at most the one code that stands for all causes. */
static void the_reader_says_of_every_post_what_the_truth_says(void **state)
{
    struct box *x = open_box("", 3000);
    int shown = 0, refused = 0;

    (void)state;
    for (size_t i = 0; i < x->w->items; i++) {
        const struct world_item *it = &x->w->item[i];
        bool open = world_public(x->w, it, x->w->params.clock), unknown;
        struct answer a = { .at = x->w->params.clock };
        struct arena mem = { 0 };
        char path[64];

        snprintf(path, sizeof path, "/embed/v2/%" PRIu64, it->id);
        ask(x, path);
        embed_post_read(x->body, it->id, &mem, &a, &unknown);
        if (it->reason == REASON_UNOBSERVED) {    // whose page never answers
            assert_int_equal(a.kind, ANSWER_NO_ANSWER);
            arena_release(&mem);
            continue;
        }
        assert_false(unknown);
        if (open)
            is_the_post(x, it, &a);
        else
            assert_true(a.kind == ANSWER_REFUSED && (!a.has_code || a.code == 10204));
        shown += open;
        refused += !open;
        arena_release(&mem);
    }
    assert_true(shown > 1000 && refused > 50);
    close_box(x);
}

static void a_loaded_server_says_so_and_nothing_else(void **state)
{
    struct box *x = open_box("embed_overload 1", 200);
    int busy = 0, many = 0;

    (void)state;
    for (int i = 0; i < 6; i++) {
        ask(x, i % 2 ? "/embed/@anyone" : "/embed/v2/7361448925972155679");
        busy += x->status == 503;
        many += x->status == 429;
        assert_int_equal(str_find(x->body, STR("overload-protect triggered"), 0), 0);
    }
    assert_int_equal(busy, 4);
    assert_int_equal(many, 2);
    close_box(x);
    x = open_box("embed_shell 1", 200);
    ask(x, "/embed/@anyone");
    assert_int_equal(x->status, 200);
    assert_true(str_find(x->body, STR("waforiginalreid"), 0) >= 0);
    close_box(x);
}

static void embed_pages_go_astray_in_each_known_way(void **state)
{
    static const struct {
        const char *quirk;
        int status;
        const char *head;
        enum no_answer why;
    } want[] = {
        { "embed_404 1", 404, "Content-Length: 0", NO_ANSWER_EMPTY },
        { "embed_moved 1", 302, "Location: https://www.tiktok.com/player/v1/", NO_ANSWER_EMPTY },
        { "embed_changed 1", 200, "text/html", NO_ANSWER_UNKNOWN_SHAPE },
        { "embed_shell 1", 200, "text/html", NO_ANSWER_CHALLENGE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct box *x = open_box(want[i].quirk, 200);
        const struct world_item *it = &x->w->item[0];
        struct answer a = { .at = x->w->params.clock };
        struct arena mem = { 0 };
        bool unknown;
        char path[64];

        snprintf(path, sizeof path, "/embed/v2/%" PRIu64, it->id);
        ask(x, path);
        assert_int_equal(x->status, want[i].status);
        assert_true(str_find(x->head, str_of(want[i].head), 0) >= 0);
        embed_post_read(x->body, it->id, &mem, &a, &unknown);
        assert_int_equal(a.kind, ANSWER_NO_ANSWER);
        assert_int_equal(a.why, want[i].why);
        arena_release(&mem);
        close_box(x);
    }
}

static void more_embed_pages_a_second_than_it_bears_are_an_overload(void **state)
{
    struct box *x = open_box("embed_burst 3", 200);
    int shown = 0, off = 0;

    (void)state;
    for (int i = 0; i < 200; i++) {
        ask(x, "/embed/@anyone");
        if (x->status == 503 || x->status == 429)
            off++;
        else
            shown++;
        assert_true(shown >= 3 || off == 0);
    }
    assert_true(off > 0);
    close_box(x);
}

static void an_embed_page_may_show_what_the_page_refuses(void **state)
{
    struct box *x = open_box("embed_gated 0.5", 4000);
    int shown = 0, refused = 0;

    (void)state;
    for (size_t i = 0; i < x->w->items; i++) {
        const struct world_item *it = &x->w->item[i];
        char path[64];

        if (it->reason != REASON_REGION_BLOCKED && it->reason != REASON_AGE_GATED)
            continue;
        snprintf(path, sizeof path, "/embed/v2/%" PRIu64, it->id);
        ask(x, path);
        if (str_find(x->body, STR("\"itemInfos\""), 0) >= 0)
            shown++;
        else
            refused++;
    }
    assert_true(shown > 3 && refused > 3);
    close_box(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(creators_list_their_newest_public_posts_and_pinned_ones_first),
        cmocka_unit_test(a_handle_that_nobody_has_is_refused_like_a_banned_one),
        cmocka_unit_test(a_post_is_shown_where_it_is_public),
        cmocka_unit_test(the_reader_says_of_every_post_what_the_truth_says),
        cmocka_unit_test(a_loaded_server_says_so_and_nothing_else),
        cmocka_unit_test(embed_pages_go_astray_in_each_known_way),
        cmocka_unit_test(more_embed_pages_a_second_than_it_bears_are_an_overload),
        cmocka_unit_test(an_embed_page_may_show_what_the_page_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
