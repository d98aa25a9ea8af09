#include "record/watch.h"

static const char *const apis[WATCH_API_COUNT] = {
#define X(id, name) [WATCH_API_##id] = name,
    WATCH_APIS(X)
#undef X
};
static const char *const pages[WATCH_PAGE_COUNT] = {
#define X(id, name) [WATCH_PAGE_##id] = name,
    WATCH_PAGES(X)
#undef X
};
static const char *const whys[WATCH_WHY_COUNT][2] = {
#define X(id, name, is) [WATCH_WHY_##id] = { name, is },
    WATCH_WHYS(X)
#undef X
};
static const char *const events[WATCH_EVENT_COUNT][2] = {
#define X(id, name, is) [WATCH_EVENT_##id] = { name, is },
    WATCH_EVENTS(X)
#undef X
};

const char *watch_api_name(enum watch_api api)
{
    return apis[api];
}

enum watch_api watch_api_of(struct str name)
{
    enum watch_api api = 0;

    while (api < WATCH_API_COUNT && !str_eq(name, str_of(apis[api])))
        api++;
    return api;
}

const char *watch_page_name(enum watch_page page)
{
    return pages[page];
}

enum watch_page watch_page_of(struct str name)
{
    enum watch_page page = 0;

    while (page < WATCH_PAGE_COUNT && !str_eq(name, str_of(pages[page])))
        page++;
    return page;
}

const char *watch_why_name(enum watch_why why)
{
    return whys[why][0];
}

const char *watch_why_is(enum watch_why why)
{
    return whys[why][1];
}

enum watch_why watch_why_of(struct str name)
{
    enum watch_why why = 0;

    while (why < WATCH_WHY_COUNT && !str_eq(name, str_of(whys[why][0])))
        why++;
    return why;
}

const char *watch_event_name(enum watch_event_kind kind)
{
    return events[kind][0];
}

const char *watch_event_is(enum watch_event_kind kind)
{
    return events[kind][1];
}

bool watch_day_is_gone(struct watch_day d)
{
    return d.page == WATCH_PAGE_REFUSED && d.api != WATCH_API_FOUND;
}

bool watch_day_is_like(struct watch_day a, struct watch_day b)
{
    return a.api == b.api && a.api_why == b.api_why && a.page == b.page &&
           a.page_why == b.page_why && a.no_canary == b.no_canary && a.by_oembed == b.by_oembed;
}
