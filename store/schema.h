/* store/schema.h: the SQL files of this folder, as texts. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H
#define SCHEMA_VERSION 10
extern const char schema_sql[], schema_views_sql[];
/* [v] leads from version v to v + 1; [0] is NULL: an empty file gets schema_sql. */
extern const char *const schema_step_from[SCHEMA_VERSION];
#endif
