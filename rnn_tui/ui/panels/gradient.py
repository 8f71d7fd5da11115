"""The gradient panel: how much of an answer's gradient arrives k time steps before it, by lag."""

from collections.abc import Sequence

import numpy as np

from rnn_tui.engine.diagnostics import HORIZON
from rnn_tui.engine.parameters import Array
from rnn_tui.session.diagnosis import Gradient, gradient
from rnn_tui.session.diagnosis_sentences import gradient_sentences
from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels.declaration import READ_KEYS, REMEMBER, PanelDeclaration, PanelHelp, always
from rnn_tui.ui.panels.diagnoses import COMPUTING, Diagnostic
from rnn_tui.ui.panels.diagnosis_panel import BY_LAG, OVER_RUN, LagPanel, next_drawing, rows
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.widgets.lag_chart import LagChart, LagCurve, LagMark, ValueAxis

GRADIENT = Diagnostic("gradient", lambda net, _: gradient(net), gradient_sentences)
LOWEST = -12.0  # drawn power of ten


class GradientPanel(LagPanel):
    declaration = PanelDeclaration(
        name="gradient",
        number=8,
        title="gradient by lag",
        tab="gradient",
        page=REMEMBER,
        columns=always(28, 31, 60),
        rows=rows,
        demands=Demand.NETS | Demand.WHAT_IF,
        diagnostics=(GRADIENT,),
        drawings=(BY_LAG, OVER_RUN),
        keys=(next_drawing("gradient", "Show the gradient by lag, or its horizon over the run"),),
        help=PanelHelp(
            "How far learning reaches: the gradient of an answer y_τ with respect to the hidden state k time steps "
            "before it, relative to lag 0, on a logarithmic axis. The dotted line is 1 %; the first lag below it is "
            "the horizon.",
            "g(τ, t) = ‖∂y_τ/∂h_t‖\nby lag: geometric mean of g(τ, τ−k) / g(τ, τ)",
            "The horizon is a ruler, not a wall: Adam enlarges small gradients, and training raises the gain. BPTT "
            "that is cut every n time steps cuts the curve too. The dashed line is g^k, exact for a linear net whose "
            "W_hh is g times an orthogonal matrix. {gradient.drawing} shows the horizon over the steps of the run.",
            ("gradient.drawing", "look.page", "look.lane", *READ_KEYS),
        ),
    )

    diagnostic = GRADIENT

    def show(self, view: ViewState) -> None:
        more = self.other_drawing(view)
        if self.by_step:
            self.draw_over_run(view, GRADIENT, horizon)
            self.title(more, ": horizon over the run")
            self.tell(view, [_moved(lane.label, self.over_run(view, GRADIENT, i))
                             for i, lane in enumerate(view.frame.lanes)])  # fmt: skip
            return
        found = self.found(view)
        lanes, muted = view.frame.lanes, self.palette.muted
        curves = [LagCurve(logarithm(result.by_lag.by_lag), self.color(i), self.mark(i), lanes[i].label)
                  for i, result in found]  # fmt: skip
        curves += [LagCurve(logarithm(result.by_lag.by_lag), self.color(i), tag=f"{lanes[i].label} if", dashed=True)
                   for i, result in self.found_altered(view)]  # fmt: skip
        lags = _shown_lags(curves, found[0][1].asked if found else None)
        curves = [curve._replace(values=curve.values[:lags]) for curve in curves]
        axis, level = decades([curve.values for curve in curves]), float(np.log10(HORIZON))
        axis = axis._replace(ticks=[*axis.ticks, (level, f"{HORIZON:.0%}")], levels=(level,))
        marks = []
        if (shown := dict(found).get(view.lane)) is not None:
            if shown.gain is not None:
                powers = np.clip(np.arange(lags) * np.log10(max(shown.gain, 1e-300)), LOWEST, None)
                curves.append(LagCurve(powers, self.color(view.lane), dashed=True))
            if shown.truncation:
                marks.append(LagMark(shown.truncation, f"cut every {shown.truncation}", self.palette.text))
            if shown.asked:
                marks.append(LagMark(shown.asked, "task's lag", muted))
        self.query_one(LagChart).show(curves, axis, marks)
        changed = {i: f", if {horizon_text(result)}" for i, result in self.found_altered(view)}
        each = [f"{lanes[i].label} {horizon_text(result)}{changed.get(i, '')}" for i, result in sorted(found)]
        this = [text for (i, _), text in zip(sorted(found), each, strict=True) if i == view.lane]
        said = [f"horizon (1%) {' · '.join(texts)}" for texts in (each, this) if texts]
        said += [f"horizon {text}" for text in this]
        right = self.with_hint(said, more)
        self.title(right, (self.of_step(view, GRADIENT), "dim"), *self.about(": ‖∂y_τ/∂h_(τ−k)‖"))
        self.say(view, GRADIENT)


def _shown_lags(curves: Sequence[LagCurve], asked: int | None) -> int:
    """Return how many lags to show: those from which anything arrives, that of the task, and some more."""
    reached = [int(np.flatnonzero(np.isfinite(curve.values)).max(initial=0)) for curve in curves]
    return max([10, *reached, 0 if asked is None else asked]) + 2


def horizon(found: Gradient) -> float:
    """Return the first lag below 1 %; one beyond the sequence if there is none."""
    reached = found.by_lag.horizon
    return len(found.by_lag.by_lag) if reached is None else reached


def _moved(label: str, found: dict[int, Gradient]) -> Sequence[str]:
    """Return how the horizon changed over the run."""
    if len(found) < 2:
        return (f"{label}: {COMPUTING if not found else 'train to see how its horizon changes'}",)
    first, last = (horizon_text(found[step]) for step in (min(found), max(found)))
    return (
        f"{label}: horizon {first} at step {min(found):,}, {last} at step {max(found):,}.",
        f"{label}: horizon {first}, then {last}.",
    )


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
    return ValueAxis(float(low), float(high), ticks)
