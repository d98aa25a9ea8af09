/* tests/bench/site.c */
#include <arpa/inet.h>
#include <inttypes.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"
#include "base/http.h"
#include "fixtures/standin.h"
#include "tests/bench/lab.h"
#include "tests/bench/site.h"

#define NGINX "/usr/sbin/nginx"
#define LEVEL 6                // what servers use unless told otherwise
#define SPARE 4                // items in the world for one public page

bool site_possible(void)
{
    return access(NGINX, X_OK) == 0;
}

/* Thousands of pages that nobody needs after a crash: no fsync. */
static void write_plain(const char *path, struct str bytes)
{
    FILE *f = fopen(path, "wb");

    if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f))
        lab_fail("%s cannot be written", path);
}

static void keep_page(struct site *site, struct libdeflate_compressor *z, uint64_t id,
                      struct str html)
{
    struct buf *packed = &site->packed[site->pages];
    char name[64], *path;

    buf_grow(packed, libdeflate_gzip_compress_bound(z, html.n));
    packed->n = libdeflate_gzip_compress(z, html.p, html.n, packed->p, packed->cap);
    snprintf(name, sizeof name, "www/%" PRIu64 ".html.gz", id);
    path = file_join(site->dir, name);
    write_plain(path, buf_view(packed));
    free(path);
    site->id[site->pages++] = id;
    site->raw_bytes += (double)html.n;
    site->packed_bytes += (double)packed->n;
}

/* Asks the stand-in for the page of every public item, one after another. */
static void read_pages(struct site *site, const struct world *w, int port, int pages)
{
    struct libdeflate_compressor *z = libdeflate_alloc_compressor(LEVEL);
    struct http_opts opts = { .max_in_flight = 1 };
    struct http *http = NULL;
    struct err err = { 0 };

    if (!z || http_new(&http, &opts, &err))
        lab_fail("%s", err.msg);
    for (size_t i = 0; i < w->items && site->pages < pages; i++) {
        struct http_exchange x;
        char url[96];

        if (world_page_at(w, &w->item[i], WORLD_START).view != VIEW_PUBLIC)
            continue;
        snprintf(url, sizeof url, "http://127.0.0.1:%d/@_/video/%" PRIu64, port, w->item[i].id);
        http_submit(http, &(struct http_request){ .url = url, .body_max = (size_t)1 << 24 });
        if (http_next(http, 10000, &x, &err) != 1 || x.status != 200)
            lab_fail("the stand-in gives no page %s", url);
        keep_page(site, z, w->item[i].id, x.body);
    }
    http_free(http);
    libdeflate_free_compressor(z);
}

static void write_list(const struct site *site, const char *name, const char *base)
{
    struct buf text = { 0 };
    char *path = file_join(site->dir, name);

    for (int i = 0; i < site->pages; i++)
        buf_printf(&text, "%s/@_/video/%" PRIu64 "\n", base, site->id[i]);
    write_plain(path, buf_view(&text));
    free(path);
    buf_release(&text);
}

void site_make(struct site *site, const char *dir, int pages)
{
    char *www = file_join(dir, "www"), *clock_path = file_join(dir, "clock");
    struct standin_opts opts = STANDIN_DEFAULTS;
    struct world_params params;
    struct standin *standin = NULL;
    struct err err = { 0 };

    *site = (struct site){ .dir = dir, .id = xcalloc((size_t)pages, sizeof *site->id),
                           .packed = xcalloc((size_t)pages, sizeof *site->packed) };
    world_params_default(&params, 41, (uint32_t)pages * SPARE);
    opts.dir = dir;
    opts.clock_path = clock_path;
    if (file_mkdirs(www, &err) || chmod(dir, 0755) || world_new(&params, &opts.world, &err) ||
        standin_start(&standin, &opts, &err))
        lab_fail("%s", err.msg);
    read_pages(site, opts.world, standin_port(standin), pages);
    if (site->pages < pages)
        lab_fail("the world has only %d public pages", site->pages);
    standin_stop(standin);
    world_free(opts.world);
    free(www);
    free(clock_path);
}

static int free_port(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) ||
        getsockname(fd, (struct sockaddr *)&at, &n))
        lab_fail("no free port");
    close(fd);
    return ntohs(at.sin_port);
}

static void write_config(const struct site *site, const char *path)
{
    static const char *const temporary[] = { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" };
    struct buf b = { 0 };

    buf_printf(
        &b,
        "daemon off; master_process off; pid %s/pid; error_log stderr;\n"
        "events { worker_connections 512; }\nhttp { access_log off; sendfile on; "
        "keepalive_requests 1000000;\n"
        "open_file_cache max=10000;\n",
        site->dir);
    for (size_t i = 0; i < sizeof temporary / sizeof *temporary; i++)
        buf_printf(&b, "%s_temp_path %s/temp;\n", temporary[i], site->dir);
    buf_printf(
        &b,
        "server { listen 127.0.0.1:%d; root %s/www; types {} default_type \"text/html; "
        "charset=utf-8\";\n"
        "gzip_static always; location / { rewrite \"^/@[^/]*/video/([0-9]+)$\" /$1.html break; "
        "} } }\n",
        site->port, site->dir);
    write_plain(path, buf_view(&b));
    buf_release(&b);
}

static bool listens(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                              .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool yes = connect(fd, (struct sockaddr *)&at, sizeof at) == 0;

    close(fd);
    return yes;
}

void site_serve(struct site *site, int core)
{
    char base[64], *config = file_join(site->dir, "nginx.conf");
    char *args[] = { NGINX, "-p", (char *)site->dir, "-c", config, "-e", "/dev/null", NULL };

    site->port = free_port();
    write_config(site, config);
    snprintf(base, sizeof base, "http://127.0.0.1:%d", site->port);
    write_list(site, "urls.txt", base);
    write_list(site, "links.txt", "https://www.tiktok.com");
    site->nginx = lab_start(args, core);
    for (int i = 0; !listens(site->port); i++) {
        if (i == 200)
            lab_fail("nginx does not listen");
        usleep(25000);
    }
    free(config);
}

void site_end(struct site *site)
{
    if (site->nginx > 0)
        lab_stop(site->nginx);
    for (int i = 0; i < site->pages; i++)
        buf_release(&site->packed[i]);
    free(site->packed);
    free(site->id);
}
