"""The line below the drawing of a sweep: what its colors and signs mean."""

from collections.abc import Sequence
from math import inf, isfinite

from rnn_tui.ui.render.braille_plot import MARKS
from rnn_tui.ui.render.character_grid import CharacterGrid
from rnn_tui.ui.sweeps.curve_drawing import CurveChart
from rnn_tui.ui.sweeps.look import BAR, Look, ValueScale, cut, number_texts
from rnn_tui.ui.sweeps.map_drawing import SweepMap
from rnn_tui.ui.sweeps.measures import Summary
from rnn_tui.ui.sweeps.sweep_data import SweepData
from rnn_tui.ui.sweeps.sweep_parts import Part, contour_text, summaries_of
from rnn_tui.ui.sweeps.sweep_view import MAP, SweepView
from rnn_tui.ui.widgets.text_widgets import BETWEEN


def draw_legend(grid: CharacterGrid, row: int, data: SweepData, view: SweepView, look: Look, scale: ValueScale,
            parts: Sequence[Part]) -> None:  # fmt: skip
    """Write what the colors and signs mean, or why no value is drawn."""
    if not any(isfinite(summary.median) for summary in summaries_of(parts)):
        grid.write(row, 0, cut(_nothing(data, view), grid.columns), look.palette.text)
        return
    if view.drawing == MAP:
        x, notes = _map_legend(grid, row, view, look, scale), _map_notes(data, parts)
    else:
        x, notes = _curve_legend(grid, row, data, look, parts), _curve_notes(data, view, parts)
    if said := cut(BETWEEN.join(notes), grid.columns - x - len(BETWEEN)):
        grid.write(row, x, f"{BETWEEN}{said}", look.palette.muted)


def _map_legend(grid: CharacterGrid, row: int, view: SweepView, look: Look, scale: ValueScale) -> int:
    """Draw the scale of the colors; return the column after it."""
    low, high = (number_texts(view.shown, end)[0] for end in (scale.low, scale.high))
    x = grid.write(row, 0, f"{low} ", look.palette.muted)
    for i in range(BAR):
        ground = look.ground(i / (BAR - 1))
        x = grid.write(row, x, " " if ground else look.glyph(i / (BAR - 1)), look.palette.text, ground)
    return grid.write(row, x, f" {high}{' (log)' if scale.log else ''}", look.palette.muted)


def _curve_legend(grid: CharacterGrid, row: int, data: SweepData, look: Look, parts: Sequence[Part]) -> int:
    """Write the names of the lanes in their colors; return the column after them."""
    lanes = dict.fromkeys(curve.lane for part in parts if isinstance(part, CurveChart) for curve in part.curves)
    x = 0
    for lane in lanes:
        sign = MARKS[lane % len(MARKS)] if look.canvas.marked else "━"
        x = grid.write(row, x + (2 if x else 0), f"{sign} {data.outline.lanes[lane]}", look.palette.lane(lane))
    return x


def _map_notes(data: SweepData, parts: Sequence[Part]) -> list[str]:
    """Return what the line and the signs in a map mean, those that are there."""
    found = summaries_of(parts)
    notes = []
    if any(isinstance(part, SweepMap) and part.contour for part in parts):
        notes.append(f"dotted line: {contour_text(data)}")
    if any(not summary.runs for summary in found):
        notes.append("a dot: no run yet" if len(data.runs) < data.total else "a dot: no run")
    return [*notes, *_diverged_note(found)]


def _curve_notes(data: SweepData, view: SweepView, parts: Sequence[Part]) -> list[str]:
    """Return what the bands, the dots and the signs in a chart mean, those that are there."""
    curves = [curve for part in parts if isinstance(part, CurveChart) for curve in part.curves]
    notes = []
    if data.seeds > 1 and not view.shown.share and not data.scattered:
        notes.append("band: quartiles")
    if not data.scattered and any(isfinite(value) for curve in curves for value in curve.floors):
        notes.append("dots: lowest possible loss")
    if view.log:
        notes.append("log axis")
    return [*notes, *_diverged_note(summaries_of(parts))]


def _diverged_note(found: Sequence[Summary]) -> list[str]:
    return ["div. or ✗: all runs diverged"] if any(summary.median == inf for summary in found) else []


def _nothing(data: SweepData, view: SweepView) -> str:
    """Return why no value is drawn."""
    if data.diverged == len(data.runs):
        return "All runs so far have diverged; try a lower learning rate or clip_norm."
    if data.failed == len(data.runs):
        return f"All runs so far have failed: {data.runs[0]['error']}"
    return f"No run has a value here: {view.shown.title}."
