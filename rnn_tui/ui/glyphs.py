"""Values and symbols as characters of the terminal; panels and pictures of sequences draw with them."""

from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len

from rnn_tui.engine.parameters import Array

BARS = "▁▂▃▄▅▆▇█"
NOTHING = "·"
VISIBLE = {"\n": "↵", " ": "␣", "\t": "⇥"}


def bars(values: Array, low: float, high: float) -> list[str]:
    """Eighth blocks; a dot where there is no value."""
    share = np.clip((values - low) / ((high - low) or 1), 0, 1)
    return [NOTHING if np.isnan(s) else BARS[round(float(s) * (len(BARS) - 1))] for s in share]


def towers(shares: Array, rows: int) -> list[list[str]]:
    """Bars of several rows, the topmost first, of values from 0 (an eighth of a row) to 1; a dot for NaN."""
    heights = [0 if np.isnan(share) else 1 + round(float(share) * (len(BARS) * rows - 1)) for share in shares]
    drawn = []
    for row in reversed(range(rows)):
        within = [min(max(height - row * len(BARS), 0), len(BARS)) for height in heights]
        empty = NOTHING if row == 0 else " "
        drawn.append([BARS[height - 1] if height else empty for height in within])
    return drawn


def symbols(names: Sequence[str], codes: Array) -> list[str]:
    """The symbols with these numbers; a dot where there is none."""
    return [NOTHING if np.isnan(code) else visible(names[int(code)]) for code in codes]


def visible(symbol: str) -> str:
    """A symbol that is one character as one column of the terminal; words as they are."""
    symbol = VISIBLE.get(symbol, symbol)
    return symbol if symbol.isprintable() and (len(symbol) > 1 or cell_len(symbol) == 1) else "?"
