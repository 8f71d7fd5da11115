"""The hidden-state panel: h_t of one lane, units × time."""

import numpy as np
from textual.app import ComposeResult

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.panels.panel import Panel, signed
from rnn_tui.ui.view import View
from rnn_tui.ui.widgets.heatmap import HeatMap

BOUNDED = {"tanh", "sigmoid"}  # their values lie within ±1 for certain


class HiddenPanel(Panel):
    number, heading = 3, "hidden state"

    def compose(self) -> ComposeResult:
        yield HeatMap()

    def show(self, view: View, before: View | None) -> None:  # noqa: ARG002
        lane, values = view.shown, view.units
        scale = scale_of(values, lane.settings.activation)
        value = values[view.unit, view.t]
        reading = f"h{view.unit} at t = {view.t}: {signed(float(value))} · colours from −{scale:.3g} to {scale:.3g}"
        self.title(reading, f" h_t of {lane.label}, {len(values)} units")
        self.query_one(HeatMap).show(values, scale, view.t, view.unit, view.lit)


def scale_of(values: Array, activation: str) -> float:
    """What the strongest colour stands for: 1 for bounded activations, else the greatest finite |h|."""
    if activation in BOUNDED:
        return 1.0
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size and finite.max() > 0 else 1.0
