"""The Reber grammar (Reber 1967), and the embedded one (Hochreiter and Schmidhuber 1997, experiment 1)."""

from functools import cached_property
from typing import Literal

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.floors.finite_state import Arrow, Source
from rnn_tui.tasks.grammar import Grammar

# After B: six states, from each of which two arrows lead on with equal probability, the last one with E.
GRAPH = {
    "0": (("T", "1"), ("P", "2")),
    "1": (("S", "1"), ("X", "3")),
    "2": (("T", "2"), ("V", "4")),
    "3": (("X", "2"), ("S", "5")),
    "4": (("P", "3"), ("V", "5")),
    "5": (("E", "end"),),
}


def reber(place: str, after: str) -> dict[str, list[Arrow]]:
    """The arrows of one string from B to E, its states marked with ``place``, that leads on to the state ``after``."""
    arrows: dict[str, list[Arrow]] = {f"B{place}": [("B", f"0{place}", 1.0)]}
    for state, leaving in GRAPH.items():
        arrows[state + place] = [
            (symbol, after if to == "end" else to + place, 1 / len(leaving)) for symbol, to in leaving
        ]
    return arrows


class Reber(Grammar):
    """Strings such as B T S S X X T V V E: mostly two symbols are possible, and the last one does not tell which."""

    kind: Literal["reber"] = "reber"

    @cached_property
    def source(self) -> Source:
        return Source(reber("", after="B"))


class EmbeddedReber(Grammar):
    """A Reber string between two symbols that are equal, B T B…E T E or B P B…E P E: the second symbol must be
    remembered through the whole string within.
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
        """The symbol that comes again, and all the others."""
        return "again", "others"

    def role(self, batch: Batch) -> Array:
        """After an E comes a B where the whole string was over, else the symbol that must be remembered."""
        after_e = batch.x[:, self.alphabet.index("E")] == 1
        return np.where(after_e & (batch.target != self.alphabet.index("B")), 0, 1)
