/* import/donation.c: donation packages: the copy of their own data that people
 * ask the platform for and hand on.
 * Sections moved and were renamed over the years (README.md, "Datasets"), so a
 * link is found by its record, a date beside a link, and not by its path.
 * Sections that tell what a person said, searched, or where and how they
 * logged in are passed over before a byte of their text is looked at. */
#include <stdlib.h>
#include <string.h>
#include "import/readers.h"
#include "import/scan.h"
#include "import/cell.h"

/* Never entered, at any depth. */
static const char *const sealed[] = { "direct messages",
                                      "direct message",
                                      "chat history",
                                      "group chat",
                                      "login history",
                                      "search history",
                                      "searches",
                                      "comment",
                                      "comments",
                                      "follower",
                                      "followers",
                                      "follower list",
                                      "following",
                                      "following list",
                                      "block",
                                      "block list",
                                      "auto fill",
                                      "autofill",
                                      "location",
                                      "most recent location data",
                                      "location data",
                                      "location review",
                                      "location reviews",
                                      "off tiktok activity",
                                      "ads and data",
                                      "ads",
                                      "advertisement",
                                      "purchase history",
                                      "purchases",
                                      "tiktok shop",
                                      "tiktok shopping",
                                      "income plus wallet transactions",
                                      "income+ wallet transactions",
                                      "poi review",
                                      "status",
                                      "profile information",
                                      "profile info",
                                      "contacts",
                                      "ai moji",
                                      "aimoji",
                                      "settings",
                                      NULL };
/* Names that only a package has; any of them in the first bytes tells one. */
static const char *const package_names[] = { "user_data_tiktok.json",
                                             "user_data.json",
                                             "your activity",
                                             "likes and favorites",
                                             "profile and settings",
                                             "tiktok live",
                                             "video browsing history",
                                             "watch history",
                                             "like list",
                                             "favorite videos",
                                             "share history",
                                             "activity summary",
                                             "favorite effects",
                                             "favorite hashtags",
                                             "favorite sounds",
                                             "videolist",
                                             "itemfavoritelist",
                                             "favoritevideolist",
                                             "sharehistorylist",
                                             "commentslist",
                                             "favoriteeffectslist",
                                             "favoritehashtaglist",
                                             "favoritesoundlist",
                                             "login history",
                                             "income plus wallet transactions",
                                             NULL };
/* Lists whose every record should hold a link. */
static const char *const link_lists[] = { "videolist",
                                          "itemfavoritelist",
                                          "favoritevideolist",
                                          "sharehistorylist",
                                          "postlist",
                                          "hashtaglist",
                                          NULL };

/* ---- JSON ---- */
struct donation {
    struct collector *in;
    struct scan scan;
    bool has_link[SCAN_DEPTH_MAX + 2];   // by depth: the object that is open there held a link key
};
/* Link, link, VideoLink, HashtagLink, "Video Link" ... */
static bool is_link_key(struct str key)
{
    return str_ends(key, STR("Link")) || str_ends(key, STR("link")) || str_ends(key, STR("LINK"));
}
static bool in_link_list(const struct scan *s)
{
    return s->depth && !s->level[s->depth].object && str_is_one_of(scan_key(s, 0), link_lists);
}
/* A value that should be a link: under a link key, or bare in a list of links. */
static bool at_link(const struct scan *s)
{
    if (s->depth && s->level[s->depth].object)
        return is_link_key(scan_key(s, 0));
    return in_link_list(s);
}
static bool donation_wants(void *to, const struct scan *s)
{
    (void)to;
    return at_link(s);
}
static int donation_value(void *to, const struct scan *s, enum scan_type type, struct str text,
                          struct err *err)
{
    struct donation *d = to;

    if (!at_link(s))
        return 0;
    d->has_link[s->depth] = true;
    if (type == SCAN_TRUE || type == SCAN_FALSE) {
        collect_skip(d->in, SKIP_UNREADABLE_ROW);
        return 0;
    }
    return collect_value(d->in, text, err);
}
static bool donation_enter(void *to, const struct scan *s, bool object)
{
    struct donation *d = to;

    if (s->depth && s->level[s->depth].object) {
        if (str_is_one_of(scan_key(s, 0), sealed))
            return false;
        if (at_link(s)) {
            d->has_link[s->depth] = true;
            collect_skip(d->in, SKIP_UNREADABLE_ROW);
            return false;
        }
    }
    d->has_link[s->depth + 1] = !object;
    return true;
}
static void donation_leave(void *to, const struct scan *s, bool object)
{
    struct donation *d = to;

    if (object && in_link_list(s) && !d->has_link[s->depth + 1])
        collect_skip(d->in, SKIP_NO_LINK);
}
static void donation_broken(void *to)
{
    collect_skip(((struct donation *)to)->in, SKIP_UNREADABLE_ROW);
}
static int donation_feed(void *self, struct str piece, struct err *err)
{
    return scan_feed(&((struct donation *)self)->scan, piece, err);
}
static int donation_end(void *self, struct err *err)
{
    return scan_end(&((struct donation *)self)->scan, err);
}
static void donation_free(void *self)
{
    scan_release(&((struct donation *)self)->scan);
    free(self);
}
void donation_json_reader(struct reader *r, struct collector *in, bool lines)
{
    struct donation *d = xcalloc(1, sizeof *d);
    const struct scan_user user = { donation_wants, donation_value, donation_enter, donation_leave,
                                    donation_broken, d };

    d->in = in;
    scan_init(&d->scan, &user, lines);
    *r = (struct reader){ donation_feed, donation_end, donation_free, d };
}

/* ---- is it one? ---- */
static bool shape_enter(void *to, const struct scan *s, bool object)
{
    (void)object;
    *(bool *)to = *(bool *)to || (s->depth <= 4 && str_is_one_of(scan_key(s, 0), package_names));
    return true;
}
static int shape_value(void *to, const struct scan *s, enum scan_type type, struct str text,
                       struct err *err)
{
    (void)text;
    (void)type;
    (void)err;
    (void)shape_enter(to, s, false);     // an empty section is null
    return 0;
}
bool donation_json_shape(struct str text)
{
    bool found = false;
    struct err err = { 0 };
    const struct scan_user user = { .value = shape_value, .enter = shape_enter, .to = &found };
    struct scan *s = xcalloc(1, sizeof *s);

    scan_init(s, &user, false);
    if (scan_feed(s, text, &err))
        err_clear(&err);                 // broken bytes are the reader's to tell
    scan_release(s);
    free(s);
    return found;
}

/* ---- TXT ---- */
/* "Label: value"; labels are translated, so only the shape counts. */
static bool split_label(struct str line, struct str *label, struct str *value)
{
    ptrdiff_t colon = str_find(line, STR(":"), 0);

    *label = STR_NONE;
    *value = str_trim(line);
    if (colon < 0 || str_starts_nocase(*value, STR("http")))
        return false;
    *label = str_trim(str_sub(line, 0, (size_t)colon));
    *value = str_sub(line, (size_t)colon + 1, line.n);
    while (value->n && (value->p[0] == ':' || value->p[0] == ' '))      // once "HashTag Link::"
        *value = str_sub(*value, 1, value->n);
    *value = str_trim(*value);
    return true;
}
/* "2024-01-31 23:59:59", whatever follows. */
static bool starts_with_time(struct str v)
{
    static const char form[] = "dddd-dd-dd dd:dd:dd";

    if (v.n < sizeof form - 1)
        return false;
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == 'd' ? v.p[i] < '0' || v.p[i] > '9'
                           : v.p[i] != form[i] && !(form[i] == ' ' && v.p[i] == 'T'))
            return false;
    return true;
}
static bool is_time(struct str v)
{
    return starts_with_time(v) && v.n <= sizeof "2024-01-31 23:59:59 UTC" - 1;
}
/* Lines that begin as a chat does: "2024-01-31 23:59:59 UTC name: text". */
static bool is_chat_line(struct str line)
{
    struct str rest;
    ptrdiff_t colon;

    if (str_starts(line, STR(">>> ")))
        return true;
    if (!starts_with_time(line))
        return false;
    rest = str_sub(line, 19, line.n);
    colon = str_find(rest, STR(": "), 0);
    return rest.n && rest.p[0] == ' ' && colon > 0 && !link_is_whole(str_trim(rest));
}
/* Comments carry the address of their post under the first; people search for links. */
static bool label_is_private(struct str label)
{
    static const char *const labels[] = { "url",         "photo",    "comment", "profile photo",
                                          "search term", "zoekterm", NULL };

    return str_is_one_of(label, labels);
}
static bool is_empty_section(struct str text)
{
    text = str_trim(text);
    return str_eq_nocase(text, STR("You have no data in this section")) ||
           str_eq_nocase(text, STR("Dit gedeelte bevat geen gegevens"));
}
enum txt_shape donation_txt_shape(struct str text)
{
    struct str line, label, value;
    size_t dates = 0, links = 0, chat = 0, bare = 0;
    bool open = false;                    // a date whose link is still to come

    if (is_empty_section(text))
        return TXT_LINKS;
    while (str_cut(&text, '\n', &line)) {
        bool labelled = split_label(line, &label, &value);

        if (labelled && is_time(value)) {
            dates++;
            open = true;
        } else if (open && labelled && !label_is_private(label) &&
                   (link_is_whole(value) ||
                    (is_link_key(label) && cell_is_placeholder(cell_bare(value))))) {
            links++;
            open = false;
        } else if (is_chat_line(str_trim(line))) {
            chat++;
        } else if (!labelled && link_is_whole(value)) {
            bare++;                      // a list with notes in it
        }
    }
    if (links && links * 2 >= dates && links > chat)
        return TXT_LINKS;
    return dates > bare || chat > bare ? TXT_PRIVATE : TXT_OTHER;
}
struct sections {
    struct collector *in;
    struct lines lines;
    bool dated, linked, placeholder;      // of the record that is open
};
static void record_end(struct sections *t)
{
    if (t->dated && !t->linked)
        collect_skip(t->in, t->placeholder ? SKIP_PLACEHOLDER : SKIP_NO_LINK);
    t->dated = t->linked = t->placeholder = false;
}
static int sections_line(void *self, struct str line, struct err *err)
{
    struct sections *t = self;
    struct str label, value;
    int64_t found = 0;
    bool labelled;

    line = str_trim(line);
    if (!line.n) {
        record_end(t);
        return 0;
    }
    labelled = split_label(line, &label, &value);
    if (labelled && is_time(value)) {
        if (t->dated)
            record_end(t);
        t->dated = true;
        return 0;
    }
    if (labelled && (label_is_private(label) || is_chat_line(line)))
        return 0;
    if (link_is_whole(value) && collect_text(t->in, value, &found, err))
        return -1;
    t->linked = t->linked || found > 0;
    t->placeholder = t->placeholder || cell_is_placeholder(cell_bare(value));
    return 0;
}
static int sections_feed(void *self, struct str piece, struct err *err)
{
    return lines_feed(&((struct sections *)self)->lines, piece, err);
}
static int sections_end(void *self, struct err *err)
{
    struct sections *t = self;

    if (lines_end(&t->lines, err))
        return -1;
    record_end(t);
    t->in->count.skipped[SKIP_UNREADABLE_ROW] += t->lines.too_long;
    return 0;
}
static void sections_free(void *self)
{
    buf_release(&((struct sections *)self)->lines.carry);
    free(self);
}
void donation_txt_reader(struct reader *r, struct collector *in)
{
    struct sections *t = xcalloc(1, sizeof *t);

    t->in = in;
    t->lines = (struct lines){ .line = sections_line, .to = t };
    *r = (struct reader){ sections_feed, sections_end, sections_free, t };
}
