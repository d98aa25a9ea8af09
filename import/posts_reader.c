/* import/posts_reader.c: of the posts that other tools list, ids and links. Where a file
 * has such rows they alone count: pages that a collector came by, links in captions and
 * accounts are no items of it. */
#include <stdlib.h>
#include <string.h>
#include "import/posts.h"
#include "import/readers.h"

struct posts_list {
    struct collector *in;
    struct posts *posts;
};

/* A creator by a post; a row that names nobody may have a link that does. */
static int take_creator(struct collector *in, const struct post_found *f, struct err *err)
{
    const struct creator_seen seen = {
        .handle = "", .author = f->author, .post = f->id, .at = f->at
    };

    return collect_creator(in, str_of(f->handle[0] ? f->handle : f->link), &seen, err);
}
/* The link is exact where a program made a double of the id. */
static int take_post(void *to, const struct post_found *f, struct err *err)
{
    struct posts_list *l = to;
    struct link link = { 0 };

    if (l->in->sink->seen)
        return take_creator(l->in, f, err);
    if (f->link[0])
        return collect_value(l->in, str_of(f->link), err);
    link_from_id(str_of(f->id_text), l->in->opts->now, &link);
    if (link.what != LINK_ITEM)
        return collect_value(l->in, str_of(f->id_text), err);
    memcpy(link.item.handle, f->handle, sizeof link.item.handle);
    return collect_link(l->in, &link, err);
}
static int count_empty(void *to, struct err *err)
{
    (void)err;
    collect_skip(((struct posts_list *)to)->in, SKIP_NO_LINK);
    return 0;
}
static int count_broken(void *to, struct err *err)
{
    (void)err;
    collect_skip(((struct posts_list *)to)->in, SKIP_UNREADABLE_ROW);
    return 0;
}
static int listing_feed(void *self, struct str piece, struct err *err)
{
    return posts_feed(((struct posts_list *)self)->posts, piece, err);
}
static int listing_end(void *self, struct err *err)
{
    return posts_end(((struct posts_list *)self)->posts, err);
}
static void listing_free(void *self)
{
    posts_free(((struct posts_list *)self)->posts);
    free(self);
}
void posts_reader(struct reader *r, struct collector *in, bool lines)
{
    struct posts_list *l = xcalloc(1, sizeof *l);
    const struct posts_user user = { take_post, count_empty, count_broken, l };

    l->in = in;
    l->posts = posts_new(&user, in->opts->now, lines);
    *r = (struct reader){ listing_feed, listing_end, listing_free, l };
}
