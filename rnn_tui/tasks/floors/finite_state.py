"""A finite-state source of symbols, and the conditional entropy of the next symbol given a window."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TypeAlias

import numpy as np

from rnn_tui.engine.parameters import Array

Arrow: TypeAlias = tuple[str, str, float]  # symbol, next state, probability

MOST_WORDS = 2**15  # different windows that are enumerated


class Source:
    """A grammar as arrows from state to state; each arrow emits a symbol.

    Every sequence begins in the first state.  All arrows of a state have different symbols, so that the symbols since
    the beginning determine the state.
    """

    def __init__(self, arrows: Mapping[str, Sequence[Arrow]]) -> None:
        self.arrows = arrows
        self.states = list(arrows)
        self.symbols = sorted({symbol for leaving in arrows.values() for symbol, _, _ in leaving})

    @cached_property
    def steps(self) -> Array:
        """(V, S, S) P(symbol v and then state j | state i)."""
        steps = np.zeros((len(self.symbols), len(self.states), len(self.states)))
        for i, leaving in enumerate(self.arrows.values()):
            for symbol, state, probability in leaving:
                steps[self.symbols.index(symbol), i, self.states.index(state)] = probability
        return steps

    @cached_property
    def _tables(self) -> tuple[Array, Array, Array]:
        """Three arrays with a row for each arrow, and a last row for the beginning of a sequence.

        Each arrow leads to a state: the number (A + 1,) of the first arrow that leaves this state, the cumulative
        probabilities (A + 1, most arrows of a state) of those that leave it, and the arrow's own symbol (A,).
        """
        leaving = list(self.arrows.values())
        most, counts = max(map(len, leaving)), [len(arrows) for arrows in leaving]
        first, bounds = np.cumsum([0, *counts[:-1]]), np.ones((len(leaving), most))
        for i, arrows in enumerate(leaving):
            bounds[i, : len(arrows) - 1] = list(accumulate(probability for _, _, probability in arrows[:-1]))
        every = [arrow for arrows in leaving for arrow in arrows]
        to = [*(self.states.index(state) for _, state, _ in every), 0]
        return first[to], bounds[to], np.array([self.symbols.index(symbol) for symbol, _, _ in every])

    def draw(self, rng: np.random.Generator, size: int, length: int) -> Array:
        """Return whole numbers (length, size), the indices of random symbols in ``symbols``."""
        first, bounds, said = self._tables
        taken, arrow = np.empty((length, size), int), np.full(size, len(said))
        for t, chance in enumerate(rng.random((length, size, 1))):
            # take is much faster than an index here
            arrow = first.take(arrow) + (chance >= bounds.take(arrow, axis=0)).sum(axis=1)
            taken[t] = arrow
        return said.take(taken)

    def entropy(self, window: int | None, length: int) -> float | None:
        """Return H(s_{t+1} | s_{t-k+1} … s_t) in nats for a window of k symbols (None: all so far).

        It is the mean over the time steps t = 0 … length - 1 of a sequence, computed exactly.  Before the window is
        full, the symbols so far determine the state.  After that the window does not reveal t: the state at its
        beginning has the average distribution over those time steps, and all possible windows are enumerated with their
        probabilities.  None if there are more than MOST_WORDS.
        """
        open_in_state = np.array([entropy(self.steps[:, i].sum(axis=1)) for i in range(len(self.states))])
        spread = self._spread(length + 1)  # (length + 1, S)
        everything = float((spread[1:] @ open_in_state).sum())
        if window is None or window >= length:
            return everything / length
        begins = spread[: length - window + 1].sum(axis=0)  # at the start of full windows; the sum is their number
        followed = self._follow(begins, window)
        if followed is None:
            return None
        before = float((spread[1:window] @ open_in_state).sum())
        nexts = np.einsum("wi,vij->wv", followed, self.steps)
        return (before + entropy(nexts) - entropy(followed.sum(axis=1))) / length

    def _spread(self, count: int) -> Array:
        """Return the probability (count, S) of each state before each of ``count`` symbols."""
        step, found = self.steps.sum(axis=0), np.zeros((count, len(self.states)))
        found[0, 0] = 1
        for t in range(1, count):
            found[t] = found[t - 1] @ step
        return found

    def _follow(self, begins: Array, count: int) -> Array | None:
        """Return the probability (windows, S) of each run of ``count`` symbols together with its final state."""
        words = begins[None]
        for _ in range(count):
            words = np.einsum("wi,vij->wvj", words, self.steps).reshape(-1, len(self.states))
            words = words[words.any(axis=1)]
            if len(words) > MOST_WORDS:
                return None
        return words

    def frequencies(self, length: int) -> Array:
        """Return the probability (V,) of each symbol as the next one, mean over the time steps 0 … length - 1."""
        return np.asarray(np.einsum("ti,vij->v", self._spread(length + 1)[1:], self.steps) / length)


def entropy(weights: Array) -> float:
    """Return -Σ p ln p in nats, with 0 ln 0 = 0.  Any shape; the weights need not add up to 1."""
    positive = weights[weights > 0]
    return float(-(positive * np.log(positive)).sum())
