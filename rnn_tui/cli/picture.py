"""``rnn-tui picture``: draw the lab, or one panel of it, into a file."""

import re
import sys
from typing import TYPE_CHECKING, Any

import click

from rnn_tui.cli.export import lane_numbers
from rnn_tui.cli.options import WholeNumber, chosen, data_options, opened_run, words
from rnn_tui.cli.output_files import check_files, force, write_files
from rnn_tui.cli.streams import INTERRUPTED
from rnn_tui.cli.train import advance
from rnn_tui.errors import RnnTuiError, escaped

if TYPE_CHECKING:
    from rnn_tui.presets.store import PresetFile
    from rnn_tui.session.session import Session

STDOUT = "-"
LEAST_PANEL, LARGEST = (20, 4), (500, 200)  # columns and rows


def size(_: click.Context, __: click.Parameter, text: str) -> tuple[int, int]:
    """Parse COLUMNSxROWS."""
    found = re.fullmatch(r"(\d{1,6})[x×](\d{1,6})", text.strip().lower())
    if not found:
        raise click.BadParameter(f"{text!r} is not COLUMNSxROWS, as in 120x36")
    columns, rows = int(found[1]), int(found[2])
    if not (LEAST_PANEL[0] <= columns <= LARGEST[0] and LEAST_PANEL[1] <= rows <= LARGEST[1]):
        least, largest = (f"{columns}x{rows}" for columns, rows in (LEAST_PANEL, LARGEST))
        raise click.BadParameter(f"{text} is outside {least} to {largest}")
    return columns, rows


@click.command()
@click.argument("preset", type=words, required=False, metavar="PRESET|RUN")
@click.option(
    "-o",
    "--output",
    type=words,
    required=True,
    metavar="FILE",
    help="The file to write: .svg, .png or .pdf; - prints the SVG.",
)
@click.option(
    "--steps",
    type=WholeNumber(0, 10**9),
    help="Step to show.  [default: the preset's steps; of a run, the step at which it was saved]",
)
@click.option(
    "--page", type=words, default="learn", show_default=True, metavar="NAME", help="Page to draw: learn, remember."
)
@click.option("--panel", type=words, metavar="NAME", help="Draw only this panel: its name, or its number.")
@click.option(
    "--drawing",
    type=words,
    metavar="NAME",
    help="With --panel memory or gradient: lag or run; with --panel dynamics: eigenvalues, jacobian, growth or "
    "states.  [default: the first]",
)
@click.option(
    "--size",
    type=words,
    default="120x36",
    show_default=True,
    callback=size,
    metavar="COLUMNSxROWS",
    help="Size in characters.",
)
@click.option("--dark/--light", "dark", default=False, show_default="light", help="Color of the ground.")
@click.option("--t", type=WholeNumber(0), metavar="N", help="Time step of the cursor, counted from 0.")
@click.option("--unit", type=WholeNumber(0), metavar="N", help="Hidden unit of the cursor, counted from 0.")
@click.option("--lane", type=words, metavar="NAME", help="Lane of the cursor.  [default: the first]")
@force
@data_options
def picture(
    preset: str | None,
    output: str,
    steps: int | None,
    page: str,
    panel: str | None,
    drawing: str | None,
    size: tuple[int, int],
    dark: bool,
    t: int | None,
    unit: int | None,
    lane: str | None,
    force: bool,
    **options: Any,
) -> None:
    """Draw the lab without a terminal: with a PRESET (or --csv, --text) after its training, or with a saved RUN.

    A saved run is a .safetensors file. The same command draws the same file.
    """
    from textual.geometry import Size

    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.session.evaluation import label
    from rnn_tui.storage.files import expanded
    from rnn_tui.ui.headless_lab import Scene, drawn
    from rnn_tui.ui.render.picture_formats import encoded

    limit_blas_threads()
    form, path = _form(output), expanded(output)
    if output != STDOUT:
        check_files([path], force)
    name = _panel(panel, size)
    _check_drawing(drawing, name)
    _check_page(page)
    file, session = _opened(preset, options)
    names, lanes = session.preset.names, session.preset.lanes
    labels = [label(called, settings) for called, settings in zip(names, lanes, strict=True)]
    number = lane_numbers([lane], names, labels)[0] if lane is not None else 0
    _check_cursor(session, t, unit, number)
    diverged = _train(session, _goal(preset, session) if steps is None else steps)
    picture = drawn(file, session, Scene(Size(*size), page, name, dark, t, unit, number, drawing or ""))
    data = encoded(picture, form)
    if output == STDOUT:
        click.echo(data, nl=False)
    else:
        write_files({path: data}, force)
    if diverged:
        click.echo(f"Error: {escaped(diverged)}", err=True)
        sys.exit(2)


def _form(output: str) -> str:
    """Return the format of the output.  Raises RnnTuiError if it is unknown, or needs the extra."""
    from pathlib import Path

    from rnn_tui.ui.render.picture_formats import FORMATS, MISSING, is_available

    form = "svg" if output == STDOUT else Path(output).suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise RnnTuiError(f"{output}: the name must end in {', '.join(f'.{each}' for each in FORMATS)}, or be -")
    if not is_available(form):
        raise RnnTuiError(MISSING.format(form.upper()))
    return form


def _panel(wanted: str | None, size: tuple[int, int]) -> str:
    """Return the name of a panel, given by its name, by how its name begins, or by its number; empty if None.

    Raises RnnTuiError if there is no such panel, or the size is too small for the whole screen.
    """
    from rnn_tui.ui.lab.layout import LEAST
    from rnn_tui.ui.panels.registry import declarations

    if wanted is None:
        if size[0] < LEAST[0] or size[1] < LEAST[1]:
            raise RnnTuiError(f"the lab needs {LEAST[0]}x{LEAST[1]}; give a larger --size, or one --panel")
        return ""
    given = wanted.lower().replace("-", "_").replace(" ", "_")
    found = [panel.name for panel in declarations() if panel.name.startswith(given) or str(panel.number) == given]
    exact = [name for name in found if name == given]
    if len(exact or found) != 1:
        there = ", ".join(f"{panel.name} ({panel.number})" for panel in declarations())
        raise RnnTuiError(f"no panel {wanted!r}; the panels are {there}")
    return (exact or found)[0]


def _check_drawing(wanted: str | None, panel: str) -> None:
    """Raise RnnTuiError if the panel has no drawing of this name; ``panel``: its name, empty for the whole screen."""
    from rnn_tui.ui.panels.registry import declarations

    if wanted is None:
        return
    drawings = {each.name: each.drawings for each in declarations() if each.drawings}
    if panel not in drawings:
        raise RnnTuiError(f"--drawing {wanted}: needs --panel {', '.join(drawings)}; other panels have one drawing")
    if wanted not in drawings[panel]:
        raise RnnTuiError(f"no drawing {wanted!r}; the drawings of {panel} are {', '.join(drawings[panel])}")


def _check_page(page: str) -> None:
    """Raise RnnTuiError if no panel is on a page."""
    from rnn_tui.ui.panels.registry import declarations

    pages = list(dict.fromkeys(panel.page for panel in declarations() if panel.page))
    if page not in pages:
        raise RnnTuiError(f"no page {page!r}; the pages are {', '.join(pages)}")


def _opened(preset: str | None, options: dict[str, Any]) -> tuple["PresetFile", "Session"]:
    """Return a preset at step 0, or a saved run at its step, with the changed settings.  Raises RnnTuiError."""
    from rnn_tui.checkpoints import SUFFIX
    from rnn_tui.presets.store import of_run
    from rnn_tui.session.session import Session

    if preset is None and options["csv_file"] is None and options["text_file"] is None:
        raise click.UsageError("give a preset, a saved run, --csv FILE or --text FILE")
    if preset is not None and preset.endswith(SUFFIX):
        changes = options.pop("changes")
        if options.pop("horizon") != 1 or any(value not in (None, ()) for value in options.values()):
            raise click.UsageError("a saved run has its own data; of the options that choose data it allows only --set")
        session, name = opened_run(preset, changes)
        return of_run(name, session.preset), session
    file = chosen(preset, **options)
    return file, Session(file.preset)


def _goal(preset: str | None, session: "Session") -> int:
    """Return the step to show by default."""
    from rnn_tui.checkpoints import SUFFIX

    return session.step if preset is not None and preset.endswith(SUFFIX) else session.preset.training.steps


def _check_cursor(session: "Session", t: int | None, unit: int | None, lane: int) -> None:
    """Raise RnnTuiError if a time step or a unit does not exist."""
    frame = session.frame()
    units = frame.lanes[lane].hidden.shape[1]
    for option, value, count, of in (("--t", t, frame.length, "time steps"), ("--unit", unit, units, "units")):
        if value is not None and value >= count:
            raise RnnTuiError(f"{option} {value}: there are {count} {of}, 0 to {count - 1}")


def _train(session: "Session", goal: int) -> str:
    """Go to a step; return which lane has diverged before it, or an empty string."""
    from rnn_tui.experiments.train import Diverged, Progress
    from rnn_tui.session.divergence import divergence

    session.approach(goal)
    ending = advance(session, goal)
    if isinstance(ending, Progress) and session.step < goal:
        click.echo(f"stopped at step {session.step:,}; nothing was written", err=True)
        raise click.exceptions.Exit(INTERRUPTED)
    if isinstance(ending, Diverged):
        return divergence(session.preset, session.step, session.preset.names[ending.lane])
    return ""
