"""Periodic signals, and what a window of their last values tells of the next one."""

from functools import cache
from itertools import pairwise
from math import acos, pi, sin, sqrt
from typing import Literal, TypeAlias

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.tasks.portable_math import normal_quantile, sine

Waveform: TypeAlias = Literal["sine", "sum", "sawtooth", "square"]
PHASES = 2**13  # the grid on which expectations over the random phase are taken
COARSE = 24  # with noise, every 24th phase will do
DRAWS = 3  # windows drawn at each phase, for the expectation over the noise
NODES = 200  # of the quadrature between two turning points
HALVINGS = 52  # of an arc, to find where the signal has a value
PRIMES = [n for n in range(2, 320) if all(n % divisor for divisor in range(2, n))]  # one for each value of a window
SUM_PEAK = 1.7601725  # the greatest value of sin φ + sin 2φ
SUM_TURNS = tuple(acos((sqrt(33) * sign - 1) / 8) / (2 * pi) for sign in (1, -1))  # cos φ + 2 cos 2φ = 0, in turns


def signal(shape: Waveform, turns: Array) -> Array:
    """The noise-free value in [-1, 1] at a phase of so many ``turns``, the same bits on every machine.  Any shape."""
    if shape == "sine":
        return sine(turns)
    if shape == "sum":
        return np.asarray((sine(turns) + sine(2 * turns)) / SUM_PEAK)
    turn = turns - np.floor(turns)
    if shape == "sawtooth":
        return np.asarray(2 * turn - 1)
    return np.where(turn < 0.5, 1.0, -1.0)


def on_grid(shape: Waveform, shift: float) -> Array:
    """The signal ``shift`` radians after each phase of an even grid (PHASES,)."""
    return signal(shape, (np.arange(PHASES) + 0.5) / PHASES + shift / (2 * pi))


@cache
def variance_given_windows(shape: Waveform, omega: float, noise: float, longest: int) -> list[float]:
    """E Var(x_{t+1} | the last k values) for k = 1 … longest: the least mean squared error a window allows.

    The phase is uniform, ω in radians per time step, ``noise`` the standard deviation on every value, the next one
    included.  Exact without noise:

    - sine: ½ sin²ω, then 0.
    - sum: see ``variance_given_value``, then 0.  Two phases of one value, u + d and u - d, have cos d = -cos u /
      (2 cos 2u); that a step earlier they had one value too is possible at single u alone, if ω is no whole turn.
    - sawtooth: 0, its value tells its phase.
    - square: see ``_between_edges``.

    With noise by Bayes' rule on drawn windows: an estimate, good to three per cent (of a sum with a noise of 0.01,
    eight), and far too high for little noise on a sawtooth, whose phase it tells more finely than the grid does.
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
    """E Var(s(φ + pace) | s(φ)) of a smooth odd signal, which turns at the phases ± ``turning``, in turns.

    On each arc i between two turning points the signal takes a value v at most once, at φ_i.  These phases are as
    likely as p_i = 1 / |s'(φ_i)|, and with f_i = s(φ_i + pace) and m their mean of these weights,

        E Var = ∫ Σ p_i (f_i - m)² dv

    piece by piece between the values at the turning points, where p_i has poles of order ½: v = a + b sin θ takes them
    out.
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
    """The phases between ``begin`` and ``end``, in turns, at which the signal, monotone there, has ``values``."""
    low, high = np.full_like(values, begin), np.full_like(values, end)
    rising = signal(shape, low) < signal(shape, high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        before = (signal(shape, middle) < values) == rising
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return (low + high) / 2


def _slope(shape: Waveform, turns: Array) -> Array:
    """The signal's derivative by the phase in turns."""
    phase = 2 * pi * turns
    return 2 * pi * (np.cos(phase) if shape == "sine" else (np.cos(phase) + 2 * np.cos(2 * phase)) / SUM_PEAK)


def _between_edges(pace: float, longest: int) -> list[float]:
    """E Var(x_{t+1} | the last k values) of a square wave: between two of the phases at which one of the values jumps,
    all stay the same, so that the phases fall into few intervals.
    """
    jumps = np.subtract.outer([0.0, 0.5], -pace * np.arange(longest + 1)).ravel()
    edges = np.sort(jumps - np.floor(jumps))
    widths = np.diff(edges, append=edges[0] + 1)
    real = widths > 1e-13  # others are none, but for a rounding error in an edge
    middle, widths = (edges + widths / 2)[real], widths[real] / widths[real].sum()
    following, group, found = signal("square", middle), np.zeros(len(middle), np.int64), []
    for k in range(1, longest + 1):  # each further value splits the groups of phases that looked the same so far
        _, group = np.unique(2 * group + (signal("square", middle - k * pace) > 0), return_inverse=True)
        mean = np.bincount(group, widths * following) / np.bincount(group, widths)
        found.append(float((widths * np.square(following - mean[group])).sum()))
    return found


def _posterior(following: Array, earlier: list[Array], noise: float) -> list[float]:
    """The mean over drawn windows of the variance of ``following`` that each leaves open.

    Every phase comes as often, for where few decide, they are those near an edge.  Draw n has as its k-th noise the
    quantile of the fractional part of n √p, with p the k-th prime (a sequence of Richtmyer 1951): over all draws it is
    spread more evenly than random numbers are.
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
