/* platform/tiktok.c: addresses of the platform. */
#include "platform/tiktok.h"
#include "record/id.h"

static bool handle_fits_address(struct str h)
{
    for (size_t i = 0; i < h.n; i++) {
        const char c = h.p[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            c != '.' && c != '_' && c != '-')
            return false;
    }
    return h.n > 0;
}

void tiktok_post_url(struct buf *out, uint64_t id, struct str handle)
{
    char text[ID_TEXT_MAX];

    buf_puts(out, "https://www.tiktok.com/@");
    buf_str(out, handle_fits_address(handle) ? handle : STR("_"));
    buf_puts(out, "/video/");
    buf_puts(out, id_text(id, text));
}
