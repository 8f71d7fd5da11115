import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.errors import DataError
from rnn_tui.tasks.own_data.csv_number import is_gap
from rnn_tui.tasks.own_data.csv_reader import read_table

# what breaks readers: delimiters, quotes, line ends of all kinds, signs, marks, and long runs of nothing
AWKWARD = st.lists(
    st.sampled_from(
        [
            *(*',;\t|" \n\r', "\r\n", "\n" * 60, ",,,", "\x0b", "\x0c", "\x85", "\u2028", "\ufeff", "\0"),
            *("1", "0.5", "-2", "1e9", "1e308", "1e400", "nan", "inf", "1_000", "3,5", "x", "date", "é", "٣"),
        ]
    ),
    max_size=40,
).map("".join)
ANY_BYTES = st.one_of(st.binary(max_size=80), AWKWARD.map(str.encode))


@pytest.fixture
def table(tmp_path):
    def read(content):
        path = tmp_path / "data.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(path)

    return read


def complaint(table, content, column=None):
    with pytest.raises(DataError) as caught:
        table(content).numbers(column)
    text = str(caught.value)
    assert "data.csv: " in text
    assert "\n" not in text
    return text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiter_header_and_line_ends_are_found_out(table, delimiter, header, line_end):
    rows = [["day", "mm"]] * header + [["mon", "1.5"], ["tue", "-2"], ["wed", "3e1"]]
    found = table(line_end.join(delimiter.join(row) for row in rows) + line_end)
    assert found.columns == (["day", "mm"] if header else ["1", "2"])
    np.testing.assert_array_equal(found.numbers("mm" if header else "2"), [1.5, -2, 30])
    np.testing.assert_array_equal(found.numbers(None), [1.5, -2, 30])


def test_rows_are_numbered_as_in_the_file(table):
    assert list(table("a,b\n1,2\n3,4\n").places) == [2, 3]
    assert list(table("1,2\n3,4\n").places) == [1, 2]
    assert list(table("\n\n1,2\n3,4\n\n").places) == [3, 4]


def test_one_column_needs_no_delimiter_and_no_header(table):
    np.testing.assert_array_equal(table("1\n2.5\n3").numbers(None), [1, 2.5, 3])
    np.testing.assert_array_equal(table("mm\n1\n2.5\n").numbers("mm"), [1, 2.5])


def test_a_byte_order_mark_does_not_become_part_of_the_first_name(table):
    found = table(b"\xef\xbb\xbfmm,day\n1,mon\n")
    assert found.columns == ["mm", "day"]
    np.testing.assert_array_equal(found.numbers("mm"), [1])


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(table):
    found = table('place,mm\n"Ljubljana, SI",1\n"a ""b""\nc",2\n"x","3"\n')
    assert found.cells(0) == ["Ljubljana, SI", 'a "b"\nc', "x"]
    np.testing.assert_array_equal(found.numbers("mm"), [1, 2, 3])


def test_spaces_around_cells_do_not_matter(table):
    np.testing.assert_array_equal(table(' day , mm \n mon , 1 \n tue, "2" \n').numbers("mm"), [1, 2])


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_line_ends_end_a_line(table, separator):
    found = table(f"note,mm\nx{separator}y,1\nz,2\n")
    np.testing.assert_array_equal(found.numbers("mm"), [1, 2])
    assert list(found.places) == [2, 3]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_comma_is_a_decimal_point_where_it_separates_no_cells(table, delimiter):
    found = table(f"day{delimiter}mm\nmon{delimiter}1,5\ntue{delimiter}-0,25\nwed{delimiter}2.5\nthu{delimiter}1,5e3\n")
    np.testing.assert_array_equal(found.numbers("mm"), [1.5, -0.25, 2.5, 1500])


def test_a_comma_in_quotes_is_a_decimal_point_where_the_column_has_no_other(table):
    np.testing.assert_array_equal(table('day,mm\nmon,"1,5"\ntue,2\nwed,3\n').numbers("mm"), [1.5, 2, 3])
    np.testing.assert_array_equal(table('day,mm\nmon,"1,500"\ntue,2\nwed,3\n').numbers("mm"), [1500, 2, 3])
    assert "'1,5'" in complaint(table, 'day,mm\nmon,"1,5"\ntue,2.5\nwed,3.5\n', "mm")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("7", 7), ("+7", 7), ("-.5", -0.5), ("7.", 7), ("1e3", 1000), ("1E-2", 0.01), (" 4 ", 4), ("007", 7)],
)
def test_numbers_are_read_as_python_reads_them(table, cell, value):
    np.testing.assert_array_equal(table(f"a,b\nx,{cell}\ny,1\n").numbers("b"), [value, 1])


@pytest.mark.parametrize(
    "cell", ["x", "inf", "-inf", "infinity", "1_00", "1e400", "0x1f", "1 2", "1.2.3", "--1", "1e", "--", "..", "n.a."]
)
def test_a_cell_that_is_no_finite_number_is_named_by_row_column_and_content(table, cell):
    text = complaint(table, f"day,mm\nmon,1\ntue,{cell}\nwed,3\n", "mm")
    assert f"row 3, column 'mm': found {cell!r}, expected a finite number" in text


GAPS = ["", "  ", '""', "NA", "na", "N/A", "n/a", "NaN", "nan", "null", "NULL", "none", "None", "?", "-", ".", " NA "]
NaN = np.nan


@pytest.mark.parametrize("cell", GAPS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_cell_that_says_so_is_a_gap(table, cell, delimiter):
    text = "day,mm,x\nmon,1,a\ntue,CELL,b\nwed,3,c\n".replace(",", delimiter).replace("CELL", cell)
    np.testing.assert_array_equal(table(text).numbers("mm"), [1, NaN, 3])


@pytest.mark.parametrize("cell", GAPS)
def test_what_the_csv_module_makes_of_a_gap_is_known_as_one(cell):
    assert is_gap(cell.strip('"'))


@pytest.mark.parametrize("cell", ["0", "x", "nano", "na na", "--", "1"])
def test_other_words_are_no_gaps(cell):
    assert not is_gap(cell)


def test_what_is_neither_a_number_nor_a_gap_is_told_with_a_way_out(table):
    text = complaint(table, "mm\n1\n\nNA\nbad\n5\n", "mm")
    assert "row 5, column 'mm': found 'bad', expected a finite number; fix or delete such rows, or leave" in text
    assert "more such" not in text


def test_a_short_row_is_short_of_a_value(table):
    found = table("a,b,c\n1,2,3\n4,5\n6,7,8\n")
    np.testing.assert_array_equal(found.numbers("c"), [3, NaN, 8])
    np.testing.assert_array_equal(found.numbers("b"), [2, 5, 7])


def test_a_long_row_has_columns_that_the_header_does_not_name(table):
    found = table("a,b\n1,2\n3,4,5\n6,7\n")
    assert found.columns == ["a", "b", "3"]
    np.testing.assert_array_equal(found.numbers("b"), [2, 4, 7])
    np.testing.assert_array_equal(found.numbers("3"), [NaN, 5, NaN])


def test_a_blank_line_in_the_middle_is_a_gap_in_a_single_column_and_nothing_elsewhere(table):
    np.testing.assert_array_equal(table("b\n2\n\n4\n").numbers("b"), [2, NaN, 4])
    found = table("a,b\n1,2\n\n3,4\n,\n5,6\n")
    np.testing.assert_array_equal(found.numbers("b"), [2, 4, NaN, 6])
    assert list(found.places) == [2, 4, 5, 6]


def test_blank_lines_at_the_start_and_the_end_are_left_out(table):
    np.testing.assert_array_equal(table("\n \n1\n2\n\n,\n\n").numbers("1"), [1, 2])
    np.testing.assert_array_equal(table("\n" * 70_000 + "1;5\n2;6\n").numbers("2"), [5, 6])


def test_bad_cells_are_counted_and_the_first_ones_told(table):
    text = complaint(table, "mm\n" + "1\n" * 15 + "x\n" * 9, "mm")
    assert "row 17, column 'mm': found 'x'" in text
    assert "8 more such: row 18, 19, 20, 21, 22, …" in text


def test_a_long_cell_is_not_told_in_full(table):
    assert len(complaint(table, "mm\n1\n" + "x" * 1000 + "\n", "mm")) < 300


def test_a_missing_column_lists_the_columns_and_the_nearest_name(table):
    text = complaint(table, "date,rain,temperature\n2020-01-01,1,2\n", "temprature")
    assert "no column 'temprature'; did you mean 'temperature'?" in text
    assert "'date', 'rain', 'temperature'" in text


def test_of_many_columns_the_first_twenty_are_listed(table):
    text = complaint(table, ",".join(f"c{i}" for i in range(50)) + "\n" + ",".join("1" * 50) + "\n", "zzz")
    assert "'c19', … (50 in all)" in text
    assert "'c20'" not in text


def test_a_column_goes_by_name_or_by_number_from_one(table):
    found = table("a,b\n1,2\n3,4\n")
    np.testing.assert_array_equal(found.numbers("1"), found.numbers("a"))
    np.testing.assert_array_equal(found.numbers("2"), found.numbers("b"))


def test_a_text_that_is_a_name_and_the_number_of_another_column_is_asked_about(table):
    found = table("t,3,2\n1,5,6\n")
    with pytest.raises(DataError, match="'3' is the name of column 2 and the number of column '2'"):
        found.index("3")
    assert (found.index("name:3"), found.index("number:3")) == (1, 2)
    np.testing.assert_array_equal(table("x,y\n1,2\n3,4\n").numbers("2"), [2, 4])


@pytest.mark.parametrize("column", ["0", "3", "-1", "", "1.0", "²", "٢", "9" * 5000])
def test_a_number_out_of_range_is_a_missing_column(table, column):
    assert "no column" in complaint(table, "a,b\n1,2\n", column)


def test_several_columns_of_numbers_ask_for_a_choice(table):
    text = complaint(table, "a,b\n1,2\n3,4\n")
    assert "several columns of numbers" in text
    assert "'a', 'b'" in text


def test_no_column_of_numbers_is_told(table):
    assert "no column of numbers" in complaint(table, "a,b\nx,y\nz,w\n")


def test_a_column_of_numbers_with_gaps_is_still_the_only_one(table):
    np.testing.assert_array_equal(table("day,mm\nmon,1\ntue,\nwed,3\n").numbers(None), [1, NaN, 3])
    late = table("day,mm\n" + "mon,NA\n" * 30 + "tue,1\n")
    np.testing.assert_array_equal(late.numbers(None), [NaN] * 30 + [1])
    later = table("day,mm\n" + "mon,NA\n" * 5000 + "tue,1\n" * 5000)
    assert np.isfinite(later.numbers(None)).sum() == 5000


def test_a_column_of_gaps_alone_is_no_column_of_numbers(table):
    assert "no column of numbers" in complaint(table, "day,mm\nmon,NA\ntue,-\n")


@pytest.mark.parametrize("first", ["2020-01,NA", "2020-01,?", "NA,-"])
def test_a_gap_in_the_first_row_makes_no_header_of_it(table, first):
    found = table(f"{first}\n2020-02,NA\n2020-03,5\n")
    assert found.columns == ["1", "2"]
    np.testing.assert_array_equal(found.numbers("2"), [NaN, NaN, 5])


@pytest.mark.parametrize("name", ["-", "?", ""])
def test_a_name_that_looks_like_a_gap_leaves_the_header_one(table, name):
    found = table(f"{name},mm\nmon,NA\ntue,5\n")
    assert found.columns == [name or "1", "mm"]
    np.testing.assert_array_equal(found.numbers("mm"), [NaN, 5])


# Files as they come.

SILSO = """1749;01;1749.042;  96.7; -1.0;   -1;1
1749;02;1749.123; 104.3; -1.0;   -1;1
1749;03;1749.204; 116.7; -1.0;   -1;1
"""


@pytest.mark.parametrize(
    "text", [SILSO, SILSO.replace(";", " "), "   " + SILSO.replace(";", "   ").replace("\n", " \n  ")]
)
def test_cells_may_be_parted_by_runs_of_blanks(table, text):
    found = table(text)
    assert found.columns == [str(i) for i in range(1, 8)]
    np.testing.assert_array_equal(found.numbers("4"), [96.7, 104.3, 116.7])
    np.testing.assert_array_equal(found.numbers("6"), [-1, -1, -1])


def test_of_rows_parted_by_blanks_some_may_be_longer(table):
    found = table("1 2.5\n2 3.5\n3 4.5 *\n")  # provisional values of the SILSO file
    np.testing.assert_array_equal(found.numbers("2"), [2.5, 3.5, 4.5])
    assert found.columns == ["1", "2", "3"]


def test_a_header_quotes_and_gaps_go_with_blanks_too(table):
    found = table('place     mm\n"Novo mesto"  1.5\n"a ""b"" c"\tNA\n"" 2\n')
    assert found.columns == ["place", "mm"]
    assert found.cells(0) == ["Novo mesto", 'a "b" c', ""]
    np.testing.assert_array_equal(found.numbers("mm"), [1.5, NaN, 2])


def test_blanks_part_cells_only_where_nothing_else_does(table):
    found = table("day, mm a year\nmon 1, 5\ntue 2, 6\n")
    assert found.columns == ["day", "mm a year"]
    np.testing.assert_array_equal(found.numbers("2"), [5, 6])
    single = table("rain in mm\n1\n2\n3\n")
    np.testing.assert_array_equal(single.numbers(None), [1, 2, 3])


def test_commas_may_be_decimal_points_between_blanks(table):
    found = table("year temp\n1,5  10,25\n2 -3,5\n3,5 7\n")
    np.testing.assert_array_equal(found.numbers("temp"), [10.25, -3.5, 7])
    np.testing.assert_array_equal(table("1,5\t10,25\n2\t-3,5\n").numbers("2"), [10.25, -3.5])
    np.testing.assert_array_equal(table("1,5\n10,25\n2,5\n").numbers("2"), [5, 25, 5])
    np.testing.assert_array_equal(table("mm\n1,5\n10,25\n2\n").numbers("mm"), [1.5, 10.25, 2])


def test_remarks_before_the_data_are_skipped_and_rows_still_numbered_as_in_the_file(table):
    found = table("# from a gauge; 1,2,3\n\n# by hand\nday,mm\nmon,1\ntue,2\n")
    assert found.columns == ["day", "mm"]
    assert list(found.places) == [5, 6]
    assert "row 7, column 'mm': found 'x'" in complaint(table, "\ufeff# a\n# b\n\nday,mm\nmon,1\nwed,2\ntue,x\n", "mm")
    assert "row 3: field larger" in complaint(table, "# a\n1,2\n1," + "x" * (csv.field_size_limit() + 1))


@pytest.mark.parametrize(("remark", "names"), [("# day mm", "day mm"), ("#day mm", "day mm"), ("# of 2020", "of 2020")])
def test_the_last_remark_is_the_header_where_it_has_as_many_cells(table, remark, names):
    assert table(f"# old data\n{remark}\n1 2.5\n2 3.5\n").columns == names.split()
    assert table(f"{remark}\na b\n1 2.5\n2 3.5\n").columns == ["a", "b"]


def test_a_remark_of_another_width_is_no_header(table):
    assert table("# day\n1 2.5\n2 3.5\n").columns == ["1", "2"]
    assert table("# day mm\n\n1 2.5\n2 3.5\n").columns == ["1", "2"]
    assert "empty" in complaint(table, "# day mm\n# a b\n")


def test_a_line_amid_the_data_that_begins_like_a_remark_is_one_unless_many_do(table):
    assert table("#,name\n1,a\n2,b\n").columns == ["1", "name"]
    found = table("a\n# x\n1\n2\n3\n")
    np.testing.assert_array_equal(found.numbers("a"), [1, 2, 3])
    assert found.notes == ("skipped 1 comment line among the data",)
    many = table("color,mm\n" + "#ff0000,1\n#00ff00,2\n" * 9)
    assert many.count == 18
    assert many.notes == ()


@pytest.mark.parametrize(
    ("text", "columns", "values", "notes"),
    [
        ("sep=;\na;b\n1;2,5\n2;3,5\n", ["a", "b"], [2.5, 3.5], ()),
        ("A,A,B\na,c,b\n" + "1,2,3\n" * 9, ["a", "c", "b"], [3] * 9, ("skipped line 1 (A, A, B): it is not",)),
        ("t,b\n[s],[mm]\n" + "1,2\n" * 9, ["t", "b"], [2] * 9, ("skipped line 2 ([s], [mm]): it is not data",)),
        (
            "Station: X, Y, Z\nLat: 46\n\na,b\n" + "1,2\n" * 9,
            ["a", "b"],
            [2] * 9,
            ("2 lines above the header (line 4)",),
        ),
        ("Station,X\na,b\n" + "1,2\n" * 9, ["a", "b"], [2] * 9, ("skipped line 1 (Station, X)",)),
        ("// x\n% y\na,b\n1,2\n", ["a", "b"], [2], ("skipped 2 comment lines above the data",)),
        ("; x\na;b\n" + "1;2,5\n" * 9, ["a", "b"], [2.5] * 9, ("skipped 1 comment line above the data",)),
        (";a;b\n" + "x;1,5;2,5\n" * 9, ["1", "a", "b"], [2.5] * 9, ()),
        (
            "a,b\n" + "".join(f"{i},5,{i}\n" for i in range(9)),
            ["1", "a", "b"],
            list(range(9)),
            ("the header has one name",),
        ),
        ("m,b\n" + "x,1\n" * 9 + "Total,9\n", ["m", "b"], [1] * 9, ("skipped 1 line below the data, from line 11",)),
        ("m,b\n" + "x,1\n" * 9 + "\nSource: Y\n", ["m", "b"], [1] * 9, ("1 line below the data, from line 12",)),
        ("a,b\n" + "1,2\n" * 9 + "a,b\n1,2\n", ["a", "b"], [2] * 10, ("skipped 1 repeated header among the data",)),
        ("a,b\n" + "1,2\n" * 60 + "1,2,9\n", ["a", "b"], [2] * 61, ("1 row with more cells than columns",)),
    ],
)
def test_what_is_around_the_data_is_left_out_and_that_is_said(table, text, columns, values, notes):
    found = table(text)
    assert found.columns == columns
    np.testing.assert_array_equal(found.numbers("b"), values)
    assert len(found.notes) == len(notes)
    for line, part in zip(found.notes, notes, strict=True):
        assert part in line


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,5\n10,25\n2\n3,5\n", [1.5, 10.25, 2, 3.5]),
        ("1,05\n10,25\n2,5\n", [1.05, 10.25, 2.5]),
        ("mm\n1 000,5\n2 000\n999\n", [1000.5, 2000, 999]),
        ("mm\n1,234,567\n12,345\n", [1234567, 12345]),
    ],
)
def test_a_line_may_be_one_number_with_commas_or_blanks_in_it(table, text, values):
    np.testing.assert_array_equal(table(text).numbers(None), values)


def test_the_sign_before_decimals_is_told_by_other_columns_or_by_the_user(table, tmp_path):
    assert "'12.000' can mean 12 or 12,000" in complaint(table, "t;v\n" + "1;12.000\n" * 9, "v")
    np.testing.assert_array_equal(table("t;v\n" + "1,5;12.000\n" * 9).numbers("v"), [12000] * 9)
    np.testing.assert_array_equal(table("t;v\n" + "1.5;12.000\n" * 9).numbers("v"), [12] * 9)
    np.testing.assert_array_equal(table("t,v\n" + "1,12.125\n" * 9).numbers("v"), [12.125] * 9)
    np.testing.assert_array_equal(read_table(tmp_path / "data.csv", decimal=".").numbers("v"), [12.125] * 9)
    table("1,5\n" * 9)
    np.testing.assert_array_equal(read_table(tmp_path / "data.csv", decimal=",").numbers(None), [1.5] * 9)


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("date,v", [f"{28 - i:02d}/02/2024,{i}" for i in range(20)]),
        ("ts,v", [f"{1_700_000_000 - 60 * i},{i}" for i in range(20)]),
        ("date,time,v", [f"2024-01-{28 - i // 24:02d},{23 - i % 24:02d}:00,{i}" for i in range(60)]),
        ("year,month,v", [f"{2020 - i // 12},{12 - i % 12},{i}" for i in range(60)]),
    ],
)
def test_rows_whose_times_run_backwards_are_turned_round(table, header, rows):
    found = table("\n".join([header, *rows]))
    np.testing.assert_array_equal(found.numbers("v"), range(len(rows) - 1, -1, -1))
    assert "run backwards; the rows were reversed, oldest first" in found.notes[-1]
    twice = table("\n".join([header, rows[0], *rows]))
    np.testing.assert_array_equal(twice.numbers("v"), [0, *range(len(rows))])


def test_a_value_that_only_falls_is_no_time(table):
    found = table("level,v\n" + "".join(f"{100 - i},{i}\n" for i in range(20)))
    np.testing.assert_array_equal(found.numbers("v"), range(20))
    assert found.notes == ()


def test_cells_that_the_user_takes_for_missing_are(table):
    found = table("a,b\n1,-999\n2,M\n3,-999.0\n4,5\n")
    np.testing.assert_array_equal(found.read(1, ("-999", "M"))[0], [NaN, NaN, NaN, 5])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("extra", [1, 3])
def test_delimiters_at_the_end_of_every_line_make_no_column(table, delimiter, extra):
    rows = [["day", "mm"], ["mon", "1"], ["tue", ""], ["wed", "3"]]
    found = table("".join(delimiter.join(row) + delimiter * extra + "\n" for row in rows))
    assert found.columns == ["day", "mm"]
    np.testing.assert_array_equal(found.numbers(None), [1, NaN, 3])


def test_a_column_with_a_name_is_one_even_where_it_is_empty(table):
    assert table("day,mm,note\nmon,1,\ntue,2,\n").columns == ["day", "mm", "note"]


def test_a_header_and_nothing_else(table):
    assert "a header but no rows" in complaint(table, "day,mm\n")
    assert "a header but no rows" in complaint(table, "day,mm\n,\n\n")


@pytest.mark.parametrize("content", ["", "\n\n", ",", ",,,\n,,\n", ";;\n", '""', "\ufeff,\n"])
def test_a_file_without_a_single_cell(table, content):
    assert "empty" in complaint(table, content)


def test_a_cell_longer_than_the_csv_module_allows(table):
    assert "row 2: field larger than field limit" in complaint(table, "a,b\n1," + "x" * (csv.field_size_limit() + 1))


def test_an_open_quote_swallows_the_rest_and_is_told(table):
    complaint(table, 'a,b\n1,"2\n3,4\n5,6\n', "b")


@given(content=ANY_BYTES)
def test_any_bytes_are_a_table_or_a_data_error(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    try:
        found = read_table(path).numbers(None)
    except DataError:
        return  # anything else fails the test
    assert len(found) >= 1
    assert (np.isfinite(found) | np.isnan(found)).all()


@given(
    values=st.lists(st.floats(-1e290, 1e290), min_size=1, max_size=20),
    delimiter=st.sampled_from([*",;\t|", "  "]),
    header=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_was_written_is_read_back(tmp_path_factory, values, delimiter, header, line_end):
    path = tmp_path_factory.getbasetemp() / "written.csv"
    lines = [f"day{delimiter}mm"] * header + [f"d{i}{delimiter}{value!r}" for i, value in enumerate(values)]
    path.write_bytes(line_end.join(lines).encode())
    np.testing.assert_array_equal(read_table(path).numbers(None), values)


def test_a_column_meant_by_its_place_is_not_taken_for_a_name_because_of_a_gap_in_the_first_row(tmp_path):
    (tmp_path / "gap.csv").write_text("2,NA\n" + "\n".join(f"{i % 5},{100 + i}" for i in range(20)))
    table = read_table(tmp_path / "gap.csv", "2")
    assert table.columns == ["1", "2"]
    assert table.count == 21
    np.testing.assert_array_equal(table.numbers("2")[1:], np.arange(100, 120))


def test_a_remark_that_is_no_line_of_a_table_is_no_header(tmp_path):
    (tmp_path / "long.csv").write_text("#" + "x" * 200_000 + "\n1,2\n3,4\n")
    assert read_table(tmp_path / "long.csv").columns == ["1", "2"]


def test_a_name_that_two_columns_have_is_asked_for_by_number(tmp_path):
    (tmp_path / "twice.csv").write_text("a,b,a\n" + "1,2,3\n" * 5)
    table = read_table(tmp_path / "twice.csv", "a")
    with pytest.raises(DataError, match="2 columns are named 'a'; give the column's number"):
        table.numbers("a")
    assert table.numbers("3").tolist() == [3.0] * 5
