import io
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.errors import DataError
from rnn_tui.storage import files
from rnn_tui.storage.files import expanded, read_text


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "data.csv"
        path.write_bytes(content)
        return path

    return write


def complaint(path):
    with pytest.raises(DataError) as caught:
        read_text(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    assert "\n" not in text
    return text


def test_text_comes_out_as_it_stands(file):
    assert read_text(file("a;b\r\nä €\n".encode())) == "a;b\r\nä €\n"


def test_a_byte_order_mark_is_left_out(file):
    assert read_text(file(b"\xef\xbb\xbfa")) == "a"


def test_a_tilde_is_the_home_folder_and_an_unknown_name_behind_it_stays(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert expanded("~/data.csv") == tmp_path / "data.csv"
    assert expanded("~nobody-of-this-name/data.csv") == Path("~nobody-of-this-name/data.csv")


def test_a_missing_file(tmp_path):
    assert "no such file" in complaint(tmp_path / "none.csv")


def test_a_directory(tmp_path):
    assert "is a folder" in complaint(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_and_a_device_are_refused_without_waiting_for_them(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert "is a pipe, not a file" in complaint(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    assert "is a pipe, not a file" in complaint(tmp_path / "link")
    assert "is a device, not a file" in complaint(Path(os.devnull))


def test_what_becomes_a_pipe_while_it_is_opened_is_refused_too(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("a")
    real = (tmp_path / "file").stat()
    monkeypatch.setattr(Path, "stat", lambda *_, **__: real)
    assert "is a pipe, not a file" in complaint(tmp_path / "pipe")


def test_a_file_that_may_not_be_read_is_not_said_to_be_missing(file, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert "not readable (permission denied)" in complaint(file(b"1"))


def test_a_file_used_as_a_folder(file):
    assert "cannot be read" in complaint(file(b"1") / "data.csv")


def test_a_name_that_no_file_can_have(tmp_path):
    for name in ("a\0b", "x" * 5000):
        with pytest.raises(DataError, match="cannot be read"):
            read_text(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_a_file_without_any_text_is_empty_text(file, content):
    assert read_text(file(content)).strip() == ""


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(("content", "byte", "row"), [(b"1\n2\n\xe4,3\n", "0xe4", 3), (b"12\n\n\n\xff", "0xff", 4)])
def test_what_is_not_utf_8_is_told_with_its_byte_and_row(file, mark, content, byte, row):
    text = complaint(file(mark + content))
    assert "not UTF-8" in text
    assert f"byte {byte} in row {row})" in text


def test_utf_16_is_not_utf_8(file):
    assert "byte 0xff in row 1" in complaint(file("1\n2\n".encode("utf-16")))


def test_a_nul_is_told_with_its_row(file):
    assert "a NUL character in row 2" in complaint(file(b"1\n2\0\n"))


def test_a_file_over_the_limit_is_refused_having_read_no_more_than_one_byte_over_it(monkeypatch):
    taken = []

    class Counted(io.BytesIO):
        def read(self, size=-1):
            found = super().read(size)
            taken.append(len(found))
            return found

    monkeypatch.setattr(files, "LIMIT", 3 * 2**20)
    monkeypatch.setattr(files, "open_file", lambda _: Counted(b"1\n" * 2**21))
    assert "larger than 3 MiB" in complaint(Path("big.csv"))
    assert sum(taken) == 3 * 2**20 + 1


def test_a_file_of_exactly_the_limit_is_read(file, monkeypatch):
    monkeypatch.setattr(files, "LIMIT", 10)
    assert read_text(file(b"123456789\n")) == "123456789\n"
    assert "larger" in complaint(file(b"1234567890\n"))


@given(content=st.binary(max_size=60))
def test_any_bytes_are_text_or_a_data_error(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.bytes"
    path.write_bytes(content)
    try:
        text = read_text(path)
    except DataError:
        complaint(path)
    else:
        assert content.removeprefix(b"\xef\xbb\xbf") == text.encode()


def test_an_endless_device_and_a_socket_are_refused_at_once(tmp_path):
    (tmp_path / "device").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "s"))
        assert "is a socket, not a file" in complaint(tmp_path / "s")
    assert "is a device, not a file" in complaint(tmp_path / "device")


def test_what_cannot_be_deleted_stays(file, tmp_path):
    path = file(b"x")
    for _ in range(2):
        files.delete(path)
        assert not path.exists()
    files.delete(tmp_path)
    assert tmp_path.is_dir()


def test_a_file_in_the_place_of_a_folder_is_no_folder(tmp_path):
    files.make_folder(tmp_path / "a" / "b")
    files.make_folder(tmp_path / "a" / "b")
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(NotADirectoryError):
            files.make_folder(path)
