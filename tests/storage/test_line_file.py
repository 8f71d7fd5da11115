"""A file of lines: what was appended is there, whatever happened to the last line."""

from errno import ENOSPC

import pytest

from rnn_tui.errors import RnnTuiError
from rnn_tui.storage import line_file
from rnn_tui.storage.line_file import LineFile, complete_lines


@pytest.mark.parametrize("torn", [b"", b"c", b'{"index": 3, "po', b"x" * 200_000])
def test_a_line_that_is_not_complete_is_ignored_and_then_replaced(tmp_path, torn):
    path = tmp_path / "lines"
    path.write_bytes(b"a\nb\n" + torn)
    assert list(complete_lines(path)) == [b"a", b"b"]
    with LineFile(path) as file:
        file.append(b"d")
    assert path.read_bytes() == b"a\nb\nd\n"


def test_a_file_of_one_torn_line_begins_again(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"y" * 70_000)
    with LineFile(path) as file:
        file.append(b"a")
    assert path.read_bytes() == b"a\n"


def test_every_line_is_flushed_to_the_disk_at_last(tmp_path, monkeypatch):
    flushed, path = [], tmp_path / "lines"
    monkeypatch.setattr(line_file.os, "fsync", lambda _: flushed.append(path.read_bytes()))
    with LineFile(path) as file:
        file.append(b"a")
        assert path.read_bytes() == b"a\n"
        file.append(b"b")
    assert flushed[-1] == b"a\nb\n"


def test_a_full_disk_is_told_at_the_next_line(tmp_path, monkeypatch):
    def full(_):
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(line_file.os, "fsync", full)
    with pytest.raises(RnnTuiError, match=r"not written \(No space left"), LineFile(tmp_path / "lines") as file:
        file.append(b"a")


def test_a_folder_in_its_place_is_named(tmp_path):
    with pytest.raises(RnnTuiError, match="cannot be written"):
        LineFile(tmp_path)
