/* audit/pseudonym.c: an HMAC of the id; its key is a file outside the audit's folder. */
#include "audit/pseudonym.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/digest.h"
#include "base/file.h"

#define KEY_MAX 4096

static char *key_path(const struct audit *audit)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct buf path = { 0 };
    char *out;

    if (*audit->set.evidence_purge_key)
        return xstrdup(audit->set.evidence_purge_key);
    if (state && *state)
        buf_printf(&path, "%s/blindspot", state);
    else
        buf_printf(&path, "%s/.local/state/blindspot", home && *home ? home : ".");
    buf_printf(&path, "/purge-%.*s.key", STR_ARG(buf_view(&audit->name)));
    out = xstrdup(buf_cstr(&path));
    buf_release(&path);
    return out;
}

/* For its owner's eyes, and on the disk before the first pseudonym is. */
static int make_key(const char *path, struct err *err)
{
    struct digest key;
    char text[DIGEST_HEX + 1];
    int fd, rc = 0;

    digest_random(key.b);
    digest_hex(&key, text);
    text[DIGEST_HEX - 1] = '\n';    // in the place of the final NUL
    if (file_mkdirs_of(path, err))
        return -1;
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text, DIGEST_HEX) != DIGEST_HEX || fsync(fd))
        rc = err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return rc;
}

int pseudonym_key(struct audit *audit, struct buf *key, struct err *err)
{
    char *path = key_path(audit);
    int rc = file_exists(path) ? 0 : make_key(path, err);

    if (rc == 0 && (rc = file_read(path, KEY_MAX, key, err)) == 0 &&
        str_trim(buf_view(key)).n < DIGEST_HEX - 1)
        rc = err_set(err, ERR_USAGE, "%s: expected a key of 64 hexadecimal digits", path);
    free(path);
    return rc;
}

int pseudonym_key_there(struct audit *audit, struct buf *key, bool *has, struct err *err)
{
    char *path = key_path(audit);
    struct stat st;
    int rc = 0;

    *has = stat(path, &st) == 0 && S_ISREG(st.st_mode);
    if (*has)
        rc = file_read(path, KEY_MAX, key, err);
    free(path);
    return rc;
}

int pseudonym_find(struct audit *audit, uint64_t id, int64_t *item, struct err *err)
{
    struct buf key = { 0 };
    bool has = false;
    int rc = pseudonym_key_there(audit, &key, &has, err);

    *item = 0;
    if (rc == 0 && has)
        rc = store_item_find(audit->store, store_pseudonym(str_trim(buf_view(&key)), id), item,
                             err);
    buf_release(&key);
    return rc;
}
