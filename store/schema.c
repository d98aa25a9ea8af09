/* store/schema.sql and the steps from one version to the next, each as one
 * constant string. The assembler copies it in:
 * no generator, and the SQL stays a file that sqlite3 can read. Paths are from
 * the root, where make runs. */
#include "store/sqlite_priv.h"

__asm__(".section .rodata, \"a\"\n"
        ".global store_schema_sql\n"
        ".type store_schema_sql, @object\n"
        "store_schema_sql:\n"
        ".incbin \"store/schema.sql\"\n"
        ".byte 0\n"
        ".size store_schema_sql, . - store_schema_sql\n"
        ".global store_schema_2_sql\n"
        ".type store_schema_2_sql, @object\n"
        "store_schema_2_sql:\n"
        ".incbin \"store/schema_2.sql\"\n"
        ".byte 0\n"
        ".size store_schema_2_sql, . - store_schema_2_sql\n"
        ".global store_schema_3_sql\n"
        ".type store_schema_3_sql, @object\n"
        "store_schema_3_sql:\n"
        ".incbin \"store/schema_3.sql\"\n"
        ".byte 0\n"
        ".size store_schema_3_sql, . - store_schema_3_sql\n"
        ".global store_schema_4_sql\n"
        ".type store_schema_4_sql, @object\n"
        "store_schema_4_sql:\n"
        ".incbin \"store/schema_4.sql\"\n"
        ".byte 0\n"
        ".size store_schema_4_sql, . - store_schema_4_sql\n"
        ".previous\n");
