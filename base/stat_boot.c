/* base/stat_boot.c: clusters drawn again. */
#include "base/stat_boot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/err.h"

static void draw_weights(const struct boot *b, uint64_t draw, uint32_t *weight)
{
    uint64_t salt = mix64(b->seed ^ mix64(draw + 1));

    memset(weight, 0, b->clusters * sizeof *weight);
    for (size_t i = 0; i < b->clusters; i++)
        weight[mix64(salt + i) % b->clusters]++;
}

/* x: what each draw gave, of which some may be NAN. */
static struct boot_result result_of(const struct boot *b, double *x)
{
    struct boot_result r = { { NAN, NAN }, NAN };
    double sum = 0, apart = 0;
    size_t n = 0;

    for (int i = 0; i < b->draws; i++)
        if (!isnan(x[i])) {
            sum += x[i];
            x[n++] = x[i];
        }
    if (n == 0)
        return r;
    for (size_t i = 0; i < n; i++)
        apart += (x[i] - sum / (double)n) * (x[i] - sum / (double)n);
    r.sd = n > 1 ? sqrt(apart / (double)(n - 1)) : 0;
    r.interval.low = stat_quantile(x, n, (1 - b->confidence) / 2);
    r.interval.high = stat_quantile(x, n, (1 + b->confidence) / 2);
    return r;
}

void boot_run(const struct boot *b, boot_number *number, const void *data, size_t numbers,
              struct boot_result *out)
{
    uint32_t *weight = xcalloc(b->clusters + 1, sizeof *weight);
    double *x = xcalloc(numbers * (size_t)b->draws + 1, sizeof *x);

    for (int draw = 0; draw < b->draws && b->clusters; draw++) {
        draw_weights(b, (uint64_t)draw, weight);
        for (size_t k = 0; k < numbers; k++)
            x[k * (size_t)b->draws + (size_t)draw] = number(data, k, weight);
    }
    for (size_t k = 0; k < numbers; k++)
        out[k] = b->clusters ? result_of(b, x + k * (size_t)b->draws)
                             : (struct boot_result){ { NAN, NAN }, NAN };
    free(weight);
    free(x);
}

static int by_value(const void *x, const void *y)
{
    const struct boot_value *a = x, *b = y;

    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return a->cluster < b->cluster ? -1 : a->cluster > b->cluster;
}

void boot_sort(struct boot_value *v, size_t len)
{
    if (len)
        qsort(v, len, sizeof *v, by_value);
}

double boot_median(const struct boot_value *v, size_t len, const uint32_t *weight)
{
    uint64_t all = 0, sum = 0;
    double lower = NAN;

    for (size_t i = 0; i < len; i++)
        all += weight ? weight[v[i].cluster] : 1;
    for (size_t i = 0; i < len; i++) {
        sum += weight ? weight[v[i].cluster] : 1;
        if (isnan(lower) && 2 * sum >= all && sum > 0)
            lower = v[i].value;
        if (2 * sum > all)
            return (lower + v[i].value) / 2;
    }
    return NAN;
}
