/* audit/rulebook.c: the rules are parsed once to learn which lists they refer to. */
#include "audit/rulebook.h"
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/file.h"
#include "classify/defaults.h"

#define TEXT_MAX (1 << 20)       // rules and lists are small files

struct reading { struct rulebook *book; char *dir; };

static void keep(struct rulebook *b, const char *name, struct str text)
{
    struct rulebook_list *l;

    ARRAY_ROOM(b->list, b->n, b->cap);
    l = &b->list[b->n++];
    *l = (struct rulebook_list){ .name = xstrdup(name) };
    buf_str(&l->text, text);
}

/* A wrong name in the rules is the owner's; what is there and cannot be read is the machine's. */
static int load_file(void *to, const char *name, struct buf *out, struct err *err)
{
    struct reading *r = to;
    char *path = file_join(r->dir, name);
    int rc = file_read(path, TEXT_MAX, out, err);

    if (rc && !file_exists(path))
        err->kind = ERR_USAGE;
    if (rc == 0)
        keep(r->book, name, buf_view(out));
    free(path);
    return rc;
}

static int load_shipped(void *to, const char *name, struct buf *out, struct err *err)
{
    struct reading *r = to;

    if (strcmp(name, "company_handles.txt") != 0)
        return err_set(err, ERR_IO, "the shipped rules refer to %s, which is not shipped", name);
    buf_str(out, defaults_handles());
    keep(r->book, name, defaults_handles());
    return 0;
}

static int load_kept(void *to, const char *name, struct buf *out, struct err *err)
{
    const struct rulebook *b = to;

    for (size_t i = 0; i < b->n; i++)
        if (!strcmp(b->list[i].name, name)) {
            buf_str(out, buf_view(&b->list[i].text));
            return 0;
        }
    return err_set(err, ERR_IO, "%s: the list %s was not read", b->name, name);
}

static struct digest digest_whole(const struct rulebook *b)
{
    struct digest_ctx sum;
    struct digest one;

    digest_start(&sum);
    digest_add(&sum, b->digest.b, DIGEST_BYTES);
    for (size_t i = 0; i < b->n; i++) {
        one = digest_sha256(str_of(b->list[i].name));
        digest_add(&sum, one.b, DIGEST_BYTES);
        one = digest_sha256(buf_view(&b->list[i].text));
        digest_add(&sum, one.b, DIGEST_BYTES);
    }
    return digest_finish(&sum);
}

static int learn(struct rulebook *b, const struct rules_loader *loader, struct err *err)
{
    struct rules *rules = NULL;

    if (rules_parse(&rules, b->name, buf_view(&b->text), loader, err))
        return -1;
    rules_free(rules);
    b->digest = digest_sha256(buf_view(&b->text));
    b->whole = digest_whole(b);
    return 0;
}

int rulebook_read(struct rulebook *b, const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    struct reading reading = { .book = b };
    const struct rules_loader loader = { load_file, &reading };
    int rc;

    memset(b, 0, sizeof *b);
    b->name = xstrdup(path);
    reading.dir = slash ? xstrdup(path) : xstrdup(".");
    if (slash)
        reading.dir[slash - path + (slash == path)] = '\0';
    rc = file_read(path, TEXT_MAX, &b->text, err) || learn(b, &loader, err) ? -1 : 0;
    free(reading.dir);
    if (rc)
        rulebook_release(b);
    return rc;
}

int rulebook_shipped(struct rulebook *b, struct err *err)
{
    struct reading reading = { .book = b };
    const struct rules_loader loader = { load_shipped, &reading };

    memset(b, 0, sizeof *b);
    b->name = xstrdup("the shipped rules.ini");
    buf_str(&b->text, defaults_rules());
    if (learn(b, &loader, err) == 0)
        return 0;
    rulebook_release(b);
    return -1;
}

int rulebook_parse(const struct rulebook *b, struct rules **out, struct err *err)
{
    const struct rules_loader loader = { load_kept, (void *)(uintptr_t)b };

    return rules_parse(out, b->name, buf_view(&b->text), &loader, err);
}

bool rulebook_same(const struct rulebook *a, const struct rulebook *b)
{
    return !memcmp(a->whole.b, b->whole.b, DIGEST_BYTES);
}

void rulebook_release(struct rulebook *b)
{
    for (size_t i = 0; i < b->n; i++) {
        free(b->list[i].name);
        buf_release(&b->list[i].text);
    }
    free(b->list);
    free(b->name);
    buf_release(&b->text);
    memset(b, 0, sizeof *b);
}
