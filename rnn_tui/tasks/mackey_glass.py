"""Mackey-Glass (Mackey and Glass 1977): a chaotic series from an equation with a delay; predict some steps ahead."""

from functools import cache
from typing import Annotated, Literal

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.schema import Within
from rnn_tui.tasks.forecast import Forecast
from rnn_tui.tasks.stretch import Stretch

DELAY = 17
FINE = 50  # integration steps in a unit of time
SAMPLES = 12_500
TRANSIENT = 500  # units of time that the first values, all 1.2, need to be forgotten


@cache
def solution(samples: int) -> Array:
    """(samples,) x at t = 0, 1, 2, …, with x' = 0.2 x(t - 17) / (1 + x(t - 17)^10) - 0.1 x, and x = 1.2 before.

    Solved delay by delay: what comes in, f(t) = 0.2 x(t - 17) / (1 + x(t - 17)^10), is known for the next 17 units of
    time, so that x(t) = e^{-0.1 t} (x(0) + ∫ e^{0.1 s} f(s) ds), the integral by the trapezoidal rule.
    """
    count, h = DELAY * FINE, 1 / FINE
    growth = np.exp(0.1 * h * np.arange(count + 1))
    last, found = np.full(count + 1, 1.2), []
    for _ in range(samples // DELAY + 1):
        f = growth * 0.2 * last / (1 + last**10)
        integral = np.concatenate([[0.0], np.cumsum((f[1:] + f[:-1]) * h / 2)])
        last = (last[-1] + integral) / growth
        found.append(last[:-1:FINE])
    return np.concatenate(found)[:samples]


class MackeyGlass(Forecast):
    """The series at whole times, normalised by its mean and deviation; the target is the value ``horizon`` later.  Its
    last fifth is held out.  Time steps at which the delay has not yet been heard are not scored.
    """

    shown_as = "NRMSE"

    kind: Literal["mackey-glass"] = "mackey-glass"
    horizon: Annotated[int, Within(1, 100)] = 6

    @property
    def ahead(self) -> int:
        return self.horizon

    def warming(self, length: int) -> int:  # noqa: ARG002
        return DELAY + 1

    @property
    def whole(self) -> int:
        return DELAY + 2

    def problems(self, length: int) -> list[str]:
        most = Stretch.fits(SAMPLES) - self.horizon
        if length <= most:
            return super().problems(length)
        return [f"training.sequence_length = {length}: must be at most {most} for task.kind = 'mackey-glass'"]

    @property
    def series(self) -> Stretch:
        return _normalised()

    def in_units(self, values: Array) -> Array:
        mean, deviation = _scale()
        return np.asarray(mean + deviation * values)


def _raw() -> Array:
    return solution(TRANSIENT + SAMPLES)[TRANSIENT:]


@cache
def _scale() -> tuple[float, float]:
    """Mean and standard deviation."""
    return float(_raw().mean()), float(_raw().std())


@cache
def _normalised() -> Stretch:
    mean, deviation = _scale()
    return Stretch(np.column_stack([(_raw() - mean) / deviation, np.ones(SAMPLES)]))
