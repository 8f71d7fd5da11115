"""The gradient panel: how much of an answer's gradient arrives k time steps before it, by lag."""

from collections.abc import Sequence

import numpy as np

from rnn_tui.engine.diagnostics import HORIZON
from rnn_tui.engine.parameters import Array
from rnn_tui.session.diagnosis import Gradient, gradient
from rnn_tui.session.diagnosis_sentences import gradient_sentence
from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels.declaration import READ_KEYS, REMEMBER, PanelDeclaration, PanelHelp, always
from rnn_tui.ui.panels.diagnoses import Diagnostic, defined
from rnn_tui.ui.panels.diagnosis_panel import DiagnosisPanel, rows
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.widgets.lag_chart import LagChart, LagCurve, LagMark, ValueAxis
from rnn_tui.ui.widgets.line_widget import LineWidget

GRADIENT = Diagnostic("gradient", lambda net, _: gradient(net))
LOWEST = -12.0  # drawn power of ten


class GradientPanel(DiagnosisPanel):
    declaration = PanelDeclaration(
        name="gradient",
        number=8,
        title="gradient by lag",
        tab="gradient",
        page=REMEMBER,
        columns=always(28, 30),
        rows=rows,
        demands=Demand.NETS,
        diagnostics=(GRADIENT,),
        help=PanelHelp(
            "How far learning reaches: the gradient of an answer y_τ with respect to the hidden state k time steps "
            "before it, relative to lag 0, on a logarithmic axis. The dotted line is 1 %; the first lag below it is "
            "the horizon.",
            "g(τ, t) = ‖∂y_τ/∂h_t‖\nby lag: geometric mean of g(τ, τ−k) / g(τ, τ)",
            "The horizon is a ruler, not a wall: Adam enlarges small gradients, and training raises the gain. BPTT "
            "that is cut every n time steps cuts the curve too. The dashed line is g^k, exact for a linear net whose "
            "W_hh is g times an orthogonal matrix.",
            ("look.page", "look.lane", *READ_KEYS),
        ),
    )
    heading = "gradient: ‖∂y_τ/∂h_(τ−k)‖ by lag k"

    def charts(self) -> Sequence[LineWidget]:
        return [LagChart()]

    def show(self, view: ViewState, before: ViewState | None) -> None:  # noqa: ARG002
        found = [(i, result) for i, finding in self.findings(view, GRADIENT) if (result := defined(finding))]
        found.sort(key=lambda each: each[0] != view.lane)
        lanes, muted = view.frame.lanes, self.palette.muted
        curves = [LagCurve(logarithm(result.by_lag.by_lag), self.color(i), self.mark(i), lanes[i].label)
                  for i, result in found]  # fmt: skip
        axis = decades([curve.values for curve in curves])
        marks = []
        if (shown := dict(found).get(view.lane)) is not None:
            lags = len(shown.by_lag.by_lag)
            if shown.gain is not None:
                powers = np.clip(np.arange(lags) * np.log10(max(shown.gain, 1e-300)), LOWEST, None)
                curves.append(LagCurve(powers, self.color(view.lane), dashed=True))
            if shown.truncation:
                marks.append(LagMark(shown.truncation, f"cut every {shown.truncation}", self.palette.text))
            if shown.asked:
                marks.append(LagMark(shown.asked, "the task's lag", muted))
        self.query_one(LagChart).show(curves, axis, marks)
        horizons = " · ".join(f"{lanes[i].label} {horizon_text(result)}" for i, result in sorted(found))
        self.title(f"horizon (1%) {horizons}" if found else "", (self.of_step(view, GRADIENT), "dim"))
        self.say(view, GRADIENT, gradient_sentence)


def horizon_text(found: Gradient) -> str:
    """Return the first lag below 1 %, or that it is beyond the sequence."""
    horizon = found.by_lag.horizon
    return f"> {len(found.by_lag.by_lag) - 1}" if horizon is None else str(horizon)


def logarithm(by_lag: Array) -> Array:
    """Return the power of ten by lag; NaN after the last lag from which anything arrives."""
    with np.errstate(divide="ignore"):
        powers = np.log10(by_lag)
    return np.where(np.isfinite(powers), np.maximum(powers, LOWEST), np.nan)


def decades(powers: Sequence[Array]) -> ValueAxis:
    """Return an axis over whole decades, with at most five labels; at least from 1 to the horizon."""
    drawn = np.concatenate([*powers, [0.0, np.log10(HORIZON)]])
    drawn = drawn[np.isfinite(drawn)]
    low, high = int(np.floor(drawn.min())), int(np.ceil(drawn.max()))
    every = -(-(high - low) // 4)
    ticks = [
        (float(power), "1" if power == 0 else f"1e{power}".replace("e-", "e−"))
        for power in range(high, low - 1, -every)
    ]
    return ValueAxis(float(low), float(high), ticks, levels=(float(np.log10(HORIZON)),))
