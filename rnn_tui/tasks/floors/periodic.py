"""Periodic signals, and the variance of their next value given a window of the last values."""

from functools import cache
from itertools import pairwise
from math import acos, pi, sin, sqrt
from typing import Literal, TypeAlias

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.tasks.portable_math import normal_quantile, sine

Waveform: TypeAlias = Literal["sine", "sum", "sawtooth", "square"]
PHASES = 2**13  # grid size for expectations over the random phase
COARSE = 24  # with noise, every 24th phase is sufficient
DRAWS = 3  # windows drawn at each phase, for the expectation over the noise
NODES = 200  # of the quadrature between two turning points
HALVINGS = 52  # bisections of an arc, to find the phase at which the signal has a value
PRIMES = [n for n in range(2, 320) if all(n % divisor for divisor in range(2, n))]  # one for each value of a window
SUM_PEAK = 1.7601725  # the maximum of sin φ + sin 2φ
SUM_TURNS = tuple(acos((sqrt(33) * sign - 1) / 8) / (2 * pi) for sign in (1, -1))  # cos φ + 2 cos 2φ = 0, in turns


def signal(shape: Waveform, turns: Array) -> Array:
    """Return the noise-free value in [-1, 1] at a phase in turns, with the same bits on every machine.  Any shape."""
    if shape == "sine":
        return sine(turns)
    if shape == "sum":
        return np.asarray((sine(turns) + sine(2 * turns)) / SUM_PEAK)
    turn = turns - np.floor(turns)
    if shape == "sawtooth":
        return np.asarray(2 * turn - 1)
    return np.where(turn < 0.5, 1.0, -1.0)


def on_grid(shape: Waveform, shift: float) -> Array:
    """Return the signal (PHASES,) ``shift`` radians after each phase of a uniform grid."""
    return signal(shape, (np.arange(PHASES) + 0.5) / PHASES + shift / (2 * pi))


@cache
def variance_given_windows(shape: Waveform, omega: float, noise: float, longest: int) -> list[float]:
    """Return E Var(x_{t+1} | the last k values), the lowest mean squared error with a window, for k = 1 … longest.

    The phase is uniform, ω is in radians per time step, and ``noise`` is the standard deviation of the noise on every
    value, including the next one.  Without noise the result is exact:

    - sine: ½ sin²ω, then 0.
    - sum: see ``variance_given_value``, then 0.  Two phases with equal values, u + d and u - d, have cos d = -cos u /
      (2 cos 2u); unless ω is a whole turn, their values a step earlier are also equal only at isolated u.
    - sawtooth: 0, since its value determines its phase.
    - square: see ``_between_edges``.

    With noise it is an estimate by Bayes' rule on drawn windows, accurate to three percent (eight percent for a sum
    with a noise of 0.01), and far too high for little noise on a sawtooth, whose value determines the phase more
    precisely than the grid.
    """
    if noise == 0:
        pace = omega / (2 * pi)
        if shape == "square":
            return _between_edges(pace, longest)
        one = 0.0
        if shape == "sine":
            one = 0.5 * sin(omega) ** 2
        elif shape == "sum":
            one = variance_given_value("sum", pace, SUM_TURNS)
        return [one] + [0.0] * (longest - 1)
    following = on_grid(shape, 0.0)
    earlier = [on_grid(shape, -k * omega) for k in range(1, longest + 1)]
    return [noise**2 + value for value in _posterior(following[::COARSE], [e[::COARSE] for e in earlier], noise)]


def variance_given_value(shape: Waveform, pace: float, turning: tuple[float, ...]) -> float:
    """Return E Var(s(φ + pace) | s(φ)) of a smooth odd signal with turning points ± ``turning``, in turns.

    On each arc i between two turning points the signal has a value v at most once, at φ_i.  The probability densities
    of these phases are proportional to p_i = 1 / |s'(φ_i)|; with f_i = s(φ_i + pace) and their weighted mean m,

        E Var = ∫ Σ p_i (f_i - m)² dv

    The integral is computed piece by piece between the values at the turning points, where p_i has poles of order ½;
    the substitution v = a + b sin θ removes them.
    """
    corners = np.sort([*turning, *(1 - turn for turn in turning)])
    corners = np.append(corners, corners[0] + 1)
    heights = np.unique(signal(shape, corners))
    theta = ((np.arange(NODES) + 0.5) / NODES - 0.5) * pi
    middle, half = (heights[1:] + heights[:-1]) / 2, (heights[1:] - heights[:-1]) / 2
    v = (middle[:, None] + half[:, None] * np.sin(theta)).ravel()
    dv = (half[:, None] * np.cos(theta)).ravel() * pi / NODES
    p, f = np.zeros((2, len(corners) - 1, len(v)))
    for arc, (begin, end) in enumerate(pairwise(corners)):
        low, high = sorted(signal(shape, np.array([begin, end])))
        inside = (low < v) & (v < high)
        phase = _where(shape, begin, end, v[inside])
        p[arc, inside] = 1 / np.abs(_slope(shape, phase))
        f[arc, inside] = signal(shape, phase + pace)
    m = (p * f).sum(axis=0) / p.sum(axis=0)
    return float((p * np.square(f - m) * dv).sum())


def _where(shape: Waveform, begin: float, end: float, values: Array) -> Array:
    """Return the phases in turns from ``begin`` to ``end``, where the signal is monotone, at which it is ``values``."""
    low, high = np.full_like(values, begin), np.full_like(values, end)
    rising = signal(shape, low) < signal(shape, high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        before = (signal(shape, middle) < values) == rising
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return (low + high) / 2


def _slope(shape: Waveform, turns: Array) -> Array:
    """Return the signal's derivative with respect to the phase in turns."""
    phase = 2 * pi * turns
    return 2 * pi * (np.cos(phase) if shape == "sine" else (np.cos(phase) + 2 * np.cos(2 * phase)) / SUM_PEAK)


def _between_edges(pace: float, longest: int) -> list[float]:
    """Return E Var(x_{t+1} | the last k values) of a square wave, for k = 1 … longest.

    Between two phases at which one of the values jumps, all values are constant, so there are only a few intervals.
    """
    jumps = np.subtract.outer([0.0, 0.5], -pace * np.arange(longest + 1)).ravel()
    edges = np.sort(jumps - np.floor(jumps))
    widths = np.diff(edges, append=edges[0] + 1)
    real = widths > 1e-13  # smaller intervals are rounding errors
    middle, widths = (edges + widths / 2)[real], widths[real] / widths[real].sum()
    following, group, found = signal("square", middle), np.zeros(len(middle), np.int64), []
    for k in range(1, longest + 1):  # each further value splits the groups of phases with equal values so far
        _, group = np.unique(2 * group + (signal("square", middle - k * pace) > 0), return_inverse=True)
        mean = np.bincount(group, widths * following) / np.bincount(group, widths)
        found.append(float((widths * np.square(following - mean[group])).sum()))
    return found


def _posterior(following: Array, earlier: list[Array], noise: float) -> list[float]:
    """Return the mean over drawn windows of the variance of ``following`` given each window.

    Every phase is drawn equally often, since a few phases near an edge can determine the result.  The k-th noise value
    of draw n is the quantile of the fractional part of n √p, with p the k-th prime (a sequence of Richtmyer 1951): its
    values are distributed more evenly than random numbers.
    """
    true = np.repeat(np.arange(len(following)), DRAWS)
    fit, found = np.zeros((len(true), len(following))), []
    for value, prime in zip(earlier, PRIMES, strict=False):
        place = (np.arange(len(true)) + 0.5) * sqrt(prime)
        seen = value[true] + noise * normal_quantile(place - np.floor(place) - 0.5)
        fit -= np.square((seen[:, None] - value) / noise) / 2  # log-likelihood of each phase
        posterior = np.exp(fit - fit.max(axis=1, keepdims=True))
        posterior /= posterior.sum(axis=1, keepdims=True)
        mean = posterior @ following
        found.append(float((posterior @ np.square(following) - np.square(mean)).mean()))
    return found
