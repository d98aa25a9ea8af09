# shellcheck shell=sh
# tests/pg.sh: a PostgreSQL server of the tests' own, on a free port of loopback, with a data
# folder of its own that goes with it; nothing of the machine's own servers is touched. To be
# sourced, or run: `sh tests/pg.sh COMMAND...` runs the command while such a server runs.
#     pg_why_not         says why there can be none here; nothing where there can
#     pg_why_no_store    the same of an audit's store, for which this build needs libpq
#     pg_wanted WHAT     the suite is skipped where there can be none; else it ends with pg_end
#     pg_begin           makes and starts one; sets PG_URL, PG_DIR, PG_PORT, exports PGPASSFILE
#     pg_stop [SIGNAL]   INT: fast (default), QUIT: immediate, as after a crash; by its pid
#     pg_start           starts it again
#     pg_end             stops it and removes its folder
#     pg_sql SQL [USER [DATABASE]]  what psql prints of it, bare
# PG_CONFIG, set before pg_begin: further lines of its settings.
# Root starts it as another user, as PostgreSQL asks for. Its superuser has a password that
# nothing prints: it stands in the file PGPASSFILE alone.

PG_BIN=$(for bin in /usr/lib/postgresql/*/bin; do [ -x "$bin/initdb" ] && echo "$bin"; done | sort -V | tail -n 1)
PG_USER=auditor
PG_PID=

pg_why_not() {
    if [ -z "$PG_BIN" ]; then echo "no PostgreSQL server is installed"
    elif ! pkg-config --exists libpq; then echo "libpq-dev is not installed"
    elif [ "$(basename "$(dirname "$PG_BIN")")" -lt 15 ]; then echo "PostgreSQL is older than 15"
    elif [ "$(id -u)" = 0 ] && ! command -v setpriv >/dev/null; then echo "setpriv is not installed"
    fi
}

pg_why_no_store() {
    pg_none=$(pg_why_not)
    ! "$BLINDSPOT" init "postgresql://127.0.0.1:1/x?schema=x" "$T/none" 2>&1 | grep -q "without PostgreSQL" ||
        pg_none="this build is without libpq"
    echo "$pg_none"
}

pg_wanted() {
    pg_none=$(pg_why_no_store)
    if [ -n "$pg_none" ]; then skip "$1" "$pg_none"; exit 0; fi
    trap 'pg_end; suite_end' EXIT
}

# The server's user, where root is not allowed to be it.
pg_as() {
    if [ "$(id -u)" = 0 ]; then
        pg_owner=nobody
        ! getent passwd postgres >/dev/null || pg_owner=postgres
        exec setpriv --reuid="$(id -u $pg_owner)" --regid="$(id -g $pg_owner)" --clear-groups \
            env HOME="$PG_DIR" "$@"
    fi
    exec env HOME="$PG_DIR" "$@"
}

pg_ready() { "$PG_BIN/pg_isready" -q -h 127.0.0.1 -p "$PG_PORT"; }

# Prints nothing: 0 when it takes connections. A port that is taken ends it at once.
pg_start() {
    (cd "$PG_DIR" && pg_as "$PG_BIN/postgres" -D "$PG_DIR/data" -p "$PG_PORT") >>"$PG_DIR/log" 2>&1 &
    PG_PID=$!
    pg_tries=0
    until pg_ready; do
        pg_tries=$((pg_tries + 1))
        if [ $pg_tries -gt 400 ] || ! kill -0 $PG_PID 2>/dev/null; then return 1; fi
        sleep 0.05
    done
}

pg_stop() {
    [ -n "$PG_PID" ] || return 0
    kill "-${1:-INT}" "$PG_PID" 2>/dev/null
    wait "$PG_PID" 2>/dev/null
    PG_PID=
}

pg_begin() {
    # Its user has to reach it, which it cannot below a folder of root's.
    if [ "$(id -u)" = 0 ]; then pg_base=/tmp; else pg_base=${TMPDIR:-/tmp}; fi
    PG_DIR=$(mktemp -d "$pg_base/blindspot-pg.XXXXXX") || return 1
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$PG_DIR/password"
    printf '*:*:*:%s:%s\n' $PG_USER "$(cat "$PG_DIR/password")" >"$PG_DIR/pgpass"
    chmod 600 "$PG_DIR/pgpass" "$PG_DIR/password"
    export PGPASSFILE="$PG_DIR/pgpass"
    if [ "$(id -u)" = 0 ]; then
        pg_owner=nobody
        ! getent passwd postgres >/dev/null || pg_owner=postgres
        chown "$pg_owner" "$PG_DIR" "$PG_DIR/password"
    fi
    (cd "$PG_DIR" && pg_as "$PG_BIN/initdb" -D "$PG_DIR/data" -U $PG_USER --pwfile="$PG_DIR/password" \
        --auth=scram-sha-256 --no-sync --encoding=UTF8 --locale=C) >"$PG_DIR/log" 2>&1 || return 1
    rm -f "$PG_DIR/password"
    # Only a power cut could lose what fsync keeps, and none is tried here.
    printf '%s\n' "listen_addresses = '127.0.0.1'" "unix_socket_directories = '$PG_DIR'" \
        "fsync = off" "shared_buffers = 16MB" "max_connections = 60" "log_statement = ddl" \
        "${PG_CONFIG:-}" >>"$PG_DIR/data/postgresql.conf"
    pg_tried=0
    while [ $pg_tried -lt 8 ]; do
        # Below the ports that the system gives to who asks for none.
        PG_PORT=$((20000 + $(od -An -N2 -tu2 /dev/urandom | tr -d ' ') % 12000))
        if ! pg_ready && pg_start; then
            PG_URL=postgresql://$PG_USER@127.0.0.1:$PG_PORT/postgres
            return 0
        fi
        pg_stop QUIT
        pg_tried=$((pg_tried + 1))
    done
    tail -n 5 "$PG_DIR/log" >&2
    return 1
}

pg_end() {
    pg_stop QUIT
    [ -z "${PG_DIR:-}" ] || rm -rf "$PG_DIR"
    PG_DIR=
}

pg_sql() {
    "$PG_BIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$PG_PORT" -U "${2:-$PG_USER}" -w -d "${3:-postgres}" -c "$1" 2>&1
}

case $0 in
*pg.sh)
    set -u
    why=$(pg_why_not)
    [ -z "$why" ] || { echo "$why" >&2; exit 77; }
    trap pg_end EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP PIPE
    pg_begin || exit 1
    BLINDSPOT_TEST_PG=$PG_URL "$@"
    exit $? ;;
esac
