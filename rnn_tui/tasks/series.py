"""CSV: the user's own numbers; predict the column some rows ahead."""

from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationInfo, field_validator

from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.errors import DataError
from rnn_tui.tasks.base import MOST_HELD_OUT, Floor, Reference, Task
from rnn_tui.tasks.stretch import HELD_OUT, Stretch, absolute
from rnn_tui.tasks.tables import read_table

MOST_FITTED = 100_000  # rows; more would change the floor's third digit and cost seconds


class CsvSeries(Task):
    """A column of a CSV file, normalised by the mean and deviation of its training part; the last 20 % are held out.

    Losses are therefore in units of the training part's variance: 1 is what always answering its mean reaches there.
    """

    loss = mean_squared_error

    kind: Literal["csv"] = "csv"
    path: str = Field(min_length=1)
    column: str | None = None
    horizon: int = Field(1, ge=1, le=10_000)

    @field_validator("path")
    @classmethod
    def _from_the_presets_folder(cls, path: str, info: ValidationInfo) -> str:
        return absolute(path, info)

    @property
    def is_data(self) -> bool:
        return True

    @cached_property
    def _found(self) -> tuple[str, Array]:
        """The column's name in the file, and its values (N,)."""
        table = read_table(Path(self.path), self.column)
        return table.columns[table.index(self.column)], table.numbers(self.column)

    @property
    def raw(self) -> Array:
        """The column (N,) as it stands in the file.  Raises DataError."""
        return self._found[1]

    @cached_property
    def _scale(self) -> tuple[float, float]:
        """Mean and standard deviation of the training part."""
        part = self.raw[: Stretch.cut(len(self.raw))]
        return float(part.mean()), float(part.std())

    @cached_property
    def series(self) -> Stretch:
        mean, deviation = self._scale
        return Stretch((self.raw - mean) / deviation)

    def problems(self, length: int) -> list[str]:
        try:
            name, values = self._found
        except DataError as error:
            return [str(error)]
        need, rows = length + self.horizon, len(values)
        part = values[: Stretch.cut(rows)]
        if Stretch.fits(rows) < need:
            return [
                f"{self.path}: too short: of its {rows} rows {Stretch.fits(rows)} are held out (the last "
                f"{HELD_OUT:.0%}), but a sequence of {length} time steps (training.sequence_length) needs {need}"
            ]
        with np.errstate(over="ignore", invalid="ignore"):
            deviation = part.std()
            power = np.square((values - part.mean()) / (deviation or 1)).sum()
        if deviation <= 1e-12 * np.abs(part).max():
            return [f"{self.path}: column {name!r} is {part[0]:g} all through its training part"]
        if not np.isfinite(deviation + power):
            return [
                f"{self.path}: column {name!r} holds values too large to be squared, up to {np.abs(values).max():g}"
            ]
        return []

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        return self._windows(self.series.draw(rng, size, length + self.horizon), length)

    def held_out(self, rng: np.random.Generator, size: int, length: int) -> Batch:  # noqa: ARG002
        return self._windows(self.series.later(size, length + self.horizon), length)

    def _windows(self, windows: Array, length: int) -> Batch:
        """windows (T + horizon, B) -> x and the value ``horizon`` later"""
        x, target = windows[:length, None], windows[self.horizon :, None]
        return Batch(x.copy(), target.copy(), np.ones((length, windows.shape[1])))

    def floor(self, window: int | None, length: int) -> Floor | None:
        """Estimated: what the best linear predictor of the last ``window`` values, fitted by least squares on the
        training part, reaches on the held-out part (of each the ``MOST_FITTED`` rows nearest to the cut).  A network
        may beat it.  None for all inputs, or if too few rows.
        """
        if window is None or window > length:
            return None
        seen, following = self._lagged(self.series.earlier[-MOST_FITTED:], window)
        if len(seen) < 2 * window + 2:
            return None
        weights = np.linalg.lstsq(seen, following, rcond=None)[0]
        seen, following = self._lagged(self.series.held_out[:MOST_FITTED], window)
        if not len(seen):
            return None
        return Floor(float(np.square(seen @ weights - following).mean()), exact=False)

    def _lagged(self, values: Array, window: int) -> tuple[Array, Array]:
        """(rows, window + 1) of the last values and a 1, and (rows,) what came ``horizon`` later."""
        if len(values) < window + self.horizon:
            return np.zeros((0, window + 1)), np.zeros(0)
        lags = np.lib.stride_tricks.sliding_window_view(values, window)[: len(values) - window + 1 - self.horizon]
        return np.column_stack([lags, np.ones(len(lags))]), values[window - 1 + self.horizon :]

    def references(self, length: int) -> list[Reference]:
        """On the sequences that lanes are scored on: always the training mean (0, by the normalisation), and the last
        value seen.
        """
        batch = self._windows(self.series.later(MOST_HELD_OUT, length + self.horizon), length)
        return [
            Reference("mean", float(np.square(batch.target).mean())),
            Reference("persistence", float(np.square(batch.target - batch.x).mean())),
        ]

    def in_units(self, values: Array) -> Array:
        mean, deviation = self._scale
        return np.asarray(mean + deviation * values)
