"""The Reber grammar (Reber 1967), and the embedded one (Hochreiter and Schmidhuber 1997, experiment 1)."""

from functools import cached_property
from typing import Literal

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.floors.finite_state import Arrow, Source
from rnn_tui.tasks.grammar import Grammar

# After B: six states; two arrows lead from each with equal probability, and one, E, from the last.
GRAPH = {
    "0": (("T", "1"), ("P", "2")),
    "1": (("S", "1"), ("X", "3")),
    "2": (("T", "2"), ("V", "4")),
    "3": (("X", "2"), ("S", "5")),
    "4": (("P", "3"), ("V", "5")),
    "5": (("E", "end"),),
}


def reber(place: str, after: str) -> dict[str, list[Arrow]]:
    """Return the arrows of a string from B to E that ends in state ``after``; ``place`` is appended to its states."""
    arrows: dict[str, list[Arrow]] = {f"B{place}": [("B", f"0{place}", 1.0)]}
    for state, leaving in GRAPH.items():
        arrows[state + place] = [
            (symbol, after if to == "end" else to + place, 1 / len(leaving)) for symbol, to in leaving
        ]
    return arrows


class Reber(Grammar):
    """Predict the next symbol of strings such as B T S S X X T V V E.

    In most states two symbols can follow, and the last symbol does not determine the state.
    """

    kind: Literal["reber"] = "reber"

    @cached_property
    def source(self) -> Source:
        return Source(reber("", after="B"))


class EmbeddedReber(Grammar):
    """Predict the next symbol of strings with a Reber string inside, B T B…E T E or B P B…E P E.

    The second symbol must be remembered during the whole inner string.
    """

    split_by = "kind"

    kind: Literal["embedded-reber"] = "embedded-reber"

    @cached_property
    def source(self) -> Source:
        arrows: dict[str, list[Arrow]] = {"begin": [("B", "which", 1.0)], "which": []}
        for outer in "TP":
            arrows["which"].append((outer, f"B{outer}", 0.5))
            arrows |= reber(outer, after=f"again {outer}")
            arrows[f"again {outer}"] = [(outer, "last", 1.0)]
        return Source(arrows | {"last": [("E", "begin", 1.0)]})

    @property
    def roles(self) -> tuple[str, ...]:
        """The repeated symbol, and all others."""
        return "again", "others"

    def role(self, batch: Batch) -> Array:
        """Return 0 where the remembered symbol follows: after an E, unless a new string begins with B."""
        after_e = batch.x[:, self.alphabet.index("E")] == 1
        return np.where(after_e & (batch.target != self.alphabet.index("B")), 0, 1)
