/* Replies of the API: whatever the bytes, rows have an id that fits and text
 * lies where it is said to lie. */
#include <stdlib.h>
#include "fetch/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_record(const struct record *r)
{
    struct digest d;

    if (r->id == 0 || r->id > INT64_MAX)
        abort();
    d = record_hash(r);                                   // reads every byte of every text
    if (r->val[FIELD_VIEWS].kind == VAL_INT && r->val[FIELD_VIEWS].i < 0)
        abort();
    (void)d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str body = { (const char *)data, size };
    struct arena mem = { 0 };
    struct json_doc doc = { 0 };
    struct reply re;
    struct record row;
    struct err err = { 0 };
    int64_t at;

    if (size > 1 << 16)
        return 0;
    if (reply_parse(body, &mem, &re, &err) == 0) {
        for (size_t i = 0; i < re.rows; i++)
            check_record(&re.row[i]);
        for (int status = 200; status <= 500; status += 100)
            if (reply_error(status, &re) == API_OK && !re.ok)
                abort();
        reply_log_time(re.log_id, &at);
    }
    if (json_parse(body, &doc, &err) == 0 && row_parse(doc.root, &mem, &row, &err) == 0)
        check_record(&row);
    json_free(&doc);
    arena_release(&mem);
    return 0;
}
