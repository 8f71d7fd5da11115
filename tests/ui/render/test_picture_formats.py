"""A picture as SVG, PNG and PDF."""

import struct
import sys

import pytest
from rich.segment import Segment

from rnn_tui.errors import RnnTuiError
from rnn_tui.ui.render.picture_formats import encoded, is_available
from rnn_tui.ui.render.svg_picture import Ground, picture_of


@pytest.fixture
def picture():
    return picture_of([[Segment("∂L/∂h ▄⣿│ ⊙")], [Segment("two")]], Ground("#000000", "#ffffff"), "A title", "")


def test_svg_is_utf_8(picture):
    assert encoded(picture, "svg").decode() == picture.svg


def test_png_has_two_pixels_for_one(picture):
    data = encoded(picture, "png")
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (11 * 8 * 2, 2 * 16 * 2)
    assert data == encoded(picture, "png")


def test_pdf_has_one_page_the_title_and_a_font_but_no_date(picture):
    data = encoded(picture, "pdf")
    assert data.startswith(b"%PDF-")
    for part in (b"/Count 1", b"/Title(A title)", b"/FontFile2", b"/MediaBox[0 0 66 24]"):
        assert data.count(part) == 1
    assert b"CreationDate" not in data
    assert data == encoded(picture, "pdf")


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_without_the_extra_the_message_says_how_to_get_it_and_svg_works(form, picture, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(RnnTuiError) as caught:
        encoded(picture, form)
    assert str(caught.value) == f"{form.upper()} needs the extra: pip install 'rnn-tui[figures]'; SVG works without it"
    assert not is_available(form)
    assert is_available("svg")
    assert encoded(picture, "svg")
