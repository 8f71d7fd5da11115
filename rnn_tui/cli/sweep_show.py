"""What ``rnn-tui sweep --show DIR`` does: the screen of a sweep, or a picture or table of it as a file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.launch import at_a_terminal
from rnn_tui.cli.output_files import check_files, write_files
from rnn_tui.errors import RnnTuiError, nearest

if TYPE_CHECKING:
    from rnn_tui.ui.sweeps.sweep_data import SweepData
    from rnn_tui.ui.sweeps.sweep_source import SweepSource
    from rnn_tui.ui.sweeps.sweep_view import SweepView

STDOUT = "-"


def show(folder: str, output: str | None, size: tuple[int, int], dark: bool, force: bool, in_ascii: bool,
         wanted: dict[str, Any]) -> None:  # fmt: skip
    """Show the sweep in a folder: on the screen, or as a file.

    Args:
        output: .svg, .png or .pdf for a picture, .csv for a table; ``-`` prints the SVG; None: on the screen.
        size: columns and rows of a picture.
        wanted: ``drawing``, ``measure``, ``lane``, ``across``, ``down`` and ``split``; None: as the sweep opens.

    Raises:
        RnnTuiError: the folder has no sweep, what is wanted is not there, or the file cannot be written.
    """
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.storage.files import expanded
    from rnn_tui.ui.sweeps.sweep_source import SweepSource

    limit_blas_threads()
    source = SweepSource(expanded(folder))
    source.read()
    view = view_of(source.data, wanted)
    if output is None:
        _open(source, view, in_ascii)
    elif output == STDOUT:
        click.echo(_contents(source, view, "svg", size, dark), nl=False)
    else:
        path = expanded(output)
        check_files([path], force)
        write_files({path: _contents(source, view, _form(output), size, dark)}, force)


def _open(source: "SweepSource", view: "SweepView", in_ascii: bool) -> None:
    if not at_a_terminal():
        raise RnnTuiError("the screen needs a terminal; without a terminal, give a file: -o picture.svg")
    from rnn_tui.ui.app import open_lab

    sys.exit(open_lab(source.preset(), in_ascii=in_ascii, sweep=(source, view)))


def _form(output: str) -> str:
    """Return the kind of a file.  Raises RnnTuiError if it is unknown, or needs the extra."""
    from rnn_tui.ui.render.picture_formats import FORMATS, MISSING, is_available

    form = Path(output).suffix.lower().removeprefix(".")
    if form == "csv":
        return form
    if form not in FORMATS:
        allowed = ", ".join(f".{each}" for each in (*FORMATS, "csv"))
        raise RnnTuiError(f"{output}: the name must end in {allowed}, or be -")
    if not is_available(form):
        raise RnnTuiError(MISSING.format(form.upper()))
    return form


def _contents(source: "SweepSource", view: "SweepView", form: str, size: tuple[int, int], dark: bool) -> bytes:
    """Return a table of points (or, of the view of runs, of runs) as CSV, or a picture."""
    from textual.geometry import Size

    from rnn_tui.ui.render.picture_formats import encoded
    from rnn_tui.ui.sweeps.sweep_csv import POINTS_CSV, RUNS_CSV, csv_of
    from rnn_tui.ui.sweeps.sweep_picture import LEAST, sweep_picture

    if form == "csv":
        return csv_of(source.data, RUNS_CSV if view.drawing == "runs" else POINTS_CSV)
    if size[0] < LEAST.width or size[1] < LEAST.height:
        raise RnnTuiError(f"a picture of a sweep needs --size {LEAST.width}x{LEAST.height}")
    return encoded(sweep_picture(source.data, view, Size(*size), dark), form)


def view_of(data: "SweepData", wanted: dict[str, Any]) -> "SweepView":
    """Return the first view, with what is wanted.  Raises RnnTuiError if the sweep does not have that."""
    from dataclasses import replace

    from rnn_tui.ui.sweeps.key_axis import LANES
    from rnn_tui.ui.sweeps.measures import MEASURES
    from rnn_tui.ui.sweeps.sweep_view import DRAWINGS, SweepView

    view = SweepView.first(data)
    if wanted["drawing"] is not None:
        view = view.with_drawing(data, _one_of("--drawing", wanted["drawing"], DRAWINGS))
    if wanted["measure"] is not None:
        names = [measure.name for measure in (data.measures if data.runs else MEASURES)]
        view = replace(view, measure=_one_of("--measure", wanted["measure"], names))
    if wanted["lane"] is not None:
        view = view.to({LANES: data.outline.lanes.index(_one_of("--lane", wanted["lane"], data.outline.lanes))})
    for side in ("across", "down", "split"):
        if wanted[side] is not None:
            view = view.with_key(data, side, _key(data, f"--{side}", wanted[side]))
    return view


def _key(data: "SweepData", option: str, text: str) -> str:
    """Return the key of an axis, given by the dotted key or by its name."""
    by_name = {axis.name: key for key, axis in data.axes.items()}
    return by_name.get(text.replace("_", " ")) or _one_of(option, text, data.axes)


def _one_of(option: str, text: str, allowed: Any) -> str:
    if text not in allowed:
        raise RnnTuiError(f"{option} {text}: not one of {', '.join(allowed)}{nearest(text, allowed)}")
    return text
