"""The view of the equation panel on a lane with interventions: its weights, inputs and states at the cursor."""

from dataclasses import replace

import numpy as np

from rnn_tui.interventions import Intervention
from rnn_tui.interventions.applied import all_spelled
from rnn_tui.ui.panels.view_state import ViewState


def view_with(view: ViewState) -> ViewState:
    """Return the view with the interventions on the lane under the cursor; the view itself if it shows none.

    The equation at t reads the states at t − 1.  Where an intervention sets the carried state before t, that is what
    it reads.
    """
    altered = view.altered
    if altered is None or view.compared == "without":
        return view
    t, lane, probe = view.t, view.shown, altered.probe
    segment = next(each for each in altered.segments if each.start <= t < each.stop)
    states, before = dict(probe.states), dict(lane.before)
    carried = lane.settings.architecture.inherited(segment.memory[..., 0])  # (n, features) each
    if t == 0:
        before |= carried
    elif t == segment.start:
        states |= {name: np.concatenate([states[name][: t - 1], values[-1:], states[name][t:]])
                   for name, values in carried.items() if name in states}  # fmt: skip
    changed = replace(lane, weights=segment.parameters.views, probe=replace(probe, states=states), before=before)
    lanes = tuple(changed if i == view.lane else each for i, each in enumerate(view.frame.lanes))
    return replace(view, frame=replace(view.frame, inputs=altered.inputs, lanes=lanes))


def on_unit(view: ViewState) -> Intervention | None:
    """Return the intervention that sets what is read of the unit under the cursor; None if there is none."""
    if view.state != "h":
        return None
    altered = None if view.compared == "without" else view.altered
    lens = () if altered is None else altered.interventions
    acting = (*lens, *all_spelled(tuple(view.shown.settings.interventions)))
    return next((each for each in reversed(acting) if each.slot == ("unit", view.unit)), None)
