"""Values and symbols as characters of the terminal; panels and pictures of sequences draw with them."""

import re
from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len

from rnn_tui.engine.parameters import Array

BARS = "▁▂▃▄▅▆▇█"
NOTHING = "·"
UNSEEN = "?"  # stands for what the terminal cannot show
PICTURE_PARTS = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
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
    """A symbol as the terminal shows it in the cells that it is counted for; a word as it is.

    Of a picture that is put together (a joiner, a skin tone) the first part is drawn, for terminals differ in how many
    cells the whole takes; and of a flag its letters.
    """
    symbol = VISIBLE.get(symbol, symbol)
    if len(symbol) == 2 and all("\U0001f1e6" <= part <= "\U0001f1ff" for part in symbol):
        return "".join(chr(ord(part) - 0x1F1E6 + ord("A")) for part in symbol)
    if len(symbol) > 1:
        symbol = PICTURE_PARTS.sub("", symbol.partition("\u200d")[0] or symbol)
    return symbol if symbol.isprintable() and cell_len(symbol) > 0 else UNSEEN
