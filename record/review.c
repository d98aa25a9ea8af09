/* record/review.c: see review.h. */
#include "record/review.h"
#include <stdlib.h>
#include <string.h>

void review_release(struct review *r)
{
    free(r->row);
    memset(r, 0, sizeof *r);
}

const char *review_code_name(int code)
{
    return code == REVIEW_UNSURE ? "unsure" : label_name((enum label)code);
}

int review_code_find(struct str text)
{
    text = str_trim(text);
    if (!text.n)
        return LABEL_NONE;
    for (int c = LABEL_NONE + 1; c < REVIEW_CODES; c++)
        if (str_eq_nocase(text, str_of(review_code_name(c))))
            return c;
    return REVIEW_CODES;
}

/* What the coders say together: their common code, or REVIEW_UNSURE. */
static int verdict_of(const struct review_row *r)
{
    const int a = r->code[0], b = r->code[1];

    if (a == LABEL_NONE || b == LABEL_NONE)
        return a == LABEL_NONE ? b : a;
    return a == b ? a : REVIEW_UNSURE;
}

static void count(const struct review *review, struct review_result *out)
{
    int64_t both[REVIEW_CODES * REVIEW_CODES] = { 0 };

    for (size_t i = 0; i < review->rows; i++) {
        const struct review_row *r = &review->row[i];
        struct review_class *c = &out->of[r->label];
        const int said = verdict_of(r);

        for (int k = 0; k < REVIEW_CODERS; k++)
            out->coded[k] += r->code[k] != LABEL_NONE;
        if (r->code[0] != LABEL_NONE && r->code[1] != LABEL_NONE)
            both[r->code[0] * REVIEW_CODES + r->code[1]]++;
        c->drawn++;
        c->decided += said != LABEL_NONE && said != REVIEW_UNSURE;
        c->right += said == (int)r->label;
        c->undecided += said == REVIEW_UNSURE;
    }
    out->agreement = stat_kappa(both, REVIEW_CODES, 0.95);
}

/* Drawn without replacement from so many. What is undecided counts as wrong for the lower limit
 * and as right for the upper one. */
static void judge_class(struct review_class *c)
{
    const int64_t n = c->decided + c->undecided;

    if (!c->decided)
        return;
    c->has = true;
    c->precision = (double)c->right / (double)c->decided;
    c->interval.low = stat_hypergeometric(c->right, n, c->population, 0.95).low;
    c->interval.high = stat_hypergeometric(c->right + c->undecided, n, c->population, 0.95).high;
}

/* Only where every class of the population has something decided, else it would be of others. */
static void judge_all(struct review_result *r)
{
    struct stat_part part[LABEL_COUNT];
    struct review_class *all = &r->all;
    size_t n = 0;

    all->has = true;
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++) {
        const struct review_class *c = &r->of[l];

        all->population += c->population;
        all->drawn += c->drawn;
        all->decided += c->decided;
        all->right += c->right;
        all->undecided += c->undecided;
        all->has = all->has && (c->has || !c->population);
    }
    all->has = all->has && all->population > 0;
    if (!all->has)
        return;
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++)
        if (r->of[l].population)
            part[n++] = (struct stat_part){ (double)r->of[l].population / (double)all->population,
                                            r->of[l].precision, r->of[l].interval.low,
                                            r->of[l].interval.high };
    all->interval = stat_combined(part, n, &all->precision);
}

void review_judge(const struct review *review, struct review_result *out)
{
    *out = (struct review_result){ .drawn_at = review->drawn_at, .drawn = (int64_t)review->rows };
    count(review, out);
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++) {
        out->of[l].population = review->population[l];
        judge_class(&out->of[l]);
    }
    judge_all(out);
}
