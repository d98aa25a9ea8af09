/* Any bytes as a coder's sheet: it is refused with a line, or every code that it gave is one, of
 * one coder, in a row that was drawn. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "audit/take/review_take.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define ROWS 6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const uint64_t ids[ROWS] = { 7301234567890123456, 0, 7301234567890123457, 0, 0, 12 };
    struct review_row row[ROWS] = { { 0 } };
    struct review review = { .row = row, .rows = ROWS };
    struct review_sheet sheet;
    struct err err = { 0 };
    int64_t coded = 0;

    if (len > REVIEW_SHEET_MAX)
        return 0;
    if (review_sheet_read((struct str){ (const char *)data, len }, "a.csv", ids, &review, &sheet,
                          &err)) {
        if (err.kind != ERR_INPUT || strncmp(err.msg, "a.csv: ", 7) != 0)
            abort();
        return 0;
    }
    if (sheet.coder < 1 || sheet.coder > REVIEW_CODERS)
        abort();
    for (int i = 0; i < ROWS; i++)
        for (int k = 0; k < REVIEW_CODERS; k++) {
            if (row[i].code[k] < LABEL_NONE || row[i].code[k] >= REVIEW_CODES ||
                (row[i].code[k] != LABEL_NONE && k != sheet.coder - 1))
                abort();
            coded += row[i].code[k] != LABEL_NONE;
        }
    if (coded != sheet.coded)
        abort();
    return 0;
}
