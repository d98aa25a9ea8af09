/* base/bucket_keys.c: read by hand and not by base/ini: libinih stops at 200 bytes, of which a
 * session token has a thousand, and an error there shows the line. */
#include "base/bucket_keys.h"
#include <stdlib.h>
#include <string.h>
#include "base/file.h"

#define FILE_OF_KEYS ".aws/credentials"
#define REGION "us-east-1"

static void forget(struct buf *b)
{
    if (b->p)
        explicit_bzero(b->p, b->cap);
    buf_release(b);
}

void bucket_keys_release(struct bucket_keys *k)
{
    forget(&k->id);
    forget(&k->secret);
    forget(&k->token);
    forget(&k->region);
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f)
            return false;
    return s.n <= BUCKET_KEY_MAX;
}

/* It stands in what is signed, and in a URL's way of writing. */
static bool is_region(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", s.p[i]))
            return false;
    return s.n > 0 && s.n <= 64;
}

static void set(struct buf *to, struct str value)
{
    forget(to);
    buf_str(to, value);
    buf_cstr(to);
}

/* ---- the file ---- */
static struct buf *place_of(struct bucket_keys *k, struct str name)
{
    return str_eq_nocase(name, STR("aws_access_key_id"))       ? &k->id
           : str_eq_nocase(name, STR("aws_secret_access_key")) ? &k->secret
           : str_eq_nocase(name, STR("aws_session_token"))     ? &k->token
           : str_eq_nocase(name, STR("region"))                ? &k->region
                                                               : NULL;
}

/* Other names are other tools' settings. */
static int take_pair(struct bucket_keys *k, struct str line, int no, struct err *err)
{
    struct str value = line, name;
    struct buf *to;

    if (!str_cut(&value, '=', &name) || name.n == line.n)
        return err_set(err, ERR_AUTH, "line %d: expected NAME = VALUE", no);
    name = str_trim(name);
    value = str_trim(value);
    if (!(to = place_of(k, name)))
        return 0;
    if (value.n == 0 || !is_plain(value) || (to == &k->region && !is_region(value)))
        return err_set(err, ERR_AUTH, "line %d: %.*s: expected one word of at most %d bytes", no,
                       STR_ARG(name), BUCKET_KEY_MAX);
    set(to, value);
    return 0;
}

static bool is_section(struct str line, const char *section)
{
    return line.n > 2 && line.p[line.n - 1] == ']' &&
           str_eq(str_trim(str_sub(line, 1, line.n - 2)), str_of(section));
}

static int have_both(const struct bucket_keys *k, struct err *err)
{
    if (k->id.n && k->secret.n)
        return 0;
    return err_set(err, ERR_AUTH, "no %s in it",
                   k->id.n ? "aws_secret_access_key" : "aws_access_key_id");
}

int bucket_keys_parse(struct bucket_keys *k, struct str text, const char *section,
                      struct err *err)
{
    struct bucket_keys read = { 0 };
    bool inside = false, seen = false;
    struct str line;
    int no = 0, rc = 0;

    while (rc == 0 && str_cut(&text, '\n', &line)) {
        no++;
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
            continue;
        if (line.p[0] == '[')
            seen |= inside = is_section(line, section);
        else if (inside)
            rc = take_pair(&read, line, no, err);
    }
    if (rc == 0 && !seen)
        rc = err_set(err, ERR_AUTH, "no section [%s]", section);
    rc = rc || have_both(&read, err) ? -1 : 0;
    if (rc == 0) {
        bucket_keys_release(k);
        *k = read;
    } else {
        bucket_keys_release(&read);
    }
    return rc;
}

static int read_file(struct bucket_keys *k, struct err *err)
{
    const char *home = getenv("HOME"), *profile = getenv("AWS_PROFILE");
    char *path = file_join(home && *home ? home : "/", FILE_OF_KEYS);
    struct buf text = { 0 };
    int rc;

    if (!file_exists(path))
        rc = err_set(err, ERR_AUTH,
                     "no keys to the bucket: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
                     "have them in ~/" FILE_OF_KEYS);
    else if (file_read(path, BUCKET_KEYS_FILE_MAX, &text, err))
        rc = -1;
    else if ((rc = bucket_keys_parse(k, buf_view(&text), profile && *profile ? profile : "default",
                                     err)))
        err_wrap(err, "~/" FILE_OF_KEYS);
    if (rc)
        err->kind = ERR_AUTH;
    forget(&text);
    free(path);
    return rc;
}

/* ---- the environment ---- */
static int take_env(struct buf *to, const char *name, struct err *err)
{
    const struct str value = str_of(getenv(name));

    if (value.n && !is_plain(value))
        return err_set(err, ERR_AUTH, "%s: expected one word", name);
    set(to, value);
    return 0;
}

static int read_env(struct bucket_keys *k, struct err *err)
{
    if (take_env(&k->id, "AWS_ACCESS_KEY_ID", err) ||
        take_env(&k->secret, "AWS_SECRET_ACCESS_KEY", err) ||
        take_env(&k->token, "AWS_SESSION_TOKEN", err))
        return -1;
    if (k->id.n && k->secret.n)
        return 0;
    return err_set(err, ERR_AUTH, "no %s in the environment, but the other half of it",
                   k->id.n ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
}

static bool in_env(const char *name)
{
    const char *value = getenv(name);

    return value && *value;
}

int bucket_keys_read(struct bucket_keys *k, struct err *err)
{
    const struct str region = str_of(getenv("AWS_REGION"));
    const bool env = in_env("AWS_ACCESS_KEY_ID") || in_env("AWS_SECRET_ACCESS_KEY");
    int rc = env ? read_env(k, err) : read_file(k, err);

    if (rc == 0 && region.n && !is_region(region))
        rc = err_set(err, ERR_AUTH, "AWS_REGION: expected a name such as eu-central-1");
    else if (rc == 0 && region.n)
        set(&k->region, region);
    else if (rc == 0 && !k->region.n)
        set(&k->region, STR(REGION));
    if (rc)
        bucket_keys_release(k);
    return rc;
}
