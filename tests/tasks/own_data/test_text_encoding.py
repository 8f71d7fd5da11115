from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.errors import DataError
from rnn_tui.tasks.own_data.text_encoding import decoded

GERMAN = "Über die Größe: Zürich liegt schön am See, café, naïve, señor, 5 °C; Straße.\n"
RUSSIAN = "Дата и время; температура воздуха, Москва и область.\n"
JAPANESE = "これは日本語のテキストです。気温データ、東京\n"
CHINESE = "日期,温度数据,床前明月光,疑是地上霜\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("text", ["a;b\n1;2\n", GERMAN, RUSSIAN.replace("\n", "; 1,5; 2,5; abc def\n" * 3)])
def test_unicode_is_known_by_its_mark_its_zero_bytes_or_as_utf_8(encoding, text):
    found, note = decoded(text.encode(encoding))
    assert found == text
    assert bool(note) is not encoding.startswith("utf-8")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((GERMAN, encoding) for encoding in ("cp1252", "latin-1", "cp437", "mac_roman")),
        *((RUSSIAN, encoding) for encoding in ("cp1251", "koi8-r")),
        *((JAPANESE, encoding) for encoding in ("shift_jis", "euc_jp")),
        (CHINESE, "gb18030"), ("日期,溫度數據,我們的天氣\n", "big5"), ("날짜,기온,서울의 날씨\n", "euc_kr"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("often", [1, 40])
def test_an_older_encoding_is_guessed_and_that_is_said(text, encoding, often):
    found, note = decoded((text * often).encode(encoding))
    assert found == text * often
    assert "not UTF-8; read as " in note
    assert "--encoding NAME" in note


def test_an_encoding_that_is_named_is_taken_and_one_that_does_not_fit_is_told():
    assert decoded(RUSSIAN.encode("cp1251"), "cp1251") == (RUSSIAN, "")
    assert decoded(b"\xef\xbb\xbfa", "UTF-8") == ("a", "")
    with pytest.raises(DataError, match=r"not utf-8 \(byte 0xc4 in row 1\)"):
        decoded(RUSSIAN.encode("cp1251"), "utf-8")
    for unknown in ("klingon", "rot13", "a\0b"):
        with pytest.raises(DataError, match="unknown encoding"):
            decoded(b"a", unknown)


def test_bytes_that_are_no_text_are_told():
    with pytest.raises(DataError, match=r"not a text file \(byte 0x80 in row 2\)"):
        decoded(bytes(range(256)) * 4)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_or_a_data_error(raw):
    with suppress(DataError):
        assert isinstance(decoded(raw)[0], str)
