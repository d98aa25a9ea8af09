/* audit/verdict/ratios.c: how far the API's counters stand from the page's, as they are spread. */
#include <math.h>
#include <stdlib.h>
#include "audit/verdict/card.h"
#include "audit/verdict/numbers.h"
#include "base/err.h"
#include "base/stat.h"

static void conclude(struct ratio_row *row, double *x, size_t n)
{
    row->n = (int64_t)n;
    if (!n)
        return;
    row->p5 = stat_quantile(x, n, 0.05);    // sorts it
    row->p25 = stat_quantile(x, n, 0.25);
    row->p50 = stat_quantile(x, n, 0.5);
    row->p75 = stat_quantile(x, n, 0.75);
    row->p95 = stat_quantile(x, n, 0.95);
    row->min = x[0];
    row->max = x[n - 1];
    for (size_t i = 0; i < n; i++) {
        int bin = 0;

        while (bin < RATIO_BINS - 1 && x[i] > log10(ratio_edges[bin]))
            bin++;
        row->bin[bin]++;
    }
}

int ratio_rows(const struct numbers_from *from, struct err *err)
{
    const struct card *card = from->card;
    double *x = xcalloc(card->kept.n + 1, sizeof *x);

    (void)err;
    for (int c = 0; c < COUNTERS; c++) {
        struct ratio_row *row = &from->s->ratio[counter_field((enum counter)c)];
        size_t n = 0;

        for (size_t i = 0; i < card->kept.n; i++)
            if (!isnan(card->kept.v[i].ratio[c]))
                x[n++] = (double)card->kept.v[i].ratio[c];
        *row = (struct ratio_row){ .least = card_least((enum counter)c) };
        conclude(row, x, n);
    }
    free(x);
    return 0;
}
