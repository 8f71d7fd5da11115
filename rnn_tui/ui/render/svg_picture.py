"""The rows of a screen as SVG: every cell at its place in every viewer, with fonts of the system and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from rnn_tui.ui.render.drawn_characters import HEIGHT, MIDDLE_X, MIDDLE_Y, WIDTH, Point, Rectangle, Shapes, shapes

FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"
FONT_SIZE = 13.25  # pixels; DejaVu Sans Mono and Menlo are then as wide as a cell
BASELINE = 12.5  # pixels below the top of the row
DOT = 2.6  # diameter of a braille dot in pixels
RADIUS = 4  # pixels from the edge to where a round corner begins to bend
UNKNOWN = "\ufffd"  # for characters that XML does not allow


@dataclass(frozen=True)
class Ground:
    """The colors of a picture where a style has none: of the text, and of the ground."""

    text: str
    ground: str


@dataclass(frozen=True)
class Picture:
    """An SVG document with its title, and its width in pixels."""

    svg: str
    title: str
    width: int


def picture_of(rows: Sequence[Iterable[Segment]], ground: Ground, title: str, description: str) -> Picture:
    """Return a picture of the rows of a screen; the same rows give the same document.

    Args:
        title: what the picture shows, for readers that see no pictures and for tooltips.
        description: the same in more words.
    """
    drawing = _Drawing(ground)
    columns = max((drawing.row(number, row) for number, row in enumerate(rows)), default=0)
    width, height = columns * WIDTH, len(rows) * HEIGHT
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="{FONTS}" font-size="{FONT_SIZE}">'
    )
    lines = [
        head,
        f"<title>{escape(_allowed(title))}</title>",
        f"<desc>{escape(_allowed(description))}</desc>",
        f'<rect width="{width}" height="{height}" fill="{ground.ground}"/>',
        *drawing.elements(),
        "</svg>",
    ]
    return Picture("\n".join(lines) + "\n", title, width)


@dataclass(frozen=True)
class _Ink:
    """How a run of characters is drawn."""

    color: str
    ground: str
    bold: bool
    italic: bool
    underlined: bool
    struck: bool


class _Drawing:
    """Collects what is drawn, by color."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._areas: defaultdict[str, list[Rectangle]] = defaultdict(list)
        self._blocks: defaultdict[str, list[Rectangle]] = defaultdict(list)
        self._lines: defaultdict[str, list[Rectangle]] = defaultdict(list)
        self._corners: defaultdict[str, list[str]] = defaultdict(list)
        self._dots: defaultdict[str, list[str]] = defaultdict(list)
        self._texts: defaultdict[tuple[str, bool, bool], list[str]] = defaultdict(list)

    def row(self, number: int, segments: Iterable[Segment]) -> int:
        """Collect a row; return the number of its columns."""
        column, top = 0, number * HEIGHT
        for text, style, control in segments:
            if control:
                continue
            ink = self._ink(style or Style.null())
            begin, run, start = column, "", column
            for character, width in _characters(text):
                drawn = shapes(character)
                blank = character in (" ", "\u00a0")
                if drawn is not None or width != 1 or (blank and run.endswith(" ")):
                    self._text(run, start, top, ink)
                    run = ""
                if drawn is not None:
                    self._shapes(drawn, column * WIDTH, top, ink)
                elif width != 1:
                    self._text(character, column, top, ink, width)
                elif run or not blank:
                    start = start if run else column
                    run += " " if blank else character
                column += width
            self._text(run, start, top, ink)
            self._around((column - begin) * WIDTH, begin * WIDTH, top, ink)
        return column

    def _ink(self, style: Style) -> _Ink:
        color, ground = _hex(style.color, self._ground.text), _hex(style.bgcolor, self._ground.ground)
        if style.reverse:
            color, ground = ground, color
        if style.dim:
            color = _mixed(ground, color, 0.5)
        return _Ink(color, ground, bool(style.bold), bool(style.italic), bool(style.underline), bool(style.strike))

    def _around(self, width: float, left: float, top: float, ink: _Ink) -> None:
        """Collect the ground of a run, and the lines below and through it."""
        if ink.ground != self._ground.ground:
            self._areas[ink.ground].append((left, top, width, HEIGHT))
        if ink.underlined:
            self._lines[ink.color].append((left, top + HEIGHT - 2, width, 1))
        if ink.struck:
            self._lines[ink.color].append((left, top + HEIGHT / 2, width, 1))

    def _text(self, run: str, column: int, top: int, ink: _Ink, columns: int = 0) -> None:
        """Collect characters without a gap; ``columns``, if not one for each."""
        text = run.rstrip(" ")
        if not text:
            return
        place = f'x="{column * WIDTH}" y="{_number(top + BASELINE)}"'
        columns = columns or cell_len(text)
        length = f' textLength="{columns * WIDTH}"' if columns > 1 else ""
        self._texts[ink.color, ink.bold, ink.italic].append(f"<text {place}{length}>{escape(text, quote=False)}</text>")

    def _shapes(self, drawn: Shapes, left: float, top: float, ink: _Ink) -> None:
        color = ink.color if drawn.cover == 1 else _mixed(ink.ground, ink.color, drawn.cover)
        for found, parts in ((self._blocks, drawn.blocks), (self._lines, drawn.lines)):
            if parts:
                found[color] += [(left + x, top + y, width, height) for x, y, width, height in parts]
        if drawn.dots:
            self._dots[color] += [f"M{_number(left + x)} {_number(top + y)}h0" for x, y in drawn.dots]
        if drawn.corner is not None:
            self._corners[color].append(_corner(drawn.corner, left, top))

    def elements(self) -> Iterable[str]:
        """Yield the elements, the lowest first.  Areas have sharp edges, so that no gap shows between them."""
        yield '<g shape-rendering="crispEdges">'
        for areas in (self._areas, self._blocks):
            for color, parts in areas.items():
                yield f'<path fill="{color}" d="{_path(parts)}"/>'
        yield "</g>"
        for color, parts in self._lines.items():
            yield f'<path fill="{color}" d="{_path(parts)}"/>'
        for color, corners in self._corners.items():
            yield f'<path fill="none" stroke="{color}" d="{"".join(corners)}"/>'
        for color, dots in self._dots.items():
            pen = f'stroke="{color}" stroke-width="{DOT}" stroke-linecap="round"'
            yield f'<path fill="none" {pen} d="{"".join(dots)}"/>'
        for (color, bold, italic), texts in self._texts.items():
            how = ' font-weight="bold"' * bold + ' font-style="italic"' * italic
            yield f'<g fill="{color}"{how}>'
            yield from texts
            yield "</g>"


def _characters(text: str) -> Iterable[tuple[str, int]]:
    """Yield each character with the marks that belong to it, and its columns."""
    found, columns = "", 0
    for character in _allowed(text):
        width = cell_len(character)
        if width or not found:
            if found:
                yield found, columns
            found, columns = character, width
        else:
            found += character
    if found:
        yield found, columns


def _allowed(text: str) -> str:
    """Return the text with a sign for each character that XML does not allow."""
    return "".join(c if c >= " " and not ("\ud800" <= c <= "\udfff" or c in "\ufffe\uffff") else UNKNOWN for c in text)


def _hex(color: RichColor | None, default: str) -> str:
    return default if color is None or color.is_default else color.get_truecolor().hex.lower()


def _mixed(ground: str, color: str, share: float) -> str:
    return Color.parse(ground).blend(Color.parse(color), share).hex.lower()


def _path(parts: Iterable[Rectangle]) -> str:
    return "".join(
        f"M{_number(x)} {_number(y)}h{_number(width)}v{_number(height)}h{_number(-width)}z"
        for x, y, width, height in _joined(parts)
    )


def _joined(parts: Iterable[Rectangle]) -> list[Rectangle]:
    """Return the rectangles, those side by side joined, and then those one below the other."""
    rows: list[Rectangle] = []
    for x, y, width, height in sorted(set(parts), key=lambda part: (part[1], part[3], part[0])):
        if rows and rows[-1][1::2] == (y, height) and rows[-1][0] + rows[-1][2] >= x:
            rows[-1] = (rows[-1][0], y, max(rows[-1][2], x + width - rows[-1][0]), height)
        else:
            rows.append((x, y, width, height))
    found: list[Rectangle] = []
    for x, y, width, height in sorted(rows, key=lambda part: (part[0], part[2], part[1])):
        if found and found[-1][::2] == (x, width) and found[-1][1] + found[-1][3] >= y:
            found[-1] = (x, found[-1][1], width, max(found[-1][3], y + height - found[-1][1]))
        else:
            found.append((x, y, width, height))
    return found


def _corner(edges: Point, left: float, top: float) -> str:
    """Return the path of a round corner, from the upper or lower edge to the left or right one."""
    x, y = edges
    straight = y + RADIUS if y == 0 else y - RADIUS
    points = [MIDDLE_X, y, straight, MIDDLE_X, MIDDLE_Y, x, MIDDLE_Y]
    offsets = [left, top, top, left, top, left, top]
    a, b, c, *curve = (_number(point + offset) for point, offset in zip(points, offsets, strict=True))
    return f"M{a} {b}V{c}Q{' '.join(curve)}"


def _number(value: float) -> str:
    """Return a coordinate without needless digits."""
    return f"{round(value, 2):g}"
