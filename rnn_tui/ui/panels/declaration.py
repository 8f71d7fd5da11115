"""Declaration of a panel: tabs, number keys, help, layout and frames follow from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

from textual.binding import Binding

from rnn_tui.session.frame import Demand
from rnn_tui.tasks import Task
from rnn_tui.ui.panels.diagnoses import Diagnostic
from rnn_tui.ui.widgets.time_axis import DEFAULT_COLUMNS, GUTTER, Columns, TimeAxis

LEARN, REMEMBER = "learn", "remember"  # names of the pages
EVERY_PAGE = ""
FRAME = (4, 2)  # columns and rows that a panel's border and padding take

# Names of keys that several panels use.
TIME_KEYS = ("look.earlier", "look.later", "look.first", "look.last")
UNIT_KEYS = ("look.unit_up", "look.unit_down", "look.lane", "look.state")
READ_KEYS = ("panel.read_on", "panel.read_back")


class Region(Enum):
    """The part of the page that contains a panel.

    SIDE: a column left of the others; one panel at a time.  UPPER: the upper half, one panel above the other; the last
    one gets the remaining rows.  LOWER: the lower half, or right of the upper one, with as many panels as fit, in the
    order of registration.  BOTTOM: below all others; it gets more than its least rows only if the others keep
    enough, and has no border if it gets no more rows than a border takes.
    """

    SIDE = auto()
    UPPER = auto()
    LOWER = auto()
    BOTTOM = auto()


@dataclass(frozen=True)
class Contents:
    """Numbers of what there is to show, from which sizes follow.

    Attributes:
        lanes, inputs: number of lanes, and of rows for inputs.
        units: number of hidden units.
        steps: number of time steps of the probe; ``each``: possible columns of a time step.
        curves: whether forecasts are drawn as curves, which can use any number of rows.
        saliency: whether a row shows on which inputs an answer depends.
        altered: further rows for lanes with interventions.
    """

    lanes: int = 2
    inputs: int = 1
    units: int = 8
    steps: int = 40
    each: Columns = DEFAULT_COLUMNS
    curves: bool = False
    saliency: bool = False
    altered: int = 0


@dataclass(frozen=True)
class Extent:
    """Columns or rows of a panel, with its border.

    Attributes:
        least: the panel needs it to be shown beside others.
        enough: the panel shows everything important.
        better: larger useful sizes, the largest first.
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
    """Return columns for a column or more per time step; ``title``: columns that the titles need."""

    def columns(contents: Contents, room: int) -> Extent:
        around = GUTTER + FRAME[0]
        axis = TimeAxis.fit(contents.steps, room - around, 0, contents.each)
        return Extent(title, max(title, contents.steps * axis.width + around))

    return columns


@dataclass(frozen=True)
class PanelHelp:
    """Help of a panel.

    In texts, the name of a key in braces is replaced by the key in force.

    Attributes:
        says: two sentences.  formula: one or more lines.  more: further explanation, or empty.
        keys: names of keys that are useful in the panel.  mouse: gestures with their effects.
        of_task: returns more lines of the formula for the task on the screen.
    """

    says: str
    formula: str
    more: str
    keys: tuple[str, ...]
    mouse: tuple[tuple[str, str], ...] = ()
    of_task: Callable[[Task], str] | None = None

    def formula_of(self, task: Task | None) -> str:
        """Return the formula with its lines for the task, if there is one."""
        return f"{self.formula}\n{self.of_task(task)}" if self.of_task and task else self.formula


@dataclass(frozen=True, eq=False)
class PanelDeclaration:
    """Everything that the lab knows about a panel before it is created.

    Attributes:
        name: name in code, the same as that of the module.
        number: its key, and its position among the tabs.
        title: in the border and in the help.  tab: a shorter title.
        region: its part of the ``page``, which may be EVERY_PAGE.
        columns: the columns it needs, given the free columns.  rows: the rows it needs, given its columns.
        demands: everything it may need of a frame.  diagnostics: everything it shows that is computed beside training.
        keys: bindings in force while it has the focus.
        strip: whether a line or two above the status line tell its conclusion while it is not visible.
        drawings: names of its drawings, in the order in which a key shows them; empty: it has only one.
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
    diagnostics: tuple[Diagnostic, ...] = ()
    keys: tuple[Binding, ...] = field(default=())
    strip: bool = False
    drawings: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The number and the title."""
        return f"{self.number} {self.title}"

    def is_on(self, page: str) -> bool:
        return self.page in (page, EVERY_PAGE)
