"""Interventions that are applied: a lane has them from a step on, and training goes on with them."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.interventions import Intervention, SpellingError, Target, spelled
from rnn_tui.interventions.altered_pass import in_effect


def lasting_problem(intervention: Intervention) -> str:
    """Return why an intervention cannot be applied; empty if it can."""
    return "" if intervention.stays else f"{intervention.spelling!r} shows what if, but training cannot go on with it"


@cache
def all_spelled(texts: tuple[str, ...]) -> tuple[Intervention, ...]:
    """Return the interventions.  Raises SpellingError."""
    return tuple(map(spelled, texts))


def problems(texts: Sequence[str], target: Target) -> list[str]:
    """Return why interventions cannot be applied to a lane's net, each with its spelling."""
    found: list[str] = []
    taken: dict[object, str] = {}
    for text in texts:
        try:
            intervention = spelled(text)
        except SpellingError as error:
            found.append(str(error))
            continue
        problem = intervention.problem(target)
        if problem := lasting_problem(intervention) or (f"{text!r}: {problem}" if problem else ""):
            found.append(problem)
        elif intervention.slot is not None and (other := taken.setdefault(intervention.slot, text)) is not text:
            found.append(f"{text!r}: {other!r} already says what is read; remove one of them")
    return found


def added(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Return the interventions that ``after`` has in addition to ``before``, in order."""
    rest, found = list(before), []
    for text in after:
        if text in rest:
            rest.remove(text)
        else:
            found.append(text)
    return tuple(found)


def entered(texts: Sequence[str], target: Target, parameters: Parameters) -> Parameters:
    """Return a copy of the parameters, changed by interventions."""
    copy = Parameters(parameters.layout, parameters.flat.copy())
    for intervention in in_effect(all_spelled(tuple(texts))):
        intervention.alter_weights(copy.views, target)
    return copy


def acting(interventions: Sequence[Intervention], target: Target) -> tuple[Intervention, ...]:
    """Return those that the parameters of ``target`` have: applied again, they change nothing.

    Before the step at which it is applied, an intervention does not act.
    """
    parameters, found = target.parameters, []
    assert parameters is not None
    for intervention in interventions:
        copy = Parameters(parameters.layout, parameters.flat.copy())
        intervention.alter_weights(copy.views, target)
        if np.array_equal(copy.flat, parameters.flat, equal_nan=True):
            found.append(intervention)
    return tuple(found)


def frozen(texts: Sequence[str], target: Target) -> Array | None:
    """Return the indices of the parameters that interventions keep from learning; None if there are none."""
    mask = Parameters.zeros(target.model.layout, "bool")
    for intervention in all_spelled(tuple(texts)):
        intervention.freeze(mask.views, target)
    return np.flatnonzero(mask.flat) if mask.flat.any() else None
