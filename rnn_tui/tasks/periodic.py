"""Periodic signals, and what a window of their last values tells of the next one."""

from functools import cache
from math import pi, sin
from typing import Literal, TypeAlias

import numpy as np

from rnn_tui.engine.parameters import Array

Shape: TypeAlias = Literal["sine", "sum", "sawtooth", "square"]
PHASES = 2**13  # the grid on which expectations over the random phase are taken
BINS = 2**11  # how finely noise-free values are told apart
COARSE = 24  # with noise, every 24th phase will do
DRAWS = 3  # windows drawn at each phase, for the expectation over the noise
SUM_PEAK = 1.7601725  # the greatest value of sin φ + sin 2φ


def signal(shape: Shape, phase: Array) -> Array:
    """The noise-free value in [-1, 1] at ``phase`` radians, period 2π.  Any shape."""
    turn = phase / (2 * pi) % 1
    if shape == "sine":
        return np.asarray(np.sin(phase))
    if shape == "sum":
        return np.asarray((np.sin(phase) + np.sin(2 * phase)) / SUM_PEAK)
    if shape == "sawtooth":
        return np.asarray(2 * turn - 1)
    return np.where(turn < 0.5, 1.0, -1.0)


def on_grid(shape: Shape, shift: float) -> Array:
    """The signal ``shift`` radians after each phase of an even grid (PHASES,)."""
    return signal(shape, (np.arange(PHASES) + 0.5) * (2 * pi / PHASES) + shift)


@cache
def variance_given_windows(shape: Shape, omega: float, noise: float, longest: int) -> list[float]:
    """E Var(x_{t+1} | the last k values) for k = 1 … longest: the least mean squared error a window allows.

    The phase is uniform, ω in radians per time step, ``noise`` the standard deviation on every value, the next one
    included.  Sine without noise: ½ sin²ω, then 0.  Sawtooth without noise: 0, its value tells its phase.  The others
    on a grid of phases: without noise by grouping the phases that give the same window, with noise by Bayes' rule on
    drawn windows: an estimate, good to some per cent for a sine or a square, and far too high for little noise on a
    sawtooth, whose phase it tells more finely than the grid does.
    """
    if noise == 0 and shape == "sine":
        return [0.5 * sin(omega) ** 2] + [0.0] * (longest - 1)
    if noise == 0 and shape == "sawtooth":
        return [0.0] * longest
    following = on_grid(shape, 0.0)
    earlier = [on_grid(shape, -k * omega) for k in range(1, longest + 1)]
    if noise == 0:
        return _within_equal_windows(following, earlier)
    return [noise**2 + value for value in _posterior(following[::COARSE], [e[::COARSE] for e in earlier], noise)]


def _within_equal_windows(following: Array, earlier: list[Array]) -> list[float]:
    group, found = np.zeros(PHASES, np.int64), []
    for value in earlier:  # each further value splits the groups of phases that looked the same so far
        rounded = np.round((value + 1) * BINS / 2).astype(np.int64)
        _, group = np.unique(group * (BINS + 1) + rounded, return_inverse=True)
        mean = np.bincount(group, following) / np.bincount(group)
        found.append(float(np.square(following - mean[group]).mean()))
    return found


def _posterior(following: Array, earlier: list[Array], noise: float) -> list[float]:
    rng = np.random.default_rng(0)  # a fixed one: the floor of a task is a number, not a draw
    true = np.repeat(np.arange(len(following)), DRAWS)  # every phase as often: few decide, those near an edge
    fit, found = np.zeros((len(true), len(following))), []
    for value in earlier:
        seen = value[true] + noise * rng.standard_normal(len(true))
        fit -= np.square((seen[:, None] - value) / noise) / 2  # log-likelihood of each phase
        posterior = np.exp(fit - fit.max(axis=1, keepdims=True))
        posterior /= posterior.sum(axis=1, keepdims=True)
        mean = posterior @ following
        found.append(float((posterior @ np.square(following) - np.square(mean)).mean()))
    return found
