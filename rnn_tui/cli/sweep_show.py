"""``rnn-tui sweep --show DIR``: the screen of a sweep, or a picture or table of it as a file."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.launch import DEFAULT_PRESET, at_a_terminal
from rnn_tui.cli.options import words
from rnn_tui.cli.output_files import check_files, force, write_files
from rnn_tui.cli.picture import size
from rnn_tui.errors import RnnTuiError, nearest

if TYPE_CHECKING:
    from rnn_tui.ui.sweeps.sweep_data import SweepData
    from rnn_tui.ui.sweeps.sweep_source import SweepSource
    from rnn_tui.ui.sweeps.sweep_view import SweepView

STDOUT = "-"
BY_VIEW = ("drawing", "measure", "lane", "across", "down", "split")  # options that choose a view
OF_PICTURE = ("size", "dark", "force")
ALLOWED = {"show", "output", "in_ascii", *BY_VIEW, *OF_PICTURE}


def show_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options with which a sweep is shown instead of trained."""
    for option in (
        click.option("--ascii", "in_ascii", is_flag=True, help="With --show: draw in plain ASCII."),
        force,
        click.option("--dark/--light", "dark", default=False, show_default="light",
                     help="With --show and -o: color of the ground."),
        click.option("--size", type=words, default="100x30", show_default=True, callback=size,
                     metavar="COLUMNSxROWS", help="With --show and -o: size in characters."),
        click.option("--split", type=words, metavar="KEY",
                     help="With --show: a small map or chart for each value of this key, or for each lane (lanes)."),
        click.option("--down", type=words, metavar="KEY", help="With --show: the key on the vertical axis, or lanes."),
        click.option("--across", type=words, metavar="KEY", help="With --show: the key on the horizontal axis."),
        click.option("--lane", type=words, metavar="NAME", help="With --show: the lane.  [default: the first]"),
        click.option("--measure", type=words, metavar="NAME",
                     help="With --show: loss, accuracy, r2, solved or steps.  [default: loss]"),
        click.option("--drawing", type=words, metavar="NAME", help="With --show: map, curves, points or runs."),
        click.option("--show", type=words, metavar="DIR",
                     help="Show the results in this folder; with -o FILE, draw them into a .svg, .png or .pdf file, or "
                          "write them as .csv."),
    ):  # fmt: skip
        command = option(command)
    return command


def show_instead(ctx: click.Context, options: dict[str, Any]) -> bool:
    """Take the options of ``show_options`` out of the others; show a sweep if that is wanted, and return whether it is.

    Raises:
        RnnTuiError: the folder has no sweep, what is wanted is not there, or the file cannot be written.
    """
    own = {name: options.pop(name) for name in ("show", "in_ascii", *BY_VIEW, *OF_PICTURE)}
    given = [name for name in ctx.params if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE]
    if own["show"] is None:
        if extra := [name for name in given if name in ALLOWED - {"output"}]:
            raise click.UsageError(f"{_option(ctx, extra[0])} needs --show DIR")
        return False
    if extra := [name for name in given if name not in ALLOWED]:
        raise click.UsageError(f"{_option(ctx, extra[0])}: --show trains nothing; it allows only options of the view")
    _show(own, ctx.params["output"])
    return True


def _option(ctx: click.Context, name: str) -> str:
    """Return an option or argument as it is typed."""
    return next(
        param.opts[-1] if isinstance(param, click.Option) else "PRESET"
        for param in ctx.command.params
        if param.name == name
    )


def _show(own: dict[str, Any], output: str | None) -> None:
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.storage.files import expanded
    from rnn_tui.ui.sweeps.sweep_source import SweepSource

    limit_blas_threads()
    source = SweepSource(expanded(own["show"]))
    source.read()
    view = view_of(source.data, own)
    if output is None:
        _open(source, view, own["in_ascii"])
    elif output == STDOUT:
        click.echo(_contents(source, view, "svg", own["size"], own["dark"]), nl=False)
    else:
        path, form = expanded(output), _form(output)
        check_files([path], own["force"])
        write_files({path: _contents(source, view, form, own["size"], own["dark"])}, own["force"])


def _open(source: "SweepSource", view: "SweepView", in_ascii: bool) -> None:
    if not at_a_terminal():
        raise RnnTuiError("the screen needs a terminal; without a terminal, give a file: -o picture.svg")
    from rnn_tui.presets.store import find, load
    from rnn_tui.ui.app import open_lab

    try:
        file = source.preset()
    except RnnTuiError:  # its data are not on this machine
        file = load(find(DEFAULT_PRESET))
    sys.exit(open_lab(file, in_ascii=in_ascii, sweep=(source, view)))


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
