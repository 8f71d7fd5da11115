"""Check that a stored run can be replayed on this machine: repeat some updates and compare them with the recorded ones.

Another processor, BLAS or number of threads rounds differently, which changes the last digits.  Another NumPy may draw
other sequences, or, for a file without state 0, other weights: a replay then gives another run.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import isnan
from typing import NamedTuple

import numpy as np

from rnn_tui.checkpoints import origin
from rnn_tui.engine.parameters import Parameters
from rnn_tui.engine.training import Metrics, TrainState
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import Timeline

NAMES = ("loss", "gradient norm")  # of Metrics
FROM_START = 2  # updates that are repeated from step 0; one more from the last keyframe and from the present step
ROUNDING = 1e4  # units in the last place by which sums in another order may differ
SHAKEN = 4  # units in the last place by which parameters are changed, to measure the effect of rounding on this net
SPREAD = 1e3  # rounding in all operations may have this many times that effect


class Deviation(NamedTuple):
    """A metric of a lane at a step that differs from the recorded one; ``rounding``: rounding can explain it."""

    lane: int
    step: int
    name: str
    recorded: float
    found: float
    rounding: bool


def note_on(session: Session) -> str:
    """Return a sentence on how replays on this machine differ; empty if all bits are equal."""
    found = [each for lane, line in enumerate(session.histories.timelines) for each in _deviations(lane, line)]
    if not found:
        return ""
    why = origin.compared(session.origins)
    worse = [each for each in found if not each.rounding]
    if not worse:
        return f"replays of this run differ from the recorded values in the last digits ({why})"
    lane, step, name, recorded, now, _ = worse[0]
    return (
        f"this run cannot be replayed exactly: {session.preset.names[lane]}'s {name} at step {step:,} was "
        f"{recorded:.5g} and is {now:.5g} now ({why}); stored states are exact, replayed steps between them are not"
    )


def _deviations(lane: int, line: Timeline) -> Iterator[Deviation]:
    keyframe = line.keyframe_before(line.last_step - 1)
    for state, most in ((line.start, FROM_START), (keyframe, 1), (line.state, 1)):
        count = min(most, line.last_step - state.step)
        for i, metrics in enumerate(_replayed(line, state, count)):
            for name, history, found in zip(NAMES, (line.losses, line.norms), metrics[: len(NAMES)], strict=True):
                low, high = history.bounds(state.step + i)
                if isnan(low) or low <= found <= high:
                    continue
                recorded = low if found < low else high
                spread = abs(_replayed(line, _shaken(state), count)[i][NAMES.index(name)] - found)
                rounding = ROUNDING * _eps(state) * max(abs(found), abs(recorded)) + SPREAD * spread
                yield Deviation(lane, state.step + i, name, recorded, found, abs(found - recorded) <= rounding)


def _replayed(line: Timeline, state: TrainState, count: int) -> list[Metrics]:
    found = []
    for _ in range(count):
        state, metrics = line.update(state)
        found.append(metrics)
    return found


def _shaken(state: TrainState) -> TrainState:
    """Return the state with its parameters changed by some units in the last place, alternately up and down."""
    flat = state.parameters.flat
    signs = np.where(np.arange(len(flat)) % 2, 1, -1).astype(flat.dtype)
    return replace(state, parameters=Parameters(state.parameters.layout, flat * (1 + SHAKEN * _eps(state) * signs)))


def _eps(state: TrainState) -> float:
    return float(np.finfo(state.parameters.dtype).eps)
