#!/bin/sh
# copy_plainly.sh to|from SERVER SCHEMA FILE: the tables of a store that have rows, as CSV through
# a pipe, by sqlite3 and psql's \copy: what spread (to) and gather (from) are measured beside.
# Nothing is checked, and the copies have no index: they are not of use.
set -eu
way=$1 server=$2 schema=$3 file=$4
psql() { command psql -qXAtw -v ON_ERROR_STOP=1 -d "$server" "$@"; }

# A line a table: its name, its columns, and the same with bytes as PostgreSQL writes them.
psql >"$file.tables" <<END
SELECT c.relname, string_agg(format('"%s"', attname), ',' ORDER BY attnum),
    string_agg(format(CASE atttypid WHEN 17 THEN '''\\x''||hex("%s")' ELSE '"%s"' END, attname), ',' ORDER BY attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE relkind = 'r' AND relnamespace = '$schema'::regnamespace
    AND relname NOT LIKE 'store%' AND pg_relation_size(c.oid) > 0 AND attnum > 0 AND NOT attisdropped AND attgenerated = '' GROUP BY 1;
END
while IFS='|' read -r t columns cells; do
    case $way in
    to)
        cells=$(printf '%s' "$cells" | sed 's/\\/\\\\/g; s/"/\\"/g')
        echo "CREATE TABLE $schema.plain_$t AS SELECT $columns FROM $schema.$t LIMIT 0;"
        printf '%s\n' "\\copy $schema.plain_$t FROM PROGRAM 'sqlite3 -csv $file \"SELECT $(printf '%s' "$cells" | sed "s/'/''/g") FROM $t\"' (FORMAT csv)"
        echo "DROP TABLE $schema.plain_$t;"
        ;;
    from) printf '%s\n' "\\copy (SELECT $columns FROM $schema.$t) TO PROGRAM 'sqlite3 $file \".import --csv /dev/stdin $t\"' (FORMAT csv, HEADER)" ;;
    esac
done <"$file.tables" >"$file.copy"
psql -f "$file.copy" >/dev/null
rm -f "$file.tables" "$file.copy"
