"""Characters that must join without gaps, as shapes: blocks, braille dots and the lines of frames.

Fonts differ in how far these characters reach to the edges of their cell, so a picture draws them itself.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

WIDTH, HEIGHT = 8, 16  # of a cell, in pixels: an eighth block is a whole number of pixels

Rectangle: TypeAlias = tuple[float, float, float, float]  # x, y, width, height in the cell
Point: TypeAlias = tuple[float, float]

SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
DASHES = {"DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}
THICKNESS = {"LIGHT": 1, "SINGLE": 1, "HEAVY": 2}
EACH = {"HORIZONTAL": ("LEFT", "RIGHT"), "VERTICAL": ("UP", "DOWN")}
TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT = (
    (x, y, WIDTH / 2, HEIGHT / 2) for y in (0, HEIGHT / 2) for x in (0, WIDTH / 2)
)
QUADRANTS = {
    "▖": (BOTTOM_LEFT,),
    "▗": (BOTTOM_RIGHT,),
    "▘": (TOP_LEFT,),
    "▙": (TOP_LEFT, BOTTOM_LEFT, BOTTOM_RIGHT),
    "▚": (TOP_LEFT, BOTTOM_RIGHT),
    "▛": (TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT),
    "▜": (TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT),
    "▝": (TOP_RIGHT,),
    "▞": (TOP_RIGHT, BOTTOM_LEFT),
    "▟": (TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT),
}
MIDDLE_X, MIDDLE_Y = WIDTH / 2 + 0.5, HEIGHT / 2 + 0.5  # of a thin line
CORNERS: dict[str, Point] = {"╭": (WIDTH, HEIGHT), "╮": (0, HEIGHT), "╰": (WIDTH, 0), "╯": (0, 0)}


@dataclass(frozen=True)
class Shapes:
    """The shapes of a character in its cell.

    Attributes:
        blocks: areas that touch those of the cells around.  cover: how much of the areas is ink.
        lines: thin rectangles.
        dots: centers of braille dots.
        corner: the vertical and the horizontal edge that a round corner joins.
    """

    blocks: tuple[Rectangle, ...] = ()
    cover: float = 1.0
    lines: tuple[Rectangle, ...] = ()
    dots: tuple[Point, ...] = ()
    corner: Point | None = None


@cache
def shapes(character: str) -> Shapes | None:
    """Return the shapes of a character; None if it is drawn as text."""
    if len(character) != 1:
        return None
    code = ord(character)
    if character in CORNERS:
        return Shapes(corner=CORNERS[character])
    if 0x2500 <= code <= 0x257F:
        return _frame(unicodedata.name(character))
    if 0x2580 <= code <= 0x259F:
        return Shapes(_blocks(character), SHADES.get(character, 1.0))
    if 0x2800 <= code <= 0x28FF:
        return Shapes(dots=_dots(code - 0x2800))
    return None


def _blocks(character: str) -> tuple[Rectangle, ...]:
    """Return the areas of a block element (U+2580 to U+259F)."""
    code = ord(character)
    if character in QUADRANTS:
        return QUADRANTS[character]
    if character == "▀":
        return ((0, 0, WIDTH, HEIGHT / 2),)
    if 0x2581 <= code <= 0x2588:  # from a lower eighth to the full block
        height = HEIGHT * (code - 0x2580) / 8
        return ((0, HEIGHT - height, WIDTH, height),)
    if 0x2589 <= code <= 0x258F:  # from seven left eighths to one
        return ((0, 0, WIDTH * (0x2590 - code) / 8, HEIGHT),)
    if character == "▐":
        return ((WIDTH / 2, 0, WIDTH / 2, HEIGHT),)
    if character == "▔":
        return ((0, 0, WIDTH, HEIGHT / 8),)
    if character == "▕":
        return ((WIDTH * 7 / 8, 0, WIDTH / 8, HEIGHT),)
    return ((0, 0, WIDTH, HEIGHT),)  # shades


def _dots(bits: int) -> tuple[Point, ...]:
    """Return the centers of the dots; Unicode numbers the two columns of three dots first, then the lowest row."""
    places = [(column, row) for column in range(2) for row in range(3)] + [(0, 3), (1, 3)]
    return tuple(
        ((column + 0.5) * WIDTH / 2, (row + 0.5) * HEIGHT / 4)
        for bit, (column, row) in enumerate(places)
        if bits >> bit & 1
    )


def _frame(name: str) -> Shapes | None:
    """Return the lines of a character of a frame, which follow from its name; None for double and oblique lines."""
    words = name.removeprefix("BOX DRAWINGS ")
    if dashed := re.fullmatch(r"(LIGHT|HEAVY) (DOUBLE|TRIPLE|QUADRUPLE) DASH (HORIZONTAL|VERTICAL)", words):
        thickness, count = THICKNESS[dashed[1]], DASHES[dashed[2]]
        return Shapes(lines=_dashed(dashed[3], thickness, count))
    if "DOUBLE" in words or "DIAGONAL" in words:
        return None
    lines, thickness = [], 1
    for group in words.split(" AND "):
        parts = group.split()
        thickness = next((THICKNESS[part] for part in parts if part in THICKNESS), thickness)
        for part in parts:
            if part not in THICKNESS:
                lines += [_arm(way, thickness) for way in EACH.get(part, (part,))]
    return Shapes(lines=tuple(lines))


def _arm(way: str, thickness: int) -> Rectangle:
    """Return the line from the middle to one edge, as far as a thick line in the middle reaches."""
    left, top = WIDTH / 2 + 1 - thickness, HEIGHT / 2 + 1 - thickness
    right, bottom = WIDTH / 2 + 1, HEIGHT / 2 + 1
    return {
        "LEFT": (0, top, right, thickness),
        "RIGHT": (left, top, WIDTH - left, thickness),
        "UP": (left, 0, thickness, bottom),
        "DOWN": (left, top, thickness, HEIGHT - top),
    }[way]


def _dashed(way: str, thickness: int, count: int) -> tuple[Rectangle, ...]:
    if way == "HORIZONTAL":
        each, top = WIDTH / count, HEIGHT / 2 + 1 - thickness
        return tuple(((i + 0.2) * each, top, 0.6 * each, thickness) for i in range(count))
    each, left = HEIGHT / count, WIDTH / 2 + 1 - thickness
    return tuple((left, (i + 0.2) * each, thickness, 0.6 * each) for i in range(count))
