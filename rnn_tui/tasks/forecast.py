"""Forecasting rows of numbers: the base of tasks on measured or integrated series."""

from abc import abstractmethod

import numpy as np

from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import MOST_HELD_OUT, Floor, Reference, Task
from rnn_tui.tasks.floors.linear import held_out_error
from rnn_tui.tasks.holdout import HoldoutSplit

LINEAR_WINDOW = 10  # rows seen by the linear predictor in the references


class Forecast(Task):
    """Predict the first input ``ahead`` rows later.

    Training sequences start anywhere in the training part; the last part of the rows is held out.
    """

    loss = mean_squared_error

    def warming(self, length: int) -> int:
        """Return how many time steps at the beginning of a sequence are not scored.

        A net that has read only a few rows should not be compared with a predictor that sees all its rows at once.
        """
        return min(LINEAR_WINDOW, length // 4)

    @property
    @abstractmethod
    def series(self) -> HoldoutSplit:
        """Rows (N, I + 1): the inputs, normalized, and 1 or 0 for whether the first of them is known."""

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        return self._windows(self.series.draw(rng, size, length + self.ahead), length)

    def held_out(self, rng: np.random.Generator, size: int, length: int) -> Batch:  # noqa: ARG002
        return self._windows(self.series.later(size, length + self.ahead), length)

    def scored(self, length: int, size: int = MOST_HELD_OUT) -> Batch:
        """Return the sequences on which lanes are scored, at most ``size``."""
        return self._windows(self.series.later(size, length + self.ahead), length)

    def _windows(self, windows: Array, length: int) -> Batch:
        """Return x (T, I, B) and the target (T, 1, B) ``ahead`` rows later from windows (T + ahead, B, I + 1)."""
        x, later = windows[:length, :, :-1].transpose(0, 2, 1), windows[self.ahead :]
        mask = later[..., -1].copy()
        mask[: self.warming(length)] = 0
        return Batch(x.copy(), later[:, None, :, 0].copy(), mask)

    def target_of(self, x: Array) -> tuple[Array, Array] | None:
        known = super().target_of(x)
        if known is not None:
            known[1][: self.warming(len(x))] = 0
        return known

    def floor(self, window: int | None, length: int) -> Floor | None:
        """Return the floor measured on MOST_HELD_OUT sequences, see ``floor_on``."""
        return self.floor_on(self.scored(length), window)

    def floor_on(self, held_out: Batch, window: int | None) -> Floor | None:
        """Return the estimated floor: the error of the best linear predictor of the last ``window`` rows.

        It is fitted by least squares on the training part and measured on the scored rows (see ``held_out_error``).
        With a window longer than ``warming`` it also sees rows before the sequence, which a net does not; nevertheless
        a net may beat it.  None for all inputs, or if there are too few rows.
        """
        if window is None or window > len(held_out.x):
            return None
        loss = self._linear(window, held_out)
        return None if loss is None else Floor(loss, exact=False)

    def _linear(self, window: int, held_out: Batch) -> float | None:
        """Return the linear predictor's error on the targets of the held-out sequences."""
        earlier, later = self.series.earlier, self.series.held_out
        length, _, size = held_out.x.shape
        places = HoldoutSplit(np.arange(len(earlier) + len(later))).later(size, length + self.ahead)
        scored = np.isin(np.arange(len(later)), places[self.ahead + self.warming(length) :] - len(earlier)) & (
            later[:, -1] > 0
        )
        known = (earlier[:, -1] > 0, scored)
        return held_out_error(earlier[:, :-1], later[:, :-1], window, self.ahead, known)

    def references(self, length: int) -> list[Reference]:
        """Return the references measured on MOST_HELD_OUT sequences, see ``references_on``."""
        return self.references_on(self.scored(length))

    def references_on(self, held_out: Batch) -> list[Reference]:
        """Return losses on the held-out sequences.

        They are those of always answering the training mean (0, by the normalization), of persistence (repeating the
        last value), and of the linear predictor of the last rows, if there are enough of them.
        """
        batch, window = held_out, min(LINEAR_WINDOW, len(held_out.x))
        losses = {
            "mean": float(np.square(batch.target[:, 0])[batch.mask > 0].mean()),
            "persistence": float(np.square(batch.target - batch.x[:, :1])[:, 0][batch.mask > 0].mean()),
            f"linear({window})": self._linear(window, batch),
        }
        return [Reference(name, loss) for name, loss in losses.items() if loss is not None]
