"""Colours of lanes, signs and heat maps, for a dark and for a light theme."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from textual.color import Color
from textual.theme import Theme

LEVELS = 64  # of the heat map; more are not told apart and cost styles

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


@dataclass(frozen=True)
class Palette:
    """``lanes`` by their order; ``heat`` from most negative to most positive, ``faint`` the same for what is dimmed."""

    lanes: tuple[str, ...]
    text: str
    muted: str
    right: str
    wrong: str
    cursor: str
    marker: str
    heat: tuple[str, ...]
    faint: tuple[str, ...]

    def lane(self, index: int) -> str:
        return self.lanes[index % len(self.lanes)]

    def pinned(self, index: int) -> str:
        """The same of a run that is kept for comparison, dimmed."""
        return Color.parse(self.cursor).blend(Color.parse(self.lane(index)), 0.45).hex


def ramp(*anchors: str) -> tuple[str, ...]:
    """LEVELS colours through the anchors, evenly spaced."""
    colours = [Color.parse(anchor) for anchor in anchors]
    places = np.linspace(0, len(colours) - 1, LEVELS)
    pairs = [(min(int(place), len(colours) - 2), place) for place in places]
    return tuple(colours[i].blend(colours[i + 1], place - i).hex for i, place in pairs)


def faded(colours: tuple[str, ...], ground: str) -> tuple[str, ...]:
    return tuple(Color.parse(ground).blend(Color.parse(colour), 0.28).hex for colour in colours)


@cache
def palette(dark: bool) -> Palette:
    """Blue for negative and orange for positive: told apart by colour-blind eyes too; zero is the ground."""
    if dark:
        heat = ramp("#8fd0ff", "#2f86d6", "#1a3550", "#161a20", "#50330f", "#d97b16", "#ffc98a")
        return Palette(
            lanes=("#5cc8ff", "#ffb454", "#c49bff", "#7bd88f"), text="#d7dce5", muted="#78838f", right="#7bd88f",
            wrong="#ff6b7a", cursor="#2d3846", marker="#ffffff", heat=heat, faint=faded(heat, "#0e1116"),
        )  # fmt: skip
    heat = ramp("#0b3d75", "#2f86d6", "#b5d5f2", "#f6f6f4", "#f7d2a4", "#d97b16", "#7a3d00")
    return Palette(
        lanes=("#0068a8", "#a85c00", "#6b3fb5", "#2b7a3d"), text="#20242a", muted="#66707c", right="#1f7a34",
        wrong="#b3122a", cursor="#d5dee8", marker="#000000", heat=heat, faint=faded(heat, "#ffffff"),
    )  # fmt: skip
