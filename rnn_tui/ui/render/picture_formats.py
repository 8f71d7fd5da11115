"""A picture as a file: SVG, and with the extra ``figures`` also PNG and PDF."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from rnn_tui.errors import RnnTuiError
from rnn_tui.ui.render.svg_picture import Picture

FORMATS = ("svg", "png", "pdf")
SCALE = 2  # pixels of a PNG file for each pixel of the SVG document
POINTS = 0.75  # of a pixel: 72 points are 96 pixels
MISSING = "{} needs the extra: pip install 'rnn-tui[figures]'; SVG works without it"

# Typst brings DejaVu Sans Mono, so that pictures look the same on machines without fonts.  Without a date, the same
# picture is the same file.
PAGE = b"""
#set document(title: sys.inputs.title, date: none)
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", alt: sys.inputs.title, width: float(sys.inputs.width) * 1pt)
"""


def encoded(picture: Picture, form: str) -> bytes:
    """Return the contents of a file of a format, one of FORMATS.

    Raises:
        RnnTuiError: if the format needs the extra, and it is not installed.
    """
    if form == "svg":
        return picture.svg.encode()
    compiled = _compiler(form)
    inputs = {"svg": picture.svg, "title": picture.title, "width": str(picture.width * POINTS)}
    return bytes(compiled(PAGE, format=form, ppi=72 / POINTS * SCALE, sys_inputs=inputs))


def is_available(form: str) -> bool:
    """Return whether a format needs no extra, or the extra is installed."""
    return form == "svg" or find_spec("typst") is not None


def _compiler(form: str) -> Callable[..., Any]:
    try:
        from typst import compile as compiled
    except ImportError:
        raise RnnTuiError(MISSING.format(form.upper())) from None
    return compiled
