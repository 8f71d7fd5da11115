"""Forecasting rows of numbers: what the tasks on measured or integrated series have in common."""

from abc import abstractmethod

import numpy as np

from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import MOST_HELD_OUT, Floor, Reference, Task
from rnn_tui.tasks.floors.linear import held_out_error
from rnn_tui.tasks.holdout import HoldoutSplit

LINEAR_WINDOW = 10  # rows that the linear predictor among the references sees


class Forecast(Task):
    """The target is the first input ``ahead`` rows later; sequences start anywhere in the part that is trained on, and
    the last part is held out.
    """

    loss = mean_squared_error

    def warming(self, length: int) -> int:
        """How many time steps at the beginning of a sequence are not scored: a net that has heard next to nothing is
        not to be compared with a predictor that sees its rows at once.
        """
        return min(LINEAR_WINDOW, length // 4)

    @property
    @abstractmethod
    def series(self) -> HoldoutSplit:
        """Rows (N, I + 1): the inputs, normalised, and 1 or 0 for whether the first of them is known."""

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        return self._windows(self.series.draw(rng, size, length + self.ahead), length)

    def held_out(self, rng: np.random.Generator, size: int, length: int) -> Batch:  # noqa: ARG002
        return self._windows(self.series.later(size, length + self.ahead), length)

    def scored(self, length: int, size: int = MOST_HELD_OUT) -> Batch:
        """The sequences that lanes are scored on, if there are to be at most ``size``."""
        return self._windows(self.series.later(size, length + self.ahead), length)

    def _windows(self, windows: Array, length: int) -> Batch:
        """windows (T + ahead, B, I + 1) -> x (T, I, B), and the target (T, 1, B) ``ahead`` rows later"""
        x, later = windows[:length, :, :-1].transpose(0, 2, 1), windows[self.ahead :]
        mask = later[..., -1].copy()
        mask[: self.warming(length)] = 0
        return Batch(x.copy(), later[:, None, :, 0].copy(), mask)

    def floor(self, window: int | None, length: int) -> Floor | None:
        """As measured on the most sequences that lanes are scored on, see ``floor_on``."""
        return self.floor_on(self.scored(length), window)

    def floor_on(self, held_out: Batch, window: int | None) -> Floor | None:
        """Estimated: what the best linear predictor of the last ``window`` rows, fitted by least squares on the
        training part, reaches on what is scored (see ``held_out_error``).  A longer window than ``warming`` reaches
        back before the sequence, where a net's is empty; a net may beat it all the same.  None for all inputs, or if
        too few rows.
        """
        if window is None or window > len(held_out.x):
            return None
        loss = self._linear(window, held_out)
        return None if loss is None else Floor(loss, exact=False)

    def _linear(self, window: int, held_out: Batch) -> float | None:
        """The linear predictor's error at the rows that are targets of the sequences that lanes are scored on."""
        earlier, later = self.series.earlier, self.series.held_out
        length, _, size = held_out.x.shape
        places = HoldoutSplit(np.arange(len(earlier) + len(later))).later(size, length + self.ahead)
        scored = np.isin(np.arange(len(later)), places[self.ahead + self.warming(length) :] - len(earlier)) & (
            later[:, -1] > 0
        )
        known = (earlier[:, -1] > 0, scored)
        return held_out_error(earlier[:, :-1], later[:, :-1], window, self.ahead, known)

    def references(self, length: int) -> list[Reference]:
        """As measured on the most sequences that lanes are scored on, see ``references_on``."""
        return self.references_on(self.scored(length))

    def references_on(self, held_out: Batch) -> list[Reference]:
        """On the sequences that lanes are scored on: always the training mean (0, by the normalisation), the last
        value seen, and the linear predictor of the last rows, where there are enough of them.
        """
        batch, window = held_out, min(LINEAR_WINDOW, len(held_out.x))
        losses = {
            "mean": float(np.square(batch.target[:, 0])[batch.mask > 0].mean()),
            "persistence": float(np.square(batch.target - batch.x[:, :1])[:, 0][batch.mask > 0].mean()),
            f"linear({window})": self._linear(window, batch),
        }
        return [Reference(name, loss) for name, loss in losses.items() if loss is not None]
