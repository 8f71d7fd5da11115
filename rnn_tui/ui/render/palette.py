"""Colors of lanes, signs and heat maps: dark, light, high contrast, few colors, and none."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

import numpy as np
from textual.color import Color
from textual.theme import Theme

LEVELS = 64  # of the heat map; more cannot be told apart and need more styles

THEME = Theme(
    name="rnn-tui",
    primary="#5cc8ff",
    secondary="#8b95a7",
    accent="#ffb454",
    foreground="#d7dce5",
    background="#0e1116",
    surface="#151a21",
    panel="#1c232d",
    success="#7bd88f",
    warning="#ffb454",
    error="#ff6b7a",
    dark=True,
)

LIGHT = Theme(
    name="rnn-tui-light",
    primary="#005489",
    secondary="#4c5560",
    accent="#7d4200",
    foreground="#20242a",
    background="#ffffff",
    surface="#f6f7f9",
    panel="#eceff3",
    success="#1a5a2a",
    warning="#7d4200",
    error="#9c0f24",
    dark=False,
)

CONTRAST = Theme(
    name="rnn-tui-contrast",
    primary="#7fd4ff",
    secondary="#d0d0d0",
    accent="#ffd27f",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    success="#8cff9e",
    warning="#ffd27f",
    error="#ffa0aa",
    dark=True,
)
Kind = Literal["colors", "contrast", "few", "mono"]


class EquationColors(NamedTuple):
    """The colors of what an equation is made of: the inputs and their weights, the states and theirs.

    Values are lighter than weights on dark grounds, and the colors are no lane's and no sign's.
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
        return Color.parse(self.lane(index)).blend(Color.parse(self.text), 0.6).hex


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
    """Return the colors: blue is negative, orange is positive, which color-blind readers can tell apart; zero is the
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
        heat = ramp("#8fd0ff", "#2f86d6", "#1a3550", "#161a20", "#50330f", "#d97b16", "#ffc98a")
        return Palette(
            lanes=("#5cc8ff", "#ffb454", "#a98aff", "#7bd88f"), text="#d7dce5", muted="#929daa", right="#7bd88f",
            wrong="#ff7583", cursor="#2b3541", marker="#ffffff", heat=heat, faint=faded(heat, "#0e1116"),
            below="#8fd0ff", above="#ffc98a", equation=EquationColors("#f5f06a", "#b0a13c", "#ffc0d8", "#ea6eea"),
        )  # fmt: skip
    heat = ramp("#0b3d75", "#2f86d6", "#b5d5f2", "#f6f6f4", "#f7d2a4", "#d97b16", "#7a3d00")
    return Palette(
        lanes=("#005489", "#7d4200", "#5c33a6", "#1a5a2a"), text="#20242a", muted="#4c5560", right="#1a5a2a",
        wrong="#9c0f24", cursor="#d5dee8", marker="#000000", heat=heat, faint=faded(heat, "#ffffff"),
        below="#0b3d75", above="#7a3d00", equation=EquationColors("#585800", "#2e2e00", "#a80070", "#4f003c"),
    )  # fmt: skip


def _contrast(dark: bool) -> Palette:
    """Return colors with a contrast of at least 7 : 1 on black and on light grounds."""
    if dark:
        heat = ramp("#c4e6ff", "#3f9cf0", "#0f3358", "#000000", "#4d2c00", "#f08a1c", "#ffe0b0")
        return Palette(
            lanes=("#7fd4ff", "#ffc45c", "#b9a0ff", "#8cff9e"), text="#ffffff", muted="#c0c0c0", right="#8cff9e",
            wrong="#ffa0aa", cursor="#262626", marker="#ffffff", heat=heat, faint=faded(heat, "#000000"),
            below="#7fd4ff", above="#ffc45c", equation=EquationColors("#ffff00", "#c9c36a", "#ffe0f4", "#ff90ff"),
        )  # fmt: skip
    heat = ramp("#06264a", "#1f6fba", "#a5cdf2", "#ffffff", "#f7c48a", "#b8620a", "#4d2600")
    return Palette(
        lanes=("#00456f", "#5c3000", "#2c0070", "#10300f"), text="#000000", muted="#3a3a3a", right="#0a4016",
        wrong="#7a0016", cursor="#ffffff", marker="#000000", heat=heat, faint=faded(heat, "#ffffff"),
        below="#06264a", above="#4d2600", equation=EquationColors("#454500", "#1e1e00", "#8a0068", "#38002c"),
    )  # fmt: skip


def _few(dark: bool) -> Palette:
    """Return only colors of the terminal's sixteen, so that none is replaced."""
    if dark:
        heat = ramp("#55ffff", "#000000", "#ffff55")
        return Palette(
            lanes=("#55ffff", "#ffff55", "#ff55ff", "#55ff55"), text="#ffffff", muted="#aaaaaa", right="#55ff55",
            wrong="#ff5555", cursor="#0000aa", marker="#ffffff", heat=heat, faint=faded(heat, "#000000"),
            below="#55ffff", above="#ffff55", equation=EquationColors("#ffffff", "#aaaaaa", "#ffffff", "#aaaaaa"),
        )  # fmt: skip
    heat = ramp("#0000aa", "#ffffff", "#aa0000")
    return Palette(
        lanes=("#0000aa", "#aa0000", "#aa00aa", "#000000"), text="#000000", muted="#555555", right="#0000aa",
        wrong="#aa0000", cursor="#ffffff", marker="#000000", heat=heat, faint=faded(heat, "#ffffff"),
        below="#0000aa", above="#aa0000", equation=EquationColors("#000000", "#555555", "#000000", "#555555"),
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
