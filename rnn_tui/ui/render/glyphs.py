"""Values and symbols as characters, for panels and previews of sequences."""

import re
from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len

from rnn_tui.engine.parameters import Array

BARS = "▁▂▃▄▅▆▇█"
NOTHING = "·"
UNSEEN = "?"  # for characters that the terminal cannot show
PICTURE_PARTS = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
VISIBLE = {"\n": "↵", " ": "␣", "\t": "⇥"}


def bars(values: Array, low: float, high: float) -> list[str]:
    """Return eighth blocks; a dot for NaN."""
    return high_bars(values, low, high, 1)[0]


def high_bars(values: Array, low: float, high: float, rows: int) -> list[list[str]]:
    """Return bars of several rows, the top row first, for values from low to high; a dot for NaN."""
    return towers(np.clip((values - low) / ((high - low) or 1), 0, 1), rows)


def towers(shares: Array, rows: int) -> list[list[str]]:
    """Return bars of several rows, the top row first, for values from 0 (an eighth of a row) to 1; a dot for NaN."""
    heights = [0 if np.isnan(share) else 1 + round(float(share) * (len(BARS) * rows - 1)) for share in shares]
    drawn = []
    for row in reversed(range(rows)):
        within = [min(max(height - row * len(BARS), 0), len(BARS)) for height in heights]
        empty = NOTHING if row == 0 else " "
        drawn.append([BARS[height - 1] if height else empty for height in within])
    return drawn


def symbols(names: Sequence[str], codes: Array) -> list[str]:
    """Return the symbols with these codes; a dot for NaN."""
    return [NOTHING if np.isnan(code) else visible(names[int(code)]) for code in codes]


def visible(symbol: str) -> str:
    """Return a symbol as the terminal shows it; words are unchanged.

    A composed emoji (with a joiner or a skin tone) is reduced to its first part, because terminals differ in the width
    of
    the whole; a flag is reduced to its letters.
    """
    symbol = VISIBLE.get(symbol, symbol)
    if len(symbol) == 2 and all("\U0001f1e6" <= part <= "\U0001f1ff" for part in symbol):
        return "".join(chr(ord(part) - 0x1F1E6 + ord("A")) for part in symbol)
    if len(symbol) > 1:
        symbol = PICTURE_PARTS.sub("", symbol.partition("\u200d")[0] or symbol)
    return symbol if symbol.isprintable() and cell_len(symbol) > 0 else UNSEEN
