/* tests/fuzz/fuzz_xlsx.c: a spreadsheet's parts: the bytes are a sheet, then, each behind a NUL,
 * its relations and the list of texts; a workbook is made of them. What damages the ZIP
 * itself is fuzz_donation_zip's. */
#include <archive.h>
#include <archive_entry.h>
#include <sys/mman.h>
#include <unistd.h>
#include "import_fuzz.h"

static void put(struct archive *a, const char *name, struct str bytes)
{
    struct archive_entry *e = archive_entry_new();

    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_size(e, (la_int64_t)bytes.n);
    if (archive_write_header(a, e) < ARCHIVE_WARN ||
        archive_write_data(a, bytes.p ? bytes.p : "", bytes.n) != (la_ssize_t)bytes.n)
        abort();
    archive_entry_free(e);
}
static int workbook(struct str text)
{
    struct archive *a = archive_write_new();
    int fd = memfd_create("book", 0);
    struct str part;

    if (fd < 0 || archive_write_set_format_zip(a) != ARCHIVE_OK ||
        archive_write_set_options(a, "zip:compression=store") != ARCHIVE_OK ||
        archive_write_open_fd(a, fd) != ARCHIVE_OK)
        abort();
    put(a, "xl/workbook.xml", STR("<workbook/>"));
    if (str_cut(&text, '\0', &part))
        put(a, "xl/worksheets/sheet1.xml", part);
    if (str_cut(&text, '\0', &part))
        put(a, "xl/worksheets/_rels/sheet1.xml.rels", part);
    if (str_cut(&text, '\0', &part))
        put(a, "xl/sharedStrings.xml", part);
    if (archive_write_close(a) != ARCHIVE_OK)
        abort();
    archive_write_free(a);
    return fd;
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct collector in = fuzz_collector();
    const char *kind = NULL;
    struct err err = { 0 };
    int fd = workbook((struct str){ (const char *)data, n });

    if (!package_read(&in, fd, &kind, &err) && (!kind || collect_end(&in, &err)))
        abort();
    collector_release(&in);
    close(fd);
    return 0;
}
