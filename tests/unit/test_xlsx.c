/* tests/unit/test_xlsx.c: spreadsheets: whose cells are texts, whose are links, and why an id in
 * a cell of numbers is none. */
#include "import_box.h"

#define BOOK "<?xml version=\"1.0\"?><workbook/>"
#define SHEET(rows)                                                                     \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"m\"><sheetData>" rows \
    "</sheetData></worksheet>"
#define S(ref, text) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define N(ref, number) "<c r=\"" ref "\"><v>" number "</v></c>"

static void book_begin(struct zip *z)
{
    zip_begin(z, 1 << 20, NULL);
    zip_add(z, "[Content_Types].xml", "<Types/>");
    zip_add(z, "xl/workbook.xml", BOOK);
}
static void one_sheet(struct box *b, const char *sheet)
{
    struct zip z;

    book_begin(&z);
    zip_add(&z, "xl/worksheets/sheet1.xml", sheet);
    if (zip_import(&z, b))
        fail_msg("%s", b->err.msg);
    assert_string_equal(b->count.kind, "xlsx");
}
static void cells_of_text_are_read(void **state)
{
    struct box b;

    (void)state;
    one_sheet(&b,
              SHEET("<row r=\"1\">" S("A1", "n") S("B1", "url") "</row><row r=\"2\">" N("A2", "1")
                        S("B2", URL1) "</row><row r=\"3\">" N("A3", "2") S("B3", URL2) "</row>"));
    assert_int_equal(b.len, 2);
    assert_string_equal(b.count.column, "url");
    assert_int_equal(b.count.rows, 2);
    /* below a title */
    one_sheet(&b, SHEET("<row r=\"1\">" S("A1", "my list") "</row><row r=\"3\">" S("A3", "n") S(
                      "B3", "url") "</row><row r=\"4\">" N("A4", "1") S("B4", URL1) "</row>"));
    assert_int_equal(b.len, 1);
    assert_string_equal(b.count.column, "url");
    assert_int_equal(b.count.rows, 1);
}
static void texts_that_cells_share_are_read_wherever_they_lie(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    book_begin(&z);    // the list lies behind the sheet, in runs, with a reading aid
    zip_add(&z, "xl/worksheets/sheet1.xml",
            SHEET("<row><c t=\"s\"><v>0</v></c></row><row><c t=\"s\"><v>1</v></c></row>"
                  "<row><c t=\"s\"><v>2</v></c></row><row><c t=\"s\"><v>9</v></c></row>"));
    zip_add(
        &z, "xl/sharedStrings.xml",
        "<sst xmlns=\"m\"><si><t>video_id</t></si><si><r><t>73614489259</t></r><r><t>"
        "72155679</t></r>"
        "<rPh><t>123</t></rPh></si><si><t xml:space=\"preserve\"> " ID2 "</t></si></sst>");
    assert_int_equal(zip_import(&z, &b), 0);
    assert_int_equal(b.len, 2);
    assert_int_equal(b.count.rows, 3);
    assert_int_equal(b.count.gave_nothing, 1);
}
static void ids_in_cells_of_numbers_are_spoiled(void **state)
{
    struct box b;

    (void)state;
    one_sheet(&b, SHEET("<row>" S("A1", "video_id") S(
                      "B1", "views") "</row>"
                                     "<row>" N("A2", "7.6355877069778974E+18")
                                         N("B2", "12") "</row>"
                                                       "<row>" N("A3", "7635695939151285248")
                                                           N("B3", "7") "</row>"
                                                                        "<row>" S("A4", ID1)
                                                                            N("B4", "7") "</row>"));
    assert_int_equal(b.len, 1);
    assert_int_equal(b.count.taken, 1);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 2);
    assert_non_null(strstr(b.notes, "2 ids are written as a number of a spreadsheet"));
}
static void links_beside_numbers_are_taken_and_the_numbers_told(void **state)
{
    struct box b;

    (void)state;
    one_sheet(&b,
              SHEET("<row>" S("A1", "id") S("B1", "link") S(
                  "C1", "author_id") "</row>"
                                     "<row>" N("A2", "7.36144892597216E+18") S("B2", URL1) N(
                                         "C2", "6.8E+18") N("D2", "1780000000123456789")
                                         N("E2", "7.1E+18") "</row>"
                                                            "<row>" N("A3", "7.32076819656960E+18")
                                                                S("B3", URL2) "</row>"));
    assert_int_equal(b.len, 2);
    assert_string_equal(b.count.column, "link");
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 3);
}
static void what_a_click_opens_is_a_link(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    book_begin(&z);
    zip_add(&z, "xl/worksheets/_rels/sheet1.xml.rels",
            "<Relationships><Relationship Id=\"rId1\" Target=\"" URL1
            "?a=1&amp;b=2\" TargetMode=\"External\"/>"
            "<Relationship Id=\"rId2\" Target=\"https://example.org/\"/>"
            "<Relationship Id=\"rId3\" Target=\"" URL3 "\"/></Relationships>");
    zip_add(
        &z, "xl/worksheets/sheet1.xml",
        "<x:worksheet xmlns:x=\"m\" xmlns:rel=\"r\"><x:sheetData><x:row r=\"1\">"
        "<x:c r=\"A1\" t=\"inlineStr\"><x:is><x:t>post</x:t></x:is></x:c></x:row>"
        "<x:row r=\"2\"><x:c r=\"A2\" t=\"inlineStr\"><x:is><x:t>a clip</x:t></x:is></x:c></x:row>"
        "<x:row r=\"3\"><x:c r=\"A3\"><x:v>7.37672621517813E+18</x:v></x:c></x:row>"
        "<x:row r=\"4\"><x:c r=\"A4\" t=\"str\"><x:f>HYPERLINK(\"" URL2
        "\",\"clip\")</x:f><x:v>clip</x:v></x:c></x:row>"
        "</x:sheetData><x:hyperlinks><x:hyperlink ref=\"A2\" rel:id=\"rId1\"/>"
        "<x:hyperlink ref=\"A9\" rel:id=\"rId2\"/>"
        "<x:hyperlink ref=\"A3\" rel:id=\"rId3\"/></x:hyperlinks></x:worksheet>");
    assert_int_equal(zip_import(&z, &b), 0);
    assert_int_equal(b.len, 3);
    assert_int_equal(b.count.gave_nothing, 0);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 0);
}
static void every_sheet_is_read_and_damage_costs_its_own_alone(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    book_begin(&z);
    zip_add(&z, "xl/worksheets/sheet1.xml",
            SHEET("<row>" S("A1", "url") "</row><row>" S("A2", URL1) "</row>"));
    zip_add(&z, "xl/worksheets/sheet2.xml", "<worksheet><sheetData><row><c");
    zip_add(&z, "xl\\worksheets\\sheet3.xml",
            SHEET("<row>" S("A1", "n") S("C1", "link") "</row><row>" S(
                "C2", URL2) "</row><row/>"
                            "<row><c r=\"A4\" s=\"3\"/></row>"));
    zip_add(&z, "xl/worksheets/sheet4.xml", SHEET("<row>" S("A1", "notes, and " URL3) "</row>"));
    assert_int_equal(zip_import(&z, &b), 0);
    assert_int_equal(b.len, 3);
    assert_int_equal(b.count.tables, 3);
    assert_non_null(
        strstr(b.notes, "the sheet xl/worksheets/sheet2.xml was read up to its damage"));
    assert_non_null(strstr(b.notes, "a further table: column link was taken"));
}
static void a_row_whose_cell_is_left_out_falls_back(void **state)
{
    struct box b;

    (void)state;
    one_sheet(&b, SHEET("<row>" S("A1", "other") S("D1", "url") "</row><row>" S(
                      "D2", URL1) "</row>"
                                  "<row>" S("D3", URL2) "</row><row>" S("A4", URL3) "</row><row>" S(
                                      "B5", "x") "</row>"));
    assert_int_equal(b.len, 3);
    assert_int_equal(b.count.fell_back, 1);
    assert_int_equal(b.count.gave_nothing, 1);
    assert_int_equal(b.count.skipped[SKIP_PLACEHOLDER], 1);
}
static void what_is_no_workbook_is_told(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    book_begin(&z);
    assert_int_equal(zip_import(&z, &b), -1);
    assert_int_equal(b.err.kind, ERR_INPUT);
    assert_non_null(strstr(b.err.msg, "without sheets"));
    book_begin(&z);
    zip_add(
        &z, "xl/worksheets/sheet1.xml",
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><worksheet>"
        "&b;</worksheet>");
    assert_int_equal(zip_import(&z, &b), -1);
    assert_non_null(strstr(b.notes, "has a DTD"));
}
static void a_tag_without_end_takes_no_time(void **state)
{
    struct buf sheet = { 0 };
    struct zip z;
    struct box b;

    (void)state;
    buf_puts(&sheet, "<worksheet ");
    for (int i = 0; i < 100000; i++)
        buf_printf(&sheet, "a%d=\">\" ", i);
    buf_puts(&sheet, "/>");
    zip_begin(&z, 4 << 20, NULL);
    zip_add(&z, "xl/workbook.xml", BOOK);
    zip_add_bytes(&z, "xl/worksheets/sheet1.xml", buf_view(&sheet));
    assert_int_equal(zip_import(&z, &b), -1);
    assert_non_null(strstr(b.notes, "a tag without end"));
    buf_release(&sheet);
}
static void a_sheet_that_grows_without_measure_is_refused(void **state)
{
    size_t n = 80u << 20;
    char *bomb = calloc(1, n);
    struct zip z;
    struct box b;

    (void)state;
    memset(bomb, ' ', n);
    memcpy(bomb, "<worksheet>", 11);
    zip_begin(&z, 4 << 20, NULL);
    zip_add(&z, "xl/workbook.xml", BOOK);
    zip_add_bytes(&z, "xl/worksheets/sheet1.xml", (struct str){ bomb, n });
    assert_int_equal(zip_import(&z, &b), -1);
    assert_non_null(strstr(b.notes, "200 times"));
    free(bomb);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_text_are_read),
        cmocka_unit_test(texts_that_cells_share_are_read_wherever_they_lie),
        cmocka_unit_test(ids_in_cells_of_numbers_are_spoiled),
        cmocka_unit_test(links_beside_numbers_are_taken_and_the_numbers_told),
        cmocka_unit_test(what_a_click_opens_is_a_link),
        cmocka_unit_test(every_sheet_is_read_and_damage_costs_its_own_alone),
        cmocka_unit_test(a_row_whose_cell_is_left_out_falls_back),
        cmocka_unit_test(what_is_no_workbook_is_told),
        cmocka_unit_test(a_tag_without_end_takes_no_time),
        cmocka_unit_test(a_sheet_that_grows_without_measure_is_refused),
    };

    return cmocka_run_group_tests_name("xlsx", tests, NULL, NULL);
}
