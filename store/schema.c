/* store/schema.c: schema.sql, views.sql and the steps from one version to the
 * next, each as one constant string. The assembler copies it in: no generator,
 * and the SQL stays a file that sqlite3 can read. Paths are from the root, where
 * make runs. */
#include "store/schema.h"

#define FILE_TEXT(name, path)                        \
    __asm__(".section .rodata, \"a\"\n"              \
            ".global " #name "\n"                    \
            ".type " #name ", @object\n"             \
            #name ":\n"                              \
            ".incbin \"" path "\"\n"                 \
            ".byte 0\n"                              \
            ".size " #name ", . - " #name "\n"       \
            ".previous\n")

FILE_TEXT(schema_sql, "store/schema.sql");
FILE_TEXT(schema_views_sql, "store/views.sql");
FILE_TEXT(schema_2_sql, "store/migrate/2.sql");
FILE_TEXT(schema_3_sql, "store/migrate/3.sql");
FILE_TEXT(schema_4_sql, "store/migrate/4.sql");
FILE_TEXT(schema_5_sql, "store/migrate/5.sql");
FILE_TEXT(schema_6_sql, "store/migrate/6.sql");
FILE_TEXT(schema_7_sql, "store/migrate/7.sql");
FILE_TEXT(schema_8_sql, "store/migrate/8.sql");
FILE_TEXT(schema_9_sql, "store/migrate/9.sql");
FILE_TEXT(schema_10_sql, "store/migrate/10.sql");

extern const char schema_2_sql[], schema_3_sql[], schema_4_sql[], schema_5_sql[], schema_6_sql[],
    schema_7_sql[], schema_8_sql[], schema_9_sql[], schema_10_sql[];
const char *const schema_step_from[SCHEMA_VERSION] = {
    [1] = schema_2_sql, [2] = schema_3_sql, [3] = schema_4_sql,
    [4] = schema_5_sql, [5] = schema_6_sql, [6] = schema_7_sql,
    [7] = schema_8_sql, [8] = schema_9_sql, [9] = schema_10_sql,
};
