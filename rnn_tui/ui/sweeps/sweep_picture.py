"""A picture of a sweep, drawn without a screen: the same view of the same results is the same file."""

from rich.style import Style
from textual.geometry import Size

from rnn_tui.ui.render.character_grid import CharacterGrid
from rnn_tui.ui.render.palette import CONTRAST, LIGHT, THEME, palette
from rnn_tui.ui.render.svg_picture import Ground, Picture, picture_of
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.sweeps.look import Look, cut
from rnn_tui.ui.sweeps.readout import progress_text
from rnn_tui.ui.sweeps.sweep_data import SweepData
from rnn_tui.ui.sweeps.sweep_drawing import draw_sweep, heading
from rnn_tui.ui.sweeps.sweep_view import SweepView

LEAST = Size(40, 10)  # of a picture
HEAD = 3  # rows above the drawing


def sweep_picture(data: SweepData, view: SweepView, size: Size, dark: bool = False, contrast: bool = False) -> Picture:
    """Return the picture of a view: the title of the sweep, what is drawn, and the drawing; without a cursor."""
    look = Look(palette(dark, "contrast" if contrast else "colors"), Canvas(contrast=contrast))
    theme = (CONTRAST if contrast else THEME) if dark else LIGHT
    grid = CharacterGrid(size.height, size.width)
    grid.write(0, 1, cut(data.title(), size.width - 2), look.palette.text)
    said = heading(data, view) + ("" if len(data.runs) == data.total else f" · {progress_text(data)}")
    grid.write(1, 1, cut(said, size.width - 2), look.palette.muted)
    grid.put(draw_sweep(data, view, look, size.height - HEAD - 1, size.width - 2, pointed=False), HEAD, 1)
    rows = grid.strips(lambda color, ground: Style(color=color or None, bgcolor=ground or None))
    title = f"rnn-tui: {data.title()}"
    return picture_of(rows, Ground(look.palette.text, str(theme.background)), title, f"{heading(data, view)}.")
