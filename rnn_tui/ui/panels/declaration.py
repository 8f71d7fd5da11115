"""What a panel declares about itself: tabs, number keys, help, layout and frames follow from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

from textual.binding import Binding

from rnn_tui.session.frame import Demand
from rnn_tui.ui.widgets.time_axis import GUTTER, DEFAULT_COLUMNS, Columns, TimeAxis

LEARN = "learn"  # the name of the first page
EVERY_PAGE = ""
FRAME = (4, 2)  # columns and rows that a panel's border and padding take

# Names of keys that are of use in several panels.
TIME_KEYS = ("look.earlier", "look.later", "look.first", "look.last")
UNIT_KEYS = ("look.unit_up", "look.unit_down", "look.lane", "look.state")
READ_KEYS = ("panel.read_on", "panel.read_back")


class Region(Enum):
    """The part of the page in which a panel has its place.

    SIDE: a column left of the others; one panel at a time.  UPPER: the upper half, panels above each other, of which
    the last one gets the rows that are left.  LOWER: the lower half, or right of the upper one, as many panels as
    have room, the first registered first.  LINE: below all others, without a border.
    """

    SIDE = auto()
    UPPER = auto()
    LOWER = auto()
    LINE = auto()


@dataclass(frozen=True)
class Contents:
    """What there is to show, as far as sizes depend on it.

    Attributes:
        lanes, inputs: number of lanes, and of rows that show inputs.
        units: of the hidden state that is shown.
        steps: time steps of the probe, with the columns that ``each`` may have.
        curves: whether forecasts are drawn as curves, which use any number of rows.
    """

    lanes: int = 2
    inputs: int = 1
    units: int = 8
    steps: int = 40
    each: Columns = DEFAULT_COLUMNS
    curves: bool = False


@dataclass(frozen=True)
class Extent:
    """Columns or rows of a panel, with its border.

    Attributes:
        least: below it the panel is not shown beside others.
        enough: it shows all that matters.
        better: larger ones that are of use, the largest first.
    """

    least: int
    enough: int
    better: tuple[int, ...] = ()

    @property
    def best(self) -> int:
        return self.better[0] if self.better else self.enough


Size: TypeAlias = Callable[[Contents, int], Extent]


def always(least: int, enough: int | None = None, *better: int) -> Size:
    """Return a size that does not depend on what is shown."""
    extent = Extent(least, least if enough is None else enough, better)
    return lambda _contents, _room: extent


def time_columns(title: int) -> Size:
    """Return the columns of a panel with a column or more for each time step; ``title``: that its titles need."""

    def columns(contents: Contents, room: int) -> Extent:
        around = GUTTER + FRAME[0]
        axis = TimeAxis.fit(contents.steps, room - around, 0, contents.each)
        return Extent(title, max(title, contents.steps * axis.width + around))

    return columns


@dataclass(frozen=True)
class PanelHelp:
    """Attributes:
    says: two sentences.  formula: as many lines as it takes.  more: what else there is to know, or nothing.
    keys: names of keys that are of use in the panel.  mouse: gestures, with what they do.
    In texts, the name of a key in braces stands for the key that is in force.
    """

    says: str
    formula: str
    more: str
    keys: tuple[str, ...]
    mouse: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class PanelDeclaration:
    """Attributes:
    name: the panel's in code: that of its module.
    number: the key that goes to it; its place among the tabs.
    title: in the border and in the help.  tab: a shorter one.
    region: its place on the page, or on EVERY_PAGE.
    columns: what it needs of them, where so many are free.  rows: likewise, in so many columns.
    demands: all that it may need of a frame.
    keys: bindings in force while it has the focus.
    """

    name: str
    number: int
    title: str
    help: PanelHelp
    columns: Size
    rows: Size
    tab: str = ""
    region: Region = Region.LOWER
    page: str = LEARN
    demands: Demand = Demand.NOTHING
    keys: tuple[Binding, ...] = field(default=())

    @property
    def heading(self) -> str:
        """The number and the title."""
        return f"{self.number} {self.title}"

    def is_on(self, page: str) -> bool:
        return self.page in (page, EVERY_PAGE)
