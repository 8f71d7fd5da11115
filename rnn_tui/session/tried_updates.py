"""Try the next updates of a lane at several learning rates, without making them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite

import numpy as np

from rnn_tui.engine.optimizers import clip_by_global_norm
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Batch, Learner, TrainState

FACTORS = (0.1, 1.0, 10.0)  # of the present learning rate


def tried_updates(
    learner: Learner, state: TrainState, batches: Sequence[Batch], factors: Sequence[float] = FACTORS
) -> Mapping[float, Array]:
    """Return, by factor of the learning rate, how each batch's own update changes the loss on that batch (n,).

    All updates begin at ``state``.  A change is relative to the loss before, and infinite if the loss after is not
    finite.  Batches without a loss are skipped.
    """
    rows = [row for batch in batches if batch.mask.any() and (row := _changes(learner, state, batch, factors))]
    return dict(zip(factors, np.array(rows).reshape(-1, len(factors)).T, strict=True))


@np.errstate(all="ignore")
def _changes(learner: Learner, state: TrainState, batch: Batch, factors: Sequence[float]) -> list[float]:
    """Return the change of the loss by factor; empty if the loss is 0 or not finite."""
    trace, layout = learner.trace(batch, state.parameters), state.parameters.layout
    loss, gradient = learner.gradient(state, batch, trace)
    if not (loss > 0 and isfinite(loss)):
        return []
    clip_by_global_norm(gradient, learner.clip_norm)
    found = []
    for factor in factors:
        optimizer = replace(learner.optimizer, learning_rate=factor * learner.optimizer.learning_rate)
        flat, _ = replace(learner, optimizer=optimizer).update(state, gradient.copy())
        memory = None if batch.begins else state.memory
        y = learner.model.forward(Parameters(layout, flat), batch.x, trace, memory)
        after, _ = learner.loss.mean(y, batch.target, batch.mask)
        found.append((after - loss) / loss if isfinite(after) else np.inf)
    return found
