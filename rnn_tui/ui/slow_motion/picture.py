"""Picture of an update: the forward pass from left to right, the backward pass from right to left."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import brief, power_of_ten, signed, significant
from rnn_tui.session.update_trace import UpdateTrace
from rnn_tui.ui.panels.hidden_state import color_scale, greatest
from rnn_tui.ui.panels.sequence import answered, given, plain_track
from rnn_tui.ui.render.glyphs import towers
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.slow_motion.cursor import APPLY, BACKWARD, FORWARD, LOSS, UpdateCursor
from rnn_tui.ui.slow_motion.update_text import weight_names, weight_of
from rnn_tui.ui.widgets.tracks import Track

MOST_DECADES = 12  # range of the bars of gradients


@dataclass(frozen=True, eq=False)
class Picture:
    """Tracks, and below them a heat map.

    Attributes:
        values: (units, T), from −scale to scale; or a matrix (to, from).
        t, unit: the cursor.
        lit: columns that are lit.
        name, across: labels of a row, and of the columns.
    """

    tracks: Sequence[Track]
    caption: str
    values: Array
    scale: float
    t: int
    unit: int
    lit: range
    name: str
    across: str = "t"


def picture(
    slow: UpdateTrace, cursor: UpdateCursor, unit: int, colors: Palette, rows: int, alone: bool = False
) -> Picture:
    """Return the picture of a place.

    Args:
        rows: height of the phase's bars; 0: only the necessary tracks.
        alone: whether the backward phase shows the gradient of the last scored answer alone, of L_T.
    """
    if cursor.phase == FORWARD:
        return _forward(slow, cursor.t, unit, colors, rows)
    if cursor.phase == LOSS:
        return _loss(slow, colors, rows)
    if cursor.phase == BACKWARD:
        shown = slow.of_last_answer() if alone else slow
        return _backward(shown, "L_T" if alone else "L", cursor.t, unit, colors, rows)
    return _weights(slow, unit, cursor.phase == APPLY)


def _forward(slow: UpdateTrace, t: int, unit: int, colors: Palette, rows: int) -> Picture:
    lane, lit = slow.lane, range(t + 1)
    middle, reach = color_scale(lane.hidden, lane, "h")
    scale = f"{significant(middle - reach, 3)} to {significant(middle + reach, 3)}"
    value = signed(float(lane.hidden[t, unit]))
    caption = f"h_t, {lane.hidden.shape[1]:,} units; u{unit} at t = {t}: {value} · colors {scale}"
    computed = [answered(slow.frame, lane, colors.lane(slow.index), colors)[0], *_losses(slow, colors, min(rows, 1))]
    tracks = [*given(slow.frame, colors), *(_so_far(track, lit) for track in computed)]
    values = lane.hidden.T - middle if middle else lane.hidden.T  # the array may be large
    return Picture(tracks, caption, values, reach, t, unit, lit, "u")


def _loss(slow: UpdateTrace, colors: Palette, rows: int) -> Picture:
    t, classes, values = slow.last_scored, slow.frame.task.classes, slow.dy.T
    output = int(slow.frame.target[t]) if classes else 0
    scale, which = greatest(values), f"[{classes[output]!r}]" if classes else ""
    caption = f"the backward pass starts: ∂L/∂y({t}){which} = {brief(float(slow.dy[t, output]))}"
    answers, signs = answered(slow.frame, slow.lane, colors.lane(slow.index), colors)
    context = [given(slow.frame, colors)[-1], answers] if rows else []
    tracks = [*context, signs, *_losses(slow, colors, max(rows, 1))]
    everything = range(slow.length)
    return Picture(tracks, f"{caption} · colors ±{brief(scale)}", values, scale, t, output, everything, "∂y")


def _backward(slow: UpdateTrace, error: str, t: int, unit: int, colors: Palette, rows: int) -> Picture:
    scale, lit, own = greatest(slow.dh), range(t, slow.length), colors.lane(slow.index)
    value = brief(float(slow.dh[t, unit]))
    caption = f"∂{error}/∂h_t, {slow.dh.shape[1]:,} units; u{unit} at t = {t}: {value} · colors ±{brief(scale)}"
    context = [given(slow.frame, colors)[-1], answered(slow.frame, slow.lane, own, colors)[0]] if rows else []
    norms = [_so_far(track, lit) for track in _norms(slow, error, own, max(rows, 1))]
    tracks = [*context, *_losses(slow, colors, 1), *norms]
    return Picture(tracks, caption, slow.dh.T, scale, t, unit, lit, "u")


def _weights(slow: UpdateTrace, unit: int, applying: bool) -> Picture:
    """Return the matrix of the chosen weight: its gradient after clipping, or its change."""
    name, (to, come) = weight_of(slow, unit)
    before = slow.lane.weights[name]
    values = slow.after[name] - before if applying else slow.gradient[name] * slow.share
    what, scale = f"{'Δ' if applying else '∂L/∂'}{name}", greatest(values)
    caption = f"{what}, a row for the unit to which it leads; [{weight_names(slow, (to, come))}]: "
    caption += f"{brief(float(values[to, come]))} · colors ±{brief(scale)}"
    across = "from unit" if slow.recurrent else "from x"
    return Picture((), caption, values, scale, come, to, range(values.shape[1]), "u", across)


def _losses(slow: UpdateTrace, colors: Palette, rows: int) -> list[Track]:
    """Return l_t as bars that start at 0."""
    most = greatest(np.nan_to_num(slow.losses, nan=0.0))
    ends = brief(most), "0"
    return _bars("loss l_t", slow.losses / most, ends, colors.text, rows)


def decades(slow: UpdateTrace) -> tuple[int, int]:
    """Return the exponents of the powers of ten between which ‖∂L/∂h_t‖ is drawn, the same for all lanes."""
    least, most = (np.log10(end) for end in slow.whole.span)
    high = int(np.ceil(most))
    return max(high - MOST_DECADES, min(high - 1, int(np.floor(least)))), high


def _norms(slow: UpdateTrace, error: str, color: str, rows: int) -> list[Track]:
    """Return ‖∂L/∂h_t‖ as bars on a logarithmic scale, the same for all lanes; a dot for 0."""
    low, high = decades(slow)
    with np.errstate(all="ignore"):
        shares = (np.log10(slow.norms) - low) / (high - low)
    ends = power_of_ten(high), f"log {power_of_ten(low)}"
    return _bars(
        f"‖∂{error}/∂h‖" if rows > 2 else "log ‖∂h‖", np.where(slow.norms > 0, shares, np.nan), ends, color, rows
    )


def _bars(label: str, shares: Array, ends: tuple[str, str], color: str, rows: int) -> list[Track]:
    """Return bars over ``rows`` rows; with at least three rows, the ends of the scale are labels."""
    if not rows:
        return []
    labels = [""] * rows
    labels[rows // 2] = label
    if rows > 2:
        labels[0], labels[-1] = ends
    drawn = towers(np.clip(shares, 0, 1), rows)
    return [plain_track(name, color, cells) for name, cells in zip(labels, drawn, strict=True)]


def _so_far(track: Track, lit: range) -> Track:
    """Return the track without the time steps that are not computed yet."""
    cells = [" "] * lit.start + list(track.cells[lit.start : lit.stop]) + [" "] * (len(track.cells) - lit.stop)
    return track._replace(cells=cells)
