"""Temperature: a synthetic year of daily temperatures; predict tomorrow's."""

from functools import cached_property
from math import pi, sqrt
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task
from rnn_tui.tasks.portable_math import sine, standard_normal, uniform

YEAR = 365  # days
MEAN, SEASON, WEATHER = 10.0, 8.0, 3.0  # °C: of the year, amplitude of the season, standard deviation of the weather
LONGEST_WINDOW = 60  # days; a longer window hardly lowers the floor


class Temperature(Task):
    """Predict tomorrow's temperature, season plus weather plus noise: x_t = 10 + 8 sin(2π (t + φ) / 365) + w_t + e_t.

    The unit is °C.  The weather w is correlated, w_t = ρ w_{t-1} + √(1 - ρ²) 3 ε_t with ρ = ``memory``; the first day φ
    of a sequence is random.  Inputs and targets are normalized by the mean and variance of the process.
    """

    loss = mean_squared_error

    kind: Literal["temperature"] = "temperature"
    memory: Annotated[float, Field(ge=0, le=0.99, description="correlation of the weather from day to day")] = 0.8
    noise: Annotated[
        float, Field(ge=0, le=20, description="°C, standard deviation of the unpredictable part of each day")
    ] = 1.0

    @property
    def ahead(self) -> int:
        return 1

    @cached_property
    def _variance(self) -> float:
        return SEASON * SEASON / 2 + WEATHER * WEATHER + self.noise * self.noise

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        day = uniform(rng, 0, YEAR, size) + np.arange(length + 1)[:, None]
        weather = WEATHER * standard_normal(rng, length + 1, size)
        weather[1:] *= sqrt(1 - self.memory * self.memory)
        for t in range(1, length + 1):
            weather[t] += self.memory * weather[t - 1]
        stream = SEASON * sine(day / YEAR) + weather + self.noise * standard_normal(rng, length + 1, size)
        stream /= sqrt(self._variance)
        return Batch(stream[:-1, None].copy(), stream[1:, None].copy(), np.ones((length, size)))

    @cached_property
    def _correlation(self) -> Array:
        """(LONGEST_WINDOW + 1,) Correlations of two days, by their distance."""
        lag = np.arange(LONGEST_WINDOW + 1)
        season = SEASON**2 / 2 * np.cos(2 * pi * lag / YEAR)
        covariance = season + WEATHER**2 * self.memory**lag + self.noise**2 * (lag == 0)
        return np.asarray(covariance / self._variance)

    @cached_property
    def _linear(self) -> list[float]:
        """Mean squared errors of the best linear predictors of the last k = 1, 2, … days, 1 - cᵀ R⁻¹ c.

        R are the correlations of these days with each other, and c those with the next day.
        """
        r = self._correlation
        apart = np.abs(np.subtract.outer(np.arange(LONGEST_WINDOW), np.arange(LONGEST_WINDOW)))
        c = r[1:]
        return [float(1 - c[:k] @ np.linalg.solve(r[apart[:k, :k]], c[:k])) for k in range(1, LONGEST_WINDOW + 1)]

    def floor(self, window: int | None, length: int) -> Floor:
        """Return the estimated floor: the error of the best linear predictor of the last k days, from correlations.

        Near the beginning the predictor has fewer days.  Since φ is random, the season is not a Gaussian process, and a
        net may get slightly below the floor.
        """
        longest = min(window or length, length, LONGEST_WINDOW)
        return Floor(float(np.mean([self._linear[min(t, longest) - 1] for t in range(1, length + 1)])), exact=False)

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        return [Reference("mean", 1.0), Reference("persistence", 2 - 2 * float(self._correlation[1]))]

    def in_units(self, values: Array) -> Array:
        return np.asarray(MEAN + sqrt(self._variance) * values)
