/* audit/verdict/numbers.c: see numbers.h. */
#include "audit/verdict/numbers.h"

/* In the order in which they are shown; NULL ends them. */
static numbers_fn *const makers[] = {
    accuracy_numbers, completeness_numbers, timeliness_numbers, consistency_numbers,
    validity_numbers, time_rows,            ratio_rows,         witness_numbers,
    vantage_numbers,  review_numbers,       sample_numbers,     NULL,
};

int numbers_make(const struct numbers_from *given, struct err *err)
{
    struct numbers_from from = *given;
    struct agreement *agreement = NULL;
    int rc = agreement_make(from.audit, from.view, from.accounts, &agreement, err);

    from.agreement = agreement;
    if (rc == 0)
        rc = behind_labels(from.behind, from.audit, from.s, err);
    for (size_t i = 0; rc == 0 && makers[i]; i++)
        rc = makers[i](&from, err);
    behind_name(from.behind, from.s->mem, &from.s->numbers);
    agreement_free(agreement);
    return rc;
}
