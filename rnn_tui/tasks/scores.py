"""How good the answers are: over all scored positions, by time step and by phase."""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.losses import Loss, binary_cross_entropy, mean_squared_error
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch


@dataclass(frozen=True, eq=False, slots=True)
class Score:
    """Attributes:
    loss: mean over the scored positions.
    accuracy: share of right answers, for cross-entropies; else None (also where nothing is scored).
    r2: 1 − MSE / variance of the scored targets, for squared errors; else None (also where they never vary).
    loss_by_time: (T,), NaN where nothing is scored.
    """

    loss: float
    accuracy: float | None
    r2: float | None
    loss_by_time: Array

    def by_phase(self, phases: int) -> list[float]:
        """The loss by t mod ``phases``, over the scored time steps; NaN for a phase that has none."""
        parts = [self.loss_by_time[phase::phases] for phase in range(phases)]
        return [float("nan") if np.isnan(part).all() else float(np.nanmean(part)) for part in parts]


def right(loss: Loss, y: Array, target: Array) -> Array:
    """(T, B) booleans: is the likeliest class the target?  For cross-entropies."""
    binary = loss is binary_cross_entropy
    good = ((y > 0) == (target > 0.5)).all(axis=1) if binary else y.argmax(axis=1) == target
    return np.asarray(good & np.isfinite(y).all(axis=1))  # NaN is no answer


def score(loss: Loss, y: Array, batch: Batch) -> Score:
    """Score logits or predictions y (T, O, B)."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        each, _ = loss.each(y, batch.target)
        scored = batch.mask > 0
        each = np.where(scored, each, 0)
        counts = scored.sum(axis=1)
        by_time = np.divide(each.sum(axis=1), counts, out=np.full(len(y), np.nan), where=counts > 0)
        by_time.flags.writeable = False
        mean = float(each.sum() / max(1, counts.sum()))
        if not scored.any():
            return Score(mean, None, None, by_time)
        if loss is not mean_squared_error:
            return Score(mean, float(right(loss, y, batch.target)[scored].mean()), None, by_time)
        variance = batch.target.transpose(0, 2, 1)[scored].var(axis=0).mean()
        return Score(mean, None, float(1 - mean / variance) if variance > 0 else None, by_time)
