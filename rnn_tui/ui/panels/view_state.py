"""The view: a frame, and the position of the user's cursor."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

from rnn_tui.engine.parameters import Array
from rnn_tui.experiments.seed_results import SeedResults
from rnn_tui.session.frame import Demand, Frame, Lane
from rnn_tui.session.what_if import AlteredLane
from rnn_tui.tasks import Task
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.panels.declaration import LEARN
from rnn_tui.ui.panels.diagnoses import Diagnoses
from rnn_tui.ui.widgets.time_axis import DEFAULT_COLUMNS, Columns

if TYPE_CHECKING:
    from rnn_tui.session.findings.report import Report

SENT_BACK = "∂L/∂h"  # wanted in place of a state: the gradient of the next update
MOST_INPUT_ROWS = 3
LONGEST_WORD = 9  # columns
Drawing: TypeAlias = Literal["forecast", "free-running", "bars"]
DRAWINGS: tuple[Drawing, ...] = ("forecast", "free-running", "bars")


Compared: TypeAlias = Literal["with", "without", "difference"]
WITHOUT = " without what if"  # in the title of a panel that shows only the nets as they are
COMPARED: tuple[Compared, ...] = ("with", "without", "difference")


class Successor(NamedTuple):
    """The preset that follows in the course, and its question."""

    name: str
    question: str


@dataclass(frozen=True, eq=False, slots=True)
class ViewState:
    """State of the screen.

    Attributes:
        t, unit, lane: the cursor: a time step of the probe, a hidden unit, and a lane.
        wanted: the state of the lane to show; lanes without it show h.
        name: of the preset.  unsaved: whether it differs from its file.  log: whether the loss axis is logarithmic.
        norms: whether gradient norms are drawn instead of losses.
        edits: changes that may have made its title, its question and what it expects untrue, in words; or empty.
        successor: the preset to open next, if this one has been trained to its end.
        drawing: how forecasts are shown: as curves over the true values, free-running, or as bars.
        rate: measured updates per second.  pace: wanted updates per second, 0 is as fast as possible.
        goal: the step that training is going to.  offer: a run that can be resumed, or empty.
        page: the name of the page.  unit_table: whether the hidden-state panel shows the table of units.
        keys: the keys in force, for texts that name keys.
        hint: what the keys do in the panel with the focus; empty: what they do in the lab.
        diagnoses: the newest diagnostics, which may be of an earlier step.
        compared: what is shown of lanes with interventions, where there is room for one of them.
        seeds: results with further seeds of this run; None while they are hidden.  seed_progress: how far they are.
        findings: the newest report on what is wrong with the nets; None before the first one.
        mark: what the status line announces of it; empty: nothing new.
        sweep_run: the name of the run that was opened last from a sweep; empty if there is none.
        framed: what a lesson points to: the name of a panel, or the key of a row of the controls; empty: nothing.
    """

    frame: Frame
    name: str
    t: int = 0
    unit: int = 0
    lane: int = 0
    wanted: str = "h"
    log: bool = True
    norms: bool = False
    drawing: Drawing = "bars"
    playing: bool = False
    pace: int = 0
    rate: float = 0.0
    goal: int | None = None
    offer: str = ""
    unsaved: bool = False
    page: str = LEARN
    unit_table: bool = False
    edits: str = ""
    successor: Successor | None = None
    keys: Keymap = Keymap()  # noqa: RUF009  it is frozen
    hint: str = ""
    diagnoses: Diagnoses = Diagnoses()  # noqa: RUF009  it is frozen
    compared: Compared = "with"
    seeds: SeedResults | None = None
    seed_progress: str = ""
    findings: "Report | None" = None
    mark: str = ""
    sweep_run: str = ""
    framed: str = ""

    @property
    def of_sweep(self) -> bool:
        """Return whether a run of a sweep is open, from which a key leads back to the sweep."""
        return self.sweep_run != "" and self.sweep_run == self.name

    @property
    def framed_panel(self) -> str:
        """The name of the framed panel, which may be the one with the framed row; empty if none is."""
        return "controls" if "." in self.framed else self.framed

    @property
    def curves(self) -> Drawing | None:
        """The kind of curves shown; None for bars."""
        return None if self.drawing == "bars" or not self.frame.task.predicts_numbers else self.drawing

    @property
    def columns(self) -> Columns:
        """Possible columns of a time step; words need more."""
        task = self.frame.task
        width = min(LONGEST_WORD, 1 + max(map(len, (*task.alphabet, *task.classes)), default=0))
        return DEFAULT_COLUMNS if width <= 2 else Columns(width, max(width, DEFAULT_COLUMNS.most))

    @property
    def shown(self) -> Lane:
        """The lane under the cursor."""
        return self.frame.lanes[self.lane]

    @property
    def lit(self) -> range:
        """The lit time steps: before training, only those up to t, to show the forward pass."""
        return range(self.t + 1 if self.frame.step == 0 else self.frame.length)

    @property
    def state(self) -> str:
        """The name of the shown state: h, c or a gate."""
        return self.wanted if self.wanted in self.shown.states else "h"

    @property
    def units(self) -> Array:
        """Values (H, T) of the shown state of the lane under the cursor, without interventions."""
        return self.shown.states[self.state].T

    @property
    def needs_altered(self) -> Demand:
        """What a panel needs of a frame to show the lanes with interventions, if there are any."""
        return Demand.WHAT_IF if self.frame.what_if else Demand.NOTHING

    @property
    def altered(self) -> AlteredLane | None:
        """The lane under the cursor with the interventions of the lens; None if none acts on it."""
        return self.shown.altered if self.frame.what_if else None


class ViewAccess(Protocol):
    """Access to the view, for actions and dialogs; the lab implements it in the screen's thread."""

    @property
    def seen(self) -> ViewState:
        """The current view."""

    def show_view(self, view: ViewState) -> None:
        """Show another view."""


def input_rows(task: Task, most: int | None = MOST_INPUT_ROWS) -> int:
    """Return the number of rows for inputs in the sequence panel, at most ``most``; None: all inputs."""
    return 1 if task.alphabet else min(most or task.input_size, task.input_size)
