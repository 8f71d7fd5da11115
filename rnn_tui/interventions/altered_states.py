"""The states of a net with interventions, and their Jacobians: what its diagnostics need."""

from collections.abc import Sequence

import numpy as np

from rnn_tui.engine.diagnostics import StateMap
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.altered_pass import AlteredPass, in_effect
from rnn_tui.interventions.base import Intervention, Target


def known_states(passed: AlteredPass, target: Target) -> Array:
    """Return what the net knows of the past (T, N, B) after each time step: h, of an LSTM [h; c], as it is read.

    Of a unit whose h nothing reads, c reaches nothing either: it counts as 0.
    """
    if not isinstance(target.model, RecurrentModel):
        return passed.states["h"]
    unread = (passed.states["h"] != passed.computed["h"]).any(axis=(0, 2))
    parts = [passed.states[name] for name in target.model.cell.memory]
    others = [np.where(unread[:, None], 0, part) for part in parts[1:]]
    return np.concatenate([parts[0], *others], axis=1)


@np.errstate(all="ignore")
def altered_jacobians(interventions: Sequence[Intervention], target: Target, passed: AlteredPass) -> Array:
    """Return ∂s_t/∂s_(t−1) (T, N, N) along the first sequence of a pass; 0 where the state is reset.

    Each time step has the parameters and the state of its own segment.  Truncation is not regarded.
    """
    model, interventions = target.model, in_effect(interventions)
    assert isinstance(model, RecurrentModel)
    states = np.concatenate([passed.computed[name][..., 0] for name in model.cell.memory], axis=1)  # (T, N)
    before = np.concatenate([np.zeros_like(states[:1]), states[:-1]])
    found = np.empty((*states.shape, states.shape[1]))
    parameters = passed.segments[0].parameters
    step = StateMap(model, parameters)
    for segment in passed.segments:
        at = slice(segment.start, segment.stop)
        if segment.parameters is not parameters:
            parameters = segment.parameters
            step = StateMap(model, parameters)
        before[segment.start] = segment.memory[..., 0].ravel()
        found[at] = step.jacobian(before[at].T, passed.x[at, :, 0].T)
        if segment.start:
            found[segment.start] = found[segment.start] @ _slope(interventions, target, segment.start, step)
    return found


def _slope(interventions: Sequence[Intervention], target: Target, t: int, step: StateMap) -> Array:
    """Return the slope (N, N) of the state that time step ``t`` starts from, with respect to the one before."""
    N = step.size
    ends = []
    for memory in (np.eye(N), np.zeros((N, N))):
        altered = memory.reshape(step.parts, step.hidden, N)
        for each in interventions:
            altered = each.altered_memory(altered, target, t)
        ends.append(altered.reshape(N, N))
    return ends[0] - ends[1]
