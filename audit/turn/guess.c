/* audit/turn/guess.c: shares by published studies, and by the answers so far. */
#include "audit/turn/guess.h"
#include "base/stat.h"
#include "silence/view.h"

#define READ_LEAST 20               // silent items with a page answer, before their share is taken

/* Published studies, each as a share of all items.
 * Silent and public: low, a test of 339 creators with ten videos each, of whom
 * 69.3 % had all ten returned (1 - 0.693^(1/10) of the videos missing); middle,
 * 62.7 % of the 70,239 of about 260,000 that did not come back at first (both
 * arXiv:2506.09746v2); high, half of what is public (arXiv:2601.12390).
 * Silent and gone: the year 2026 and the year 2019 of a census of 2,173 posts
 * (of 2026-08-11; 96.1 % and 73.1 % still public); middle, 37.3 % of the 70,239.
 * Back: 18 % of the 70,239 came back on repetition, which is 29 % of the public. */
#define OPEN_LOW 0.036
#define OPEN_MID 0.169
#define OPEN_HIGH 0.365
#define GONE_LOW 0.039
#define GONE_MID 0.101
#define GONE_HIGH 0.269
#define PUBLIC_LEAST 0.25    // of the silent: OPEN_LOW beside 10.7 % gone, the census as a whole
#define PUBLIC_MID 0.627
#define BACK_MOST 0.5
#define BACK_MID 0.29

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* Of what is silent so far a census tells how much may be gone. */
static void guess_unread(struct guess g[ODDS_COUNT], double silent)
{
    double high = clamp(silent > 0 ? 1 - GONE_LOW / silent : 1, PUBLIC_LEAST, 1);

    g[ODDS_LOW].is_public = clamp(silent > 0 ? 1 - GONE_HIGH / silent : 0, PUBLIC_LEAST, high);
    g[ODDS_HIGH].is_public = high;
    g[ODDS_MID].is_public = clamp(PUBLIC_MID, g[ODDS_LOW].is_public, high);
}

static void published(struct guess g[ODDS_COUNT])
{
    g[ODDS_LOW] = (struct guess){ OPEN_LOW, GONE_LOW, 0, BACK_MOST };
    g[ODDS_MID] = (struct guess){ OPEN_MID, GONE_MID, 0, BACK_MID };
    g[ODDS_HIGH] = (struct guess){ OPEN_HIGH, GONE_HIGH, 0, 0 };
    guess_unread(g, OPEN_MID + GONE_MID);
}

static void seen_so_far(struct guess g[ODDS_COUNT], const struct view *view)
{
    int64_t silent = 0, read = 0, is_public = 0, again = 0;
    struct stat_interval s, p = { 0, 1 }, b = { 0, BACK_MOST };
    double share, seen, back = BACK_MID;
    int64_t recovered = view_recovered(view);
    size_t n;
    const struct silence *v = view_silences(view, &n);

    for (size_t i = 0; i < n; i++) {
        silent += v[i].asked > 0;
        read += v[i].asked && v[i].standing != STANDING_UNREAD;
        is_public += v[i].asked && v[i].standing == STANDING_PUBLIC;
        again += v[i].standing == STANDING_PUBLIC && v[i].absent->pending.days;
    }
    seen = (double)(silent + view_found(view));
    if (seen < 1)
        return;
    s = stat_wilson(silent + recovered, silent + view_found(view), 0.95);
    share = (double)(silent + recovered) / seen;
    guess_unread(g, share);
    if (read >= READ_LEAST) {
        p = stat_wilson(is_public, read, 0.95);
        g[ODDS_LOW].is_public = p.low;
        g[ODDS_MID].is_public = (double)is_public / (double)read;
        g[ODDS_HIGH].is_public = p.high;
    }
    if (recovered + again >= READ_LEAST) {
        b = stat_wilson(recovered, recovered + again, 0.95);
        back = (double)recovered / (double)(recovered + again);
    }
    for (int c = 0; c < ODDS_COUNT; c++) {
        double of_case = c == ODDS_LOW ? s.low : c == ODDS_MID ? share : s.high;

        g[c].open = of_case * g[c].is_public;
        g[c].gone = of_case - g[c].open;
        g[c].back = c == ODDS_LOW ? b.high : c == ODDS_MID ? back : b.low;
    }
}

void guess_make(struct guess g[ODDS_COUNT], const struct view *view)
{
    published(g);
    seen_so_far(g, view);
}
