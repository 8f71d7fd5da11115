"""A look into a file: what is said of it before it is opened."""

import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.store import bundled_folder
from rnn_tui.ui.dialogs import file_preview as module
from rnn_tui.ui.dialogs.file_preview import AS_TABLE, folder_at, from_here, here, line, peek

WEATHER = "day,temperature,wind\n" + "".join(f"day {i},{i}.5,{'NA' if i % 4 == 0 else i}\n" for i in range(1, 21))


@pytest.fixture
def write(tmp_path):
    def writer(name, text):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return writer


def test_of_a_table_each_column_is_counted(write):
    seen = peek(write("a.csv", WEATHER))
    assert seen.about == "20 rows, 3 columns"
    assert seen.preset is None
    assert seen.choices == 3
    assert [(column.name, column.key, column.about) for column in seen.columns] == [
        ("day", "day", "words"),
        ("temperature", "temperature", "20 numbers"),
        ("wind", "wind", "15 numbers, 5 gaps"),
    ]


@pytest.mark.parametrize("name", ["a.tsv", "a.DAT", "a.csv"])
def test_a_table_is_known_by_its_name(write, name):
    assert len(peek(write(name, WEATHER.replace(",", "\t"))).columns) == 3


def test_a_text_may_be_read_as_a_table_whatever_its_name_says(write):
    path = write("a.txt", WEATHER)
    assert [name for name, _ in peek(path).kinds] == ["characters", "words", AS_TABLE]
    assert len(peek(path, as_table=True).columns) == 3


def test_the_first_rows_stand_in_columns_numbers_to_the_right(write):
    assert peek(write("a.csv", WEATHER)).preview.splitlines()[:4] == [
        "day    temperature  wind",
        "day 1          1.5     1",
        "day 2          2.5     2",
        "day 3          3.5     3",
    ]
    assert len(peek(write("a.csv", WEATHER)).preview.splitlines()) == module.ROWS + 1


def test_cells_that_are_long_wide_or_missing_keep_their_columns(write):
    seen = peek(write("a.csv", "漢字,b,c\n" + "x" * 40 + ",2\n漢,33,\x1b[31m\n"))
    rows = seen.preview.splitlines()
    assert rows[1].startswith("x" * (module.WIDEST_CELL - 1) + "…  ")
    assert {cell_len(row[: row.index(b)]) + len(b) for row, b in zip(rows[1:], ("2", "33"), strict=True)} == {18}
    assert "\x1b" not in seen.preview


def test_two_columns_of_one_name_are_told_apart_by_their_numbers(write):
    seen = peek(write("a.csv", "a,b,a\n1,2,3\n4,5,6\n"))
    assert [column.key for column in seen.columns] == ["a", "b", "3"]


def test_a_large_table_is_counted_in_its_first_rows_only(write, monkeypatch):
    monkeypatch.setattr(module, "MOST_CELLS", 10)
    seen = peek(write("a.csv", "a,b\n" + "1,x\n" * 1500))
    assert seen.about == "1,500 rows, 2 columns; counted in the first 1,000 rows"
    assert seen.columns[0].numbers == 1000


def test_of_a_text_its_length_and_its_first_lines_are_told(write):
    seen = peek(write("a.txt", "To be,\tor not\n[b]to[/b] be.\n" * 10))
    assert seen.about == "a text of 20 lines"
    assert seen.kinds[0][1] == "280, 15 different"
    assert seen.kinds[1][1].startswith("150, ")
    assert seen.preview.splitlines()[:2] == ["To be,  or not", "[b]to[/b] be."]
    assert len(seen.preview.splitlines()) == module.LINES


def test_of_a_preset_its_question_is_told():
    seen = peek(str(bundled_folder() / "wave.toml"))
    assert seen.preset.name == "wave"
    assert seen.preset.preset.question in seen.preview
    assert "task wave" in seen.about
    assert seen.choices == 1


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.toml", "[task]\nkind = 'ecko'\n[[lanes]]\nkind = 'rnn'\n", "did you mean 'echo'"),
        ("a.csv", "a,b\n", "a header but no rows"),
        ("a.txt", " \n", "empty"),
        ("a.txt", "a\0b", "not a text file"),
    ],
)
def test_what_cannot_be_used_says_why(write, name, text, problem):
    with pytest.raises(RnnTuiError, match=problem):
        peek(write(name, text))


def test_a_text_whose_name_is_not_utf_8_is_to_be_renamed(tmp_path):
    with pytest.raises(RnnTuiError, match=r"sur\\udcff.txt: the file name is not UTF-8"):
        peek(str(tmp_path / "sur\udcff.txt"))


def test_the_part_a_column_plays_stands_before_its_name(write):
    seen = peek(write("a.csv", WEATHER))
    lines = [line(seen, index, 1, {2}).plain for index in range(3)]
    assert [text[:7].strip() for text in lines] == ["", "target", "input"]
    assert {text.index(column.about) for text, column in zip(lines, seen.columns, strict=True)} == {20}


def test_a_folder_is_told_from_a_file_and_from_what_is_neither(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.txt").write_text("a")
    os.mkfifo(tmp_path / "pipe")
    assert folder_at("~") == folder_at(str(tmp_path)) == tmp_path
    assert folder_at(str(tmp_path / "a.txt")) is None
    assert folder_at(str(tmp_path / "nothing")) is None
    with pytest.raises(RnnTuiError, match="not a file and not a folder"):
        folder_at(str(tmp_path / "pipe"))
    for odd in ("x" * 300, "a\0b"):
        try:
            assert folder_at(odd) is None
        except RnnTuiError as error:
            assert "cannot be read" in str(error)  # noqa: PT017


def test_a_folder_that_cannot_be_listed_says_so(tmp_path, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(RnnTuiError, match=r"cannot be read \(Permission denied\)"):
        folder_at(str(tmp_path))


def test_a_path_is_shown_from_where_the_program_was_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert from_here(tmp_path / "sub" / "a.csv") == str(Path("sub", "a.csv"))
    assert from_here(Path("/elsewhere/a.csv")) == "/elsewhere/a.csv"


def test_where_the_folder_one_is_in_has_gone_there_is_still_one(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert here() == Path("/")


def test_what_was_done_to_read_a_table_and_what_seems_missing_is_told(write):
    rows = "".join(f"2024-01-{28 - i:02d},{-999 if i == 3 else i}\n" for i in range(27))
    seen = peek(write("a.csv", f"# rig 7\ntime,mm\n{rows}"))
    assert [note.split(";")[0] for note in seen.notes] == [
        "skipped 1 comment line above the data",
        "the times in column 'time' run backwards",
    ]
    assert seen.columns[1].about == "27 numbers, does -999 mean missing?"


def test_of_very_many_columns_only_some_are_counted_and_offered(write):
    header, row = (",".join(f"{word}{i}" for i in range(20_000)) for word in ("c", ""))
    seen = peek(write("a.csv", f"{header}\n{row}\n{row}\n"))
    assert seen.choices == module.MOST_LISTED
    assert "20,000 columns, of which the first 300 are listed" in seen.about
    assert len(seen.preview.splitlines()[0].split()) == module.MOST_COLUMNS


def test_the_words_of_a_long_text_are_counted_in_its_beginning(write, monkeypatch):
    monkeypatch.setattr(module, "MOST_READ", 10)
    assert peek(write("a.txt", "one two three four " * 5)).kinds[1][1].startswith("more than 3,")


def test_a_name_that_is_also_a_number_is_asked_for_by_number(write):
    seen = peek(write("a.csv", "t,3,2\n" + "1,5,6\n" * 5))
    assert [column.key for column in seen.columns] == ["t", "number:2", "number:3"]
