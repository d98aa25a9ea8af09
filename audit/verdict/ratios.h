/* audit/verdict/ratios.h: how far the API's counters stand from the page's, as they are spread. */
#ifndef AUDIT_VERDICT_RATIOS_H
#define AUDIT_VERDICT_RATIOS_H
#include "audit/verdict/numbers.h"

/* Fills s->ratio from the card. */
numbers_fn ratio_rows;
#endif
