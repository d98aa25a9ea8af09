/* base/stat_turnbull.h: when something happened, known only to lie between two looks:
 * the estimate of its distribution that makes what was seen most likely.
 *
 * Source:  Turnbull, Journal of the Royal Statistical Society B 38 (1976) 290.
 * Shape:   an observation lies in (left, right]; right INFINITY: not seen by left;
 *          left 0 and right the first look: it had happened by then. left < right.
 * Speed:   proportional to observations and steps, whatever they overlap. */
#ifndef BASE_STAT_TURNBULL_H
#define BASE_STAT_TURNBULL_H
#include <stddef.h>

/* n: of so many alike. */
struct stat_censored {
    double left, right, n;
};
/* Within (left, right] lies so much of the distribution; where in it nothing says. */
struct stat_mass {
    double left, right, p;
};
struct stat_turnbull {
    struct stat_mass *v;
    size_t n;
};    // ascending; sums to 1
/* Sorts obs and merges what is alike. Nothing where len is 0. turnbull_release ends it. */
void stat_turnbull(struct stat_censored *obs, size_t len, struct stat_turnbull *out);
void stat_turnbull_release(struct stat_turnbull *);
/* P(by then): from low, where mass around that time lies behind it, to high. */
struct stat_span {
    double low, high;
};
struct stat_span stat_turnbull_by(const struct stat_turnbull *t, double at);
/* When the share p had happened, from low to high; INFINITY where it never had. */
struct stat_span stat_turnbull_quantile(const struct stat_turnbull *, double p);
#endif
