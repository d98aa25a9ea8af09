/* tests/unit/standin_box.h: a stand-in over a small world, asked over plain sockets. */
#ifndef TESTS_UNIT_STANDIN_BOX_H
#define TESTS_UNIT_STANDIN_BOX_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>
#include "fixtures/standin.h"

struct box {
    struct world *w;
    struct standin *s;
    char dir[64], clock[96];
    struct buf raw;    // the last reply, head and body
    struct str head, body;
    int status;
};

static inline void ask_with(struct box *x, const char *path, const char *headers)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)standin_port(x->s)) };
    struct buf q = { 0 };
    char chunk[8192];
    ptrdiff_t end;
    ssize_t n;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    buf_printf(&q, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n", path,
               headers);
    assert_int_equal(write(fd, q.p, q.n), (ssize_t)q.n);
    buf_release(&q);
    buf_clear(&x->raw);
    while ((n = read(fd, chunk, sizeof chunk)) > 0)
        buf_add(&x->raw, chunk, (size_t)n);
    close(fd);
    buf_cstr(&x->raw);
    end = str_find(buf_view(&x->raw), STR("\r\n\r\n"), 0);
    assert_true(end > 12);
    x->head = (struct str){ x->raw.p, (size_t)end };
    x->body = (struct str){ x->raw.p + end + 4, x->raw.n - (size_t)end - 4 };
    x->status = atoi(x->raw.p + 9);
}

static inline void ask(struct box *x, const char *path) { ask_with(x, path, ""); }

/* quirks: one, or several with ";" between them. */
static inline struct box *open_box(const char *quirks, uint32_t items)
{
    struct box *x = xcalloc(1, sizeof *x);
    struct standin_opts o = STANDIN_DEFAULTS;
    struct world_params p;
    struct err err = { 0 };
    const char *tmp = getenv("TMPDIR");
    struct str rest = str_of(quirks), one;

    snprintf(x->dir, sizeof x->dir, "%.40s/embedXXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    assert_non_null(mkdtemp(x->dir));
    snprintf(x->clock, sizeof x->clock, "%s/clock", x->dir);
    world_params_default(&p, 7, items);
    assert_int_equal(world_params_set(&p, "account_least=12", &err), 0);
    assert_int_equal(world_new(&p, &x->w, &err), 0);
    o.world = x->w;
    o.clock_path = x->clock;
    o.page_kb = 8;
    while (str_cut(&rest, ';', &one)) {
        char spec[80];

        snprintf(spec, sizeof spec, "%.*s", STR_ARG(str_trim(one)));
        if (*spec && quirk_set(&o.quirks, spec, &err))
            fail_msg("%s", err.msg);
    }
    assert_int_equal(standin_start(&x->s, &o, &err), 0);
    return x;
}

static inline void close_box(struct box *x)
{
    standin_stop(x->s);
    world_free(x->w);
    buf_release(&x->raw);
    unlink(x->clock);
    rmdir(x->dir);
    free(x);
}
#endif
