"""The row that shows on which inputs the answer under the cursor rests: ∂y_τ/∂x_t for each t ≤ τ."""

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.session.diagnosis import Saliency, saliency
from rnn_tui.session.diagnosis_sentences import saliency_sentences
from rnn_tui.ui.panels.diagnoses import Diagnostic, defined
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.glyphs import bars
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.widgets.tracks import Track

SALIENCY = Diagnostic("saliency", lambda net, _: saliency(net), saliency_sentences, shown_lane=True)
LABEL = "∂y/∂x"


def saliency_at(view: ViewState) -> Array | None:
    """Return ∂y_τ/∂x_t (T,) for the answer under the cursor, NaN after it; None if it is not known.

    Of several inputs it is that with the largest derivative; of symbols, that of the symbol that was read.
    """
    frame, found = view.frame, _found(view)
    if found is None or view.t >= len(found.by_input):
        return None
    slopes = found.by_input[view.t]  # (T, I)
    chosen = (frame.inputs[: len(slopes)] if frame.task.alphabet else np.abs(slopes)).argmax(axis=1)
    values = np.full(frame.length, np.nan)
    values[: view.t + 1] = slopes[np.arange(len(slopes)), chosen][: view.t + 1]
    return values


def _found(view: ViewState) -> Saliency | None:
    """Return the derivatives of the lane under the cursor; None if they are not known."""
    lane = view.shown
    return defined(view.diagnoses.of(SALIENCY, view.lane, lane.net)) if lane.trained else None


def saliency_track(view: ViewState, palette: Palette, canvas: Canvas) -> Track:
    """Return the row: bars as high as the absolute value, in the color of its sign, or characters of the sign."""
    values = saliency_at(view)
    if values is None:
        return Track(LABEL, palette.muted, ["·"] * view.frame.length, [palette.muted] * view.frame.length)
    size = np.abs(values)
    greatest = float(np.nanmax(size, initial=0.0)) or 1.0
    inks = [palette.muted if np.isnan(v) else palette.below if v < 0 else palette.above for v in values]
    if canvas.glyphs:
        ramp, middle = canvas.ramp, len(canvas.ramp) // 2
        places = np.nan_to_num(np.round(values / greatest * middle)).astype(int) + middle
        cells = ["·" if np.isnan(value) else ramp[place] for value, place in zip(values, places, strict=True)]
    else:
        cells = ["·" if cell == " " else cell for cell in bars(size, 0.0, greatest)]
    return Track(LABEL, palette.text, cells, inks)


def strongest(view: ViewState) -> str:
    """Return on which input the answer under the cursor depends most: ``y_9 depends most on x_6``.

    The row and this text are those of the net without interventions.

    For later answers than those that are computed, the last one that is.
    """
    found, values = _found(view), saliency_at(view)
    if found is not None and view.t >= len(found.by_input):
        return f"{LABEL} is computed up to t = {len(found.by_input) - 1}"
    if values is None or not np.nanmax(np.abs(values), initial=0.0) > 0:
        return ""
    said = f"y_{view.t} depends most on x_{int(np.nanargmax(np.abs(values)))}"
    return f"intact: {said}" if view.frame.what_if else said
