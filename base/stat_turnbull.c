/* base/stat_turnbull.c: mass can lie only where a left end is followed by a right end,
 * with no other end between: that is found first. What lies in each is then found by
 * turns: each observation shares itself out among the places that it covers, by what
 * lies there, and what lies there is the sum of that. A covered stretch is contiguous,
 * so sums from the beginning on make a turn one walk. */
#include "base/stat_turnbull.h"
#include <math.h>
#include <stdlib.h>
#include "base/array.h"
#include "base/err.h"

#define TURNS 20000
#define ENOUGH 1e-7    // no place would take a share more than this larger

static int by_left(const void *a, const void *b)
{
    const struct stat_censored *x = a, *y = b;

    if (x->left < y->left || x->left > y->left)
        return x->left < y->left ? -1 : 1;
    return (x->right > y->right) - (x->right < y->right);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Those alike become one; how many are left. */
static size_t merge(struct stat_censored *obs, size_t len)
{
    size_t n = 0;

    for (size_t i = 1; i < len; i++)
        if (by_left(&obs[n], &obs[i]) == 0)
            obs[n].n += obs[i].n;
        else
            obs[++n] = obs[i];
    return n + 1;
}

/* Places: from the last left end before a right end to that right end. */
static void find_places(const struct stat_censored *obs, size_t len, struct stat_turnbull *out)
{
    double *right = xcalloc(len, sizeof *right);
    size_t l = 0, cap = 0;

    for (size_t i = 0; i < len; i++)
        right[i] = obs[i].right;
    qsort(right, len, sizeof *right, by_value);
    for (size_t r = 0; r < len; r++) {
        size_t before = l;

        while (l < len && obs[l].left < right[r])
            l++;
        if (l == before)
            continue;
        ARRAY_ROOM(out->v, out->n, cap);
        out->v[out->n++] = (struct stat_mass){ .left = obs[l - 1].left, .right = right[r] };
    }
    free(right);
}

/* The places that an observation covers, first to last. */
struct cover {
    size_t first, last;
    double n;
};

static void find_covers(const struct stat_censored *obs, size_t len, const struct stat_turnbull *t,
                        struct cover *cover)
{
    for (size_t i = 0; i < len; i++) {
        size_t low = 0, high = t->n;

        while (low < high) {    // the first that begins at or after left
            size_t mid = low + (high - low) / 2;

            if (t->v[mid].left < obs[i].left)
                low = mid + 1;
            else
                high = mid;
        }
        cover[i] = (struct cover){ .first = low, .n = obs[i].n };
        high = t->n;
        while (low < high) {    // the first that ends after right
            size_t mid = low + (high - low) / 2;

            if (t->v[mid].right <= obs[i].right)
                low = mid + 1;
            else
                high = mid;
        }
        cover[i].last = low - 1;
    }
}

/* One turn; how much more the place that wants most would take. */
static double turn(struct stat_turnbull *t, const struct cover *cover, size_t len, double all,
                   double *sum, double *want)
{
    double most = 0, run = 0;

    sum[0] = 0;
    for (size_t j = 0; j < t->n; j++) {
        sum[j + 1] = sum[j] + t->v[j].p;
        want[j] = 0;
    }
    want[t->n] = 0;
    for (size_t i = 0; i < len; i++) {
        double in = sum[cover[i].last + 1] - sum[cover[i].first];
        double each = cover[i].n / all / (in > 1e-300 ? in : 1e-300);

        want[cover[i].first] += each;
        want[cover[i].last + 1] -= each;
    }
    for (size_t j = 0; j < t->n; j++) {
        run += want[j];
        most = run - 1 > most ? run - 1 : most;
        t->v[j].p *= run > 0 ? run : 0;
    }
    return most;
}

static void share_out(struct stat_turnbull *t, const struct cover *cover, size_t len)
{
    double *sum = xcalloc(t->n + 1, sizeof *sum), *want = xcalloc(t->n + 1, sizeof *want);
    double all = 0, sure = 0;

    for (size_t i = 0; i < len; i++)
        all += cover[i].n;
    for (size_t j = 0; j < t->n; j++)
        t->v[j].p = 1 / (double)t->n;
    for (int i = 0; i < TURNS; i++)
        if (turn(t, cover, len, all, sum, want) < ENOUGH)
            break;
    for (size_t j = 0; j < t->n; j++)
        sure += t->v[j].p;
    for (size_t j = 0; j < t->n; j++)
        t->v[j].p /= sure;
    free(sum);
    free(want);
}

void stat_turnbull(struct stat_censored *obs, size_t len, struct stat_turnbull *out)
{
    struct cover *cover;
    size_t kept = 0;

    *out = (struct stat_turnbull){ 0 };
    if (!len)
        return;
    qsort(obs, len, sizeof *obs, by_left);
    len = merge(obs, len);
    find_places(obs, len, out);
    cover = xcalloc(len, sizeof *cover);
    find_covers(obs, len, out, cover);
    share_out(out, cover, len);
    for (size_t j = 0; j < out->n; j++)
        if (out->v[j].p > 1e-6)    // what is left of a place that goes to nothing
            out->v[kept++] = out->v[j];
    out->n = kept;
    free(cover);
}

void stat_turnbull_release(struct stat_turnbull *t)
{
    free(t->v);
    *t = (struct stat_turnbull){ 0 };
}

struct stat_span stat_turnbull_by(const struct stat_turnbull *t, double at)
{
    struct stat_span by = { 0 };

    for (size_t j = 0; j < t->n; j++) {
        by.low += t->v[j].right <= at ? t->v[j].p : 0;
        by.high += t->v[j].left < at ? t->v[j].p : 0;
    }
    return by;
}

struct stat_span stat_turnbull_quantile(const struct stat_turnbull *t, double p)
{
    double run = 0;

    for (size_t j = 0; j < t->n; j++) {
        run += t->v[j].p;
        if (run >= p - 1e-9)
            return (struct stat_span){ t->v[j].left, t->v[j].right };
    }
    return (struct stat_span){ INFINITY, INFINITY };
}
