"""Lines of an equation: names above, numbers below, term by term, with the same color for the same part.

A line is a sequence of spans: texts, and the part of the equation that each belongs to.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from rnn_tui.engine.architecture import Factor, Formula, Term, WeightedSum
from rnn_tui.number_format import MINUS, signed
from rnn_tui.ui.render.ascii_filter import spelt
from rnn_tui.ui.render.palette import Palette

Part: TypeAlias = str  # x, W_x, h, W_h; empty for everything else
Line: TypeAlias = Sequence[tuple[str, Part]]
Number: TypeAlias = Callable[[float], str]

SYMBOLS = re.compile(r"(W_x\w)|(W_h[^y\W])|(x_t|x_\(t-\d+\))|(h_\(t-1\))")
PARTS = ("W_x", "W_h", "x", "h")  # of the groups of SYMBOLS
NARROWEST = 10  # columns of a term, so that the next ones stay in place when numbers change: 0.41·−0.77


def text_of(line: Line) -> str:
    return "".join(text for text, _ in line)


def width_of(line: Line) -> int:
    return cell_len(text_of(line))


def colored(line: Line, colors: Palette) -> Content:
    """Return the line with the colors of its parts."""
    parts = ((part, "".join(text for text, _ in run)) for part, run in groupby(line, key=itemgetter(1)))
    return Content.assemble(*((text, getattr(colors.equation, part) if part else colors.text) for part, text in parts))


def cut_line(line: Line, width: int) -> Line:
    """Return the line with an ellipsis in place of what has no room."""
    if width_of(line) <= width:
        return line
    spans: list[tuple[str, Part]] = []
    room = width - 1
    for text, part in line:
        spans.append((set_cell_size(text, min(room, cell_len(text))), part))
        room -= min(room, cell_len(text))
    return [*spans, ("…", "")]


def in_letters(line: Line) -> Line:
    """Return the line in ASCII: with stars for products, and words for symbols."""
    return [(spelt(text.replace("·", "*")), part) for text, part in line]


def formula_line(formula: str) -> Line:
    """Return a formula with the parts that its symbols belong to."""
    line, end = [], 0
    for found in SYMBOLS.finditer(formula):
        line += [(formula[end : found.start()], ""), (found[0], PARTS[(found.lastindex or 1) - 1])]
        end = found.end()
    return [*line, (formula[end:], "")]


@dataclass(frozen=True)
class Column:
    """Names, the numbers below them, and the least width."""

    names: Line
    numbers: Line
    least: int = 0

    @cached_property
    def width(self) -> int:
        return max(width_of(self.names), width_of(self.numbers), self.least)

    def in_ascii(self) -> "Column":
        """Return the column in ASCII."""
        return Column(in_letters(self.names), in_letters(self.numbers), self.least)


class Pair(NamedTuple):
    """A line of names, and the line of numbers below."""

    names: Line
    numbers: Line

    @property
    def width(self) -> int:
        return max(map(width_of, self))


def aligned(columns: Iterable[Column]) -> Pair:
    """Return the lines of the columns; the narrower of a column's two texts is filled up with spaces."""
    names: list[tuple[str, Part]] = []
    numbers: list[tuple[str, Part]] = []
    for column in columns:
        above, below, width = width_of(column.names), width_of(column.numbers), column.width
        names += [*column.names, (" " * (width - above), "")]
        numbers += [*column.numbers, (" " * (width - below), "")]
    return Pair(trimmed(names), trimmed(numbers))


def trimmed(line: Line) -> Line:
    """Return the line without empty texts, and without spaces at its end."""
    spans = [span for span in line if span[0]]
    while spans and not spans[-1][0].strip():
        spans.pop()
    return [*spans[:-1], (spans[-1][0].rstrip(), spans[-1][1])] if spans else []


# Sums.


def weights_part(matrix: str) -> Part:
    """Return the part of the equation that a matrix such as W_xh or r_t·W_hn belongs to."""
    name = matrix.rpartition("·")[2]
    return name[:3] if name[:3] in ("W_x", "W_h") and name != "W_hy" else ""


def vector_part(vector: str) -> Part:
    return vector[0] if vector[:2] in ("x_", "h_") else ""


class SumColumns:
    """The columns of a sum, with as many terms as wanted and at most ``most``, in the order of the sum.

    The other terms of each matrix are added up: as ``5 more`` after terms of the same matrix, otherwise as the whole
    product.
    """

    def __init__(self, whole: WeightedSum, most: int, number: Number = signed) -> None:
        self._number = number
        self._groups = [list(group) for _, group in groupby(whole.terms, key=lambda term: term.matrix)]
        self._rests = [[*accumulate(t.product for t in reversed(group))][::-1] for group in self._groups]
        self._terms = [
            [_added(Column(_name(term, group[i - 1] if i else None), _product(term, number), NARROWEST))
             for i, term in enumerate(group[:most])]
            for group in self._groups
        ]  # fmt: skip
        bias = Column([(whole.bias_name, "")], [(number(whole.bias), "")])
        self._bias = [_added(bias)] if whole.bias_name else []

    def showing(self, count: int) -> list[Column]:
        """Return the columns with ``count`` terms."""
        added = [*self._columns(count), *self._bias]
        return [column for i, each in enumerate(added) for column in (each.after_sign if i else (each.alone,))]

    def _columns(self, count: int) -> Iterator["Added"]:
        for group, terms, rests in zip(self._groups, self._terms, self._rests, strict=True):
            shown = max(0, min(count, len(group)))
            count -= shown
            yield from terms[:shown]
            if shown < len(group):
                rest = [(self._number(rests[shown]), "")]
                yield _added(Column([(f"{len(group) - shown} more", "")] if shown else _whole(group), rest))


class Added(NamedTuple):
    """A column at the start of a sum, and after a plus sign."""

    alone: Column
    after_sign: tuple[Column, Column]


def _added(column: Column) -> Added:
    """Return a column, and after a plus sign; below it is the sign of the column's number."""
    (text, part), *others = column.numbers
    sign = " − " if text.startswith(MINUS) else " + "
    unsigned = replace(column, numbers=[(text.removeprefix(MINUS), part), *others])
    return Added(column, (Column([(" + ", "")], [(sign, "")]), unsigned))


def _name(term: Term, before: Term | None) -> Line:
    """Return the name of a term; what it has in common with the term before is an ellipsis."""
    vector, entry = vector_part(term.vector), f"[{term.entry}]" if term.entry else ""
    if before is None:
        return [(term.matrix, weights_part(term.matrix)), ("·", ""), (f"{term.vector}{entry}", vector)]
    if before.vector == term.vector:
        return [("…", ""), (entry, vector)]
    return [("…·", ""), (f"{term.vector}{entry}", vector)]


def _whole(group: Sequence[Term]) -> Line:
    """Return the name of the product of a matrix and its vector, or its vectors."""
    first, last = group[0], group[-1]
    vector = first.vector if first.vector == last.vector else f"[{first.vector}, …, {last.vector}]"
    return [(first.matrix, weights_part(first.matrix)), ("·", ""), (vector, vector_part(first.vector))]


def _product(term: Term, number: Number) -> Line:
    parts = weights_part(term.matrix), vector_part(term.vector)
    return [(number(term.weight), parts[0]), ("·", ""), (number(term.value), parts[1])]


def fitted(
    head: Column,
    whole: WeightedSum,
    tails: Sequence[Column],
    room: int,
    in_ascii: bool = False,
    number: Number = signed,
) -> Pair | None:
    """Return the lines of a sum between a head and the first tail with which they fit; None if they do not fit.

    They have as many terms as fit.
    """
    most = min(len(whole.terms), room // NARROWEST)
    columns = SumColumns(whole, most, number)
    for tail in tails:
        for count in range(most, -1, -1):
            shown = _spelt([head, *columns.showing(count), tail], in_ascii)
            if sum(column.width for column in shown) <= room:
                return aligned(shown)
    return None


def composed_lines(head: Column, formula: Formula, tail: Column, in_ascii: bool = False) -> Pair:
    """Return the lines of a formula of factors, and of text between them."""
    columns = [_factor(part) if isinstance(part, Factor) else Column([(part, "")], [(part, "")]) for part in formula]
    return aligned(_spelt([head, *columns, tail], in_ascii))


def _factor(factor: Factor) -> Column:
    part = vector_part(factor.symbol) if factor.symbol.endswith("(t-1)") else ""
    return Column([(factor.symbol, part)], [(signed(factor.value), part)])


def _spelt(columns: Sequence[Column], in_ascii: bool) -> Sequence[Column]:
    return [column.in_ascii() for column in columns] if in_ascii else columns
