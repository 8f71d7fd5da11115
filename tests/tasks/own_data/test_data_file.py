import gzip
import os
import zipfile

import pytest

from rnn_tui.errors import DataError
from rnn_tui.storage import files
from rnn_tui.tasks.own_data.data_file import FileCache, read_data


def test_what_is_packed_with_gzip_is_unpacked_whatever_its_name(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(gzip.compress(b"a,b\n") + gzip.compress("ä\n".encode("cp1252")))
    text, notes = read_data(path)
    assert text == "a,b\nä\n"
    assert notes[0] == "unpacked (gzip)"
    assert "read as cp1252" in notes[1]


def test_a_small_file_that_unpacks_to_a_large_one_is_refused_at_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LIMIT", 10_000)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"\0" * 10_000_000)[:9_990])
    with pytest.raises(DataError, match="larger than 10,000 bytes"):
        read_data(path)


@pytest.mark.parametrize("cut", [3, 20, -1])
def test_a_broken_gzip_file_is_told(tmp_path, cut):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"1\n2\n" * 99)[:cut])
    with pytest.raises(DataError, match="a damaged gzip file"):
        read_data(tmp_path / "a.gz")


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"\xfd7zXZ\x00", "packed with xz; unpack it first (on Windows with 7-Zip)"),
        (b"BZh9", "packed with bzip2; unpack"), (b"\x28\xb5\x2f\xfd", "packed with zstd; unpack"),
        (b"PAR1", "a Parquet file; write it as CSV"), (b"\xd0\xcf\x11\xe0", "save it as CSV"), (b"%PDF-1.4", "a PDF"),
    ],
)  # fmt: skip
def test_other_kinds_of_files_are_named_with_a_remedy(tmp_path, start, words):
    (tmp_path / "a").write_bytes(start + b"rest of it")
    with pytest.raises(DataError) as caught:
        read_data(tmp_path / "a")
    assert words in str(caught.value)


@pytest.mark.parametrize(("inner", "words"), [("xl/workbook.xml", "a workbook"), ("a.csv", "python -m zipfile -e")])
def test_a_workbook_is_told_from_another_archive(tmp_path, inner, words):
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr(inner, "1\n")
    with pytest.raises(DataError, match=words):
        read_data(tmp_path / "a")


def test_what_was_made_of_a_file_is_remembered_until_it_changes(tmp_path):
    path, made, kept = tmp_path / "a", [], FileCache(2)

    def make():
        made.append(path.read_text())
        return made[-1]

    path.write_text("one")
    assert [kept.get(path, (), make) for _ in range(3)] == ["one"] * 3
    assert kept.get(path, ("other",), make) == "one"
    assert len(made) == 2
    path.write_text("two2")
    assert kept.get(path, (), make) == "two2"
    os.utime(path, ns=(1, 1))
    kept.get(path, (), make)
    assert len(made) == 4
    kept.forget()
    kept.get(path, (), make)
    assert len(made) == 5
