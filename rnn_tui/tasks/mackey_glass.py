"""Mackey-Glass (Mackey and Glass 1977): predict a chaotic series, the solution of a delay differential equation."""

from functools import cache
from itertools import accumulate
from typing import Annotated, Literal, TypeVar

import numpy as np
from pydantic import Field

from rnn_tui.engine.parameters import Array
from rnn_tui.tasks.forecast import Forecast
from rnn_tui.tasks.holdout import HoldoutSplit

Value = TypeVar("Value", float, Array)

DELAY = 17
FINE = 10  # integration steps in a unit of time
SAMPLES = 12_500
TRANSIENT = 500  # units of time after which the initial values, all 1.2, have no influence
DECAY = 0.1


@cache
def solution(samples: int) -> Array:
    """Return x (samples,) at t = 0, 1, 2, …, with x' = 0.2 x(t - 17) / (1 + x(t - 17)^10) - 0.1 x, and x = 1.2 before.

    The series is chaotic: a difference in the last bit changes all digits after some hundred units of time.  Therefore
    only +, −, × and ÷ are used, one NumPy operation each, which all machines round alike.

    The equation is solved delay by delay: the inflow f(t) = 0.2 x(t - 17) / (1 + x(t - 17)^10) is known for the next 17
    units of time.  In the middle of a step the delayed value is interpolated by the cubic through both ends and slopes.
    """
    count, h = DELAY * FINE, 1 / FINE
    a = runge_kutta(1.0, 0.0, 0.0, 0.0, h)  # the equation is linear: a step maps x to a x + b, and b is the image of 0
    x, slope, found = np.full(count + 1, 1.2), np.zeros(count + 1), []
    for _ in range(samples // DELAY + 1):
        middle = (x[:-1] + x[1:]) / 2 + h / 8 * (slope[:-1] - slope[1:])
        feed, between = inflow(x), inflow(middle)
        b = runge_kutta(0.0, feed[:-1], between, feed[1:], h).tolist()
        x = np.array(list(accumulate(b, lambda now, gain: a * now + gain, initial=float(x[-1]))))
        slope = feed - DECAY * x
        found.append(x[:-1:FINE])
    return np.concatenate(found)[:samples]


def inflow(x: Array) -> Array:
    """Return 0.2 x / (1 + x^10) of the delayed value, with the power as products.  Any shape."""
    x2 = x * x
    x4 = x2 * x2
    return np.asarray(0.2 * x / (1 + x4 * x4 * x2))


def runge_kutta(x: float, before: Value, between: Value, after: Value, h: float) -> Value:
    """Return x after one classical Runge-Kutta step of x' = f(t) - 0.1 x, with f at its beginning, middle and end."""
    k1 = before - DECAY * x
    k2 = between - DECAY * (x + h / 2 * k1)
    k3 = between - DECAY * (x + h / 2 * k2)
    k4 = after - DECAY * (x + h * k3)
    return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


class MackeyGlass(Forecast):
    """Predict the series ``horizon`` units of time ahead, sampled at whole times.

    It is normalized by its mean and standard deviation; the last fifth is held out.  The first time steps, at which the
    delayed value has not been an input yet, are not scored.
    """

    shown_as = "NRMSE"

    kind: Literal["mackey-glass"] = "mackey-glass"
    horizon: Annotated[int, Field(ge=1, le=100, description="predict the value so many units of time ahead")] = 6

    @property
    def ahead(self) -> int:
        return self.horizon

    def warming(self, length: int) -> int:  # noqa: ARG002
        return DELAY + 1

    @property
    def least_length(self) -> int:
        return DELAY + 2

    def problems(self, length: int) -> list[str]:
        most = HoldoutSplit.fits(SAMPLES) - self.horizon
        if length <= most:
            return super().problems(length)
        return [f"training.sequence_length = {length}: must be at most {most} for task.kind = 'mackey-glass'"]

    @property
    def series(self) -> HoldoutSplit:
        return _normalized()

    def in_units(self, values: Array) -> Array:
        mean, deviation = _scale()
        return np.asarray(mean + deviation * values)


def _raw() -> Array:
    return solution(TRANSIENT + SAMPLES)[TRANSIENT:]


@cache
def _scale() -> tuple[float, float]:
    """Return the series' mean and standard deviation."""
    return float(_raw().mean()), float(_raw().std())


@cache
def _normalized() -> HoldoutSplit:
    mean, deviation = _scale()
    return HoldoutSplit(np.column_stack([(_raw() - mean) / deviation, np.ones(SAMPLES)]))
