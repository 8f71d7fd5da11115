"""The hidden-state panel: h_t of one lane, or another of its states, units × time."""

import numpy as np
from textual.app import ComposeResult

from rnn_tui.engine.parameters import Array
from rnn_tui.session.frame import Lane, state_of
from rnn_tui.ui.panels.base import Panel, signed
from rnn_tui.ui.panels.view_state import View
from rnn_tui.ui.widgets.heatmap import HeatMap


class HiddenPanel(Panel):
    number, heading = 3, "hidden state"

    def compose(self) -> ComposeResult:
        yield HeatMap()

    def show(self, view: View, before: View | None) -> None:  # noqa: ARG002
        lane, values, name = view.shown, view.units, view.state
        middle, reach = colour_scale(values, lane, name)
        value = signed(float(values[view.unit, view.t]))
        scale = f"{middle - reach:.3g} to {middle + reach:.3g}".replace("-", "−")
        reading = f"{name}{view.unit} at t = {view.t}: {value} · {self.canvas.scale} from {scale}"
        others = [other for other in lane.states if other != name]
        more = view.keys.say(f" ({{look.state}}: {' '.join(others)})") if others else ""
        self.heading = state_of(lane, name).title
        self.title(reading, f" {name}_t of {lane.label}, {len(values)} units", (more, "dim"))
        self.query_one(HeatMap).show(values - middle, reach, view.t, view.unit, view.lit, name, view.columns)


def colour_scale(values: Array, lane: Lane, name: str) -> tuple[float, float]:
    """The middle of the colours, and how far from it the strongest ones are: by what a gate or an activation lies
    between for certain, or else by what there is.
    """
    state = state_of(lane, name)
    if state.function == "σ":
        return 0.5, 0.5
    return 0.0, max(map(abs, state.limits)) if state.limits else greatest(values)


def greatest(values: Array) -> float:
    """The greatest finite absolute value, 1 where there is none above 0."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size and finite.max() > 0 else 1.0
