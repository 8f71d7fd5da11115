"""A forward pass with interventions: in segments, each with its own parameters and initial state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Buffers
from rnn_tui.interventions.base import Intervention, Target


@dataclass(frozen=True, eq=False, slots=True)
class Segment:
    """Time steps that are read with the same parameters.

    Attributes:
        start, stop: the first time step, and the one after the last.
        parameters: the same object as in the segment before if nothing has changed.
        memory: (S, H, B) the carried state, or the earlier inputs of a window, that it starts from.
    """

    start: int
    stop: int
    parameters: Parameters
    memory: Array


@dataclass(frozen=True, eq=False, slots=True)
class AlteredPass:
    """What a net with interventions did over sequences.

    Attributes:
        x: (T, I, B) what it read.
        computed: (T, H, B) by name, as the net computed them. states: the same as they were read. y: (T, O, B).
        segments: in order.
    """

    x: Array
    computed: Mapping[str, Array]
    states: Mapping[str, Array]
    y: Array
    segments: tuple[Segment, ...]


def in_effect(interventions: Sequence[Intervention]) -> list[Intervention]:
    """Return those that act, in the order in which they do: on the state last, so that a held unit is read through
    the changed weights; otherwise as they were given.
    """
    last = {each.slot: each for each in interventions if each.slot is not None}
    acting = [each for each in interventions if each.slot is None or last[each.slot] is each]
    return sorted(acting, key=lambda each: each.on == "state")


def altered_pass(interventions: Sequence[Intervention], target: Target, x: Array) -> AlteredPass:
    """Return what the net of ``target`` with the interventions does over x (T, I, B)."""
    return pass_over(interventions, target, altered_input(interventions, target, x))


@np.errstate(over="ignore", invalid="ignore")
def pass_over(interventions: Sequence[Intervention], target: Target, x: Array) -> AlteredPass:
    """Return the same over an input x that is altered already."""
    interventions = in_effect(interventions)
    parameters = target.parameters
    assert parameters is not None
    T, B = len(x), x.shape[2]
    model, dtype = target.model, parameters.dtype
    times = {t for each in interventions for t in each.starts(target, T) if 0 < t < T}
    borders, buffers = [0, *sorted(times), T], Buffers()
    memory = np.zeros_like(model.trace(1, B, str(dtype)).end())
    computed: dict[str, Array] = {}
    y, segments = np.zeros(0), list[Segment]()
    for start, stop in pairwise(borders):
        for each in interventions:
            memory = each.altered_memory(memory, target, start)
        parameters = altered_parameters(interventions, target, start)
        if segments and np.array_equal(parameters.flat, segments[-1].parameters.flat):
            parameters = segments[-1].parameters
        segment = Segment(start, stop, parameters, memory)
        trace = buffers.trace(model, stop - start, B, dtype)
        part = model.forward(segment.parameters, x[start:stop], trace, memory)
        if not computed:
            computed = {name: np.empty((T, *values.shape[1:]), dtype) for name, values in trace.states.items()}
            y = np.empty((T, *part.shape[1:]), dtype)
        for name, values in trace.states.items():
            computed[name][start:stop] = values
        y[start:stop] = part
        memory = trace.end()
        segments.append(segment)
    return AlteredPass(x, computed, target.read(computed, interventions), y, tuple(segments))


def altered_input(interventions: Sequence[Intervention], target: Target, x: Array) -> Array:
    """Return the input that the net reads in place of x (T, I, B)."""
    for each in interventions:
        x = each.altered_input(x, target)
    return x


def altered_parameters(interventions: Sequence[Intervention], target: Target, t: int = 0) -> Parameters:
    """Return the parameters at time step ``t`` of a sequence: a copy with the interventions."""
    assert target.parameters is not None
    interventions = in_effect(interventions)
    copy = Parameters(target.parameters.layout, target.parameters.flat.copy())
    for each in interventions:
        each.alter_weights(copy.views, target, t)
    return copy
