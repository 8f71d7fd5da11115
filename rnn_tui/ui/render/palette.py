"""Colors of lanes, signs and verdicts: dark, light, high contrast, few colors, and none.

A color has one meaning: each of the four lanes has its own, negative and positive numbers have theirs, and so have
right and wrong.  Everything else (borders, titles, keys, cursors) is gray.  tests/ui/render/test_palette.py measures
how far they are apart, also for color-blind eyes.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

import numpy as np
from textual.color import Color
from textual.theme import Theme

LEVELS = 64  # of the heat map; more cannot be told apart and need more styles

THEME = Theme(
    name="rnn-tui",
    primary="#b4bfd0",
    secondary="#8b95a7",
    accent="#eef2f8",
    foreground="#d7dce5",
    background="#0e1116",
    surface="#151a21",
    panel="#1c232d",
    success="#b4bfd0",
    warning="#d7dce5",
    error="#ff6e6e",
    dark=True,
)

LIGHT = Theme(
    name="rnn-tui-light",
    primary="#4c5866",
    secondary="#4c5560",
    accent="#20242a",
    foreground="#20242a",
    background="#ffffff",
    surface="#f6f7f9",
    panel="#eceff3",
    success="#4c5866",
    warning="#20242a",
    error="#ad062d",
    dark=False,
)

CONTRAST = Theme(
    name="rnn-tui-contrast",
    primary="#e0e0e0",
    secondary="#d0d0d0",
    accent="#ffffff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    success="#e0e0e0",
    warning="#ffffff",
    error="#ff8a80",
    dark=True,
)
Kind = Literal["colors", "contrast", "few", "mono"]


class EquationColors(NamedTuple):
    """The colors of what an equation is made of: the inputs and their weights, the states and theirs.

    Inputs and their weights are greenish, states and theirs are magenta; the colors are no lane's and no sign's.
    """

    x: str
    W_x: str
    h: str
    W_h: str


@dataclass(frozen=True)
class Palette:
    """The colors of a theme.

    Attributes:
        lanes: in their order.
        heat: from most negative to most positive.  faint: the same, dimmed.
        below, above: for glyphs of values below and above zero.
        equation: for x, W_xh, h and W_hh.
    """

    lanes: tuple[str, ...]
    text: str
    muted: str
    right: str
    wrong: str
    cursor: str
    marker: str
    heat: tuple[str, ...]
    faint: tuple[str, ...]
    below: str
    above: str
    equation: EquationColors

    def lane(self, index: int) -> str:
        return self.lanes[index % len(self.lanes)]

    def pinned(self, index: int) -> str:
        """Return the dimmed color of a lane of a pinned run."""
        return Color.parse(self.cursor).blend(Color.parse(self.lane(index)), 0.45).hex

    def tint(self, index: int) -> str:
        """Return the lane's color blended with that of text, for what belongs to the lane beside its main curve."""
        return Color.parse(self.lane(index)).blend(Color.parse(self.text), 0.6).hex.lower()


def ramp(*anchors: str) -> tuple[str, ...]:
    """Return LEVELS colors, evenly spaced between the anchors."""
    colors = [Color.parse(anchor) for anchor in anchors]
    places = np.linspace(0, len(colors) - 1, LEVELS)
    pairs = [(min(int(place), len(colors) - 2), place) for place in places]
    return tuple(colors[i].blend(colors[i + 1], place - i).hex for i, place in pairs)


def faded(colors: tuple[str, ...], ground: str) -> tuple[str, ...]:
    return tuple(Color.parse(ground).blend(Color.parse(color), 0.28).hex for color in colors)


@cache
def palette(dark: bool, kind: Kind = "colors") -> Palette:
    """Return the colors: violet is negative, yellow is positive, which color-blind readers can tell apart; zero is the
    ground.
    """
    match kind:
        case "contrast":
            return _contrast(dark)
        case "few":
            return _few(dark)
        case "mono":
            return _mono(dark)
    if dark:
        heat = ramp("#b48dff", "#6b45c4", "#2a2147", "#161a20", "#40390f", "#a38d17", "#f2d84a")
        return Palette(
            lanes=("#62caff", "#ff9a3c", "#f78fc4", "#4be8bc"), text="#d7dce5", muted="#929daa", right="#92e06a",
            wrong="#ff6e6e", cursor="#2b3541", marker="#ffffff", heat=heat, faint=faded(heat, "#0e1116"),
            below="#b48dff", above="#f2d84a", equation=EquationColors("#e6ffb0", "#a8a050", "#f260f2", "#df76d8"),
        )  # fmt: skip
    heat = ramp("#5a2fc0", "#9a78e6", "#dcd0f6", "#f6f6f4", "#f1e6a4", "#bda51c", "#55572d")
    return Palette(
        lanes=("#04437d", "#854500", "#8d1a57", "#005f65"), text="#20242a", muted="#4c5560", right="#03440e",
        wrong="#ad062d", cursor="#d5dee8", marker="#000000", heat=heat, faint=faded(heat, "#ffffff"),
        below="#5a2fc0", above="#55572d", equation=EquationColors("#2a4724", "#1f2700", "#9e008f", "#44003c"),
    )  # fmt: skip


def _contrast(dark: bool) -> Palette:
    """Return colors with a contrast of at least 7 : 1 on black and on light grounds."""
    if dark:
        heat = ramp("#ad99fd", "#6a48c8", "#2c2158", "#000000", "#403c00", "#a8a040", "#fffc87")
        return Palette(
            lanes=("#90d8ff", "#e5a239", "#f79bd3", "#4ce1ba"), text="#ffffff", muted="#c0c0c0", right="#8cde60",
            wrong="#ff8a80", cursor="#262626", marker="#ffffff", heat=heat, faint=faded(heat, "#000000"),
            below="#ad99fd", above="#fffc87", equation=EquationColors("#efffc8", "#b8b060", "#f56af3", "#dd82d6"),
        )  # fmt: skip
    heat = ramp("#3c1a90", "#8a68d8", "#d8ccf4", "#ffffff", "#f2e69a", "#b09a10", "#433c00")
    return Palette(
        lanes=("#01436d", "#7e4703", "#690d46", "#005f63"), text="#000000", muted="#3a3a3a", right="#003001",
        wrong="#7a0826", cursor="#ffffff", marker="#000000", heat=heat, faint=faded(heat, "#ffffff"),
        below="#3c1a90", above="#433c00", equation=EquationColors("#2c3d1e", "#1d1d01", "#710067", "#300028"),
    )  # fmt: skip


def _few(dark: bool) -> Palette:
    """Return only colors of the terminal's sixteen, so that none is replaced.

    The signs of numbers are gray: glyphs tell them.
    """
    if dark:
        heat = ramp("#aaaaaa", "#000000", "#ffffff")
        return Palette(
            lanes=("#55ffff", "#ffff55", "#ff55ff", "#5555ff"), text="#ffffff", muted="#aaaaaa", right="#55ff55",
            wrong="#ff5555", cursor="#0000aa", marker="#ffffff", heat=heat, faint=faded(heat, "#000000"),
            below="#aaaaaa", above="#ffffff", equation=EquationColors("#ffffff", "#aaaaaa", "#ffffff", "#aaaaaa"),
        )  # fmt: skip
    heat = ramp("#555555", "#ffffff", "#000000")
    return Palette(
        lanes=("#0000aa", "#aa5500", "#aa00aa", "#5555ff"), text="#000000", muted="#555555", right="#00aa00",
        wrong="#aa0000", cursor="#ffffff", marker="#000000", heat=heat, faint=faded(heat, "#ffffff"),
        below="#555555", above="#000000", equation=EquationColors("#000000", "#555555", "#000000", "#555555"),
    )  # fmt: skip


def _mono(dark: bool) -> Palette:
    """Return grays; the heat map goes from black to white in even steps."""
    heat = ramp("#000000", "#ffffff")
    if dark:
        return Palette(
            lanes=("#ffffff", "#b0b0b0", "#d6d6d6", "#9a9a9a"), text="#e0e0e0", muted="#9a9a9a", right="#e0e0e0",
            wrong="#ffffff", cursor="#303030", marker="#ffffff", heat=heat, faint=faded(heat, "#101010"),
            below="#e0e0e0", above="#e0e0e0", equation=EquationColors("#ffffff", "#b0b0b0", "#ffffff", "#b0b0b0"),
        )  # fmt: skip
    return Palette(
        lanes=("#000000", "#505050", "#282828", "#585858"), text="#101010", muted="#505050", right="#101010",
        wrong="#000000", cursor="#f8f8f8", marker="#000000", heat=heat, faint=faded(heat, "#ffffff"),
        below="#101010", above="#101010", equation=EquationColors("#000000", "#505050", "#000000", "#505050"),
    )  # fmt: skip
