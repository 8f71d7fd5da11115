"""What the screen shows just now: a frame, and where the user looks."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from rnn_tui.engine.parameters import Array
from rnn_tui.session.frame import Frame, Lane
from rnn_tui.tasks import Task
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.widgets.time_axis import DEFAULT_COLUMNS, Columns

MOST_INPUT_ROWS = 3
LONGEST_WORD = 9  # columns
Drawing: TypeAlias = Literal["forecast", "running free", "bars"]
DRAWINGS: tuple[Drawing, ...] = ("forecast", "running free", "bars")


@dataclass(frozen=True, eq=False, slots=True)
class ViewState:
    """Attributes:
    t, unit, lane: the cursor: a time step of the probe, a hidden unit, and the lane whose states are shown.
    wanted: which of its states, by the field's name; lanes that have none of that name show h.
    name: of the preset. unsaved: whether its file says otherwise. log: the loss axis.
    drawing: how forecasts are shown, where the task asks for them: as bars, or as curves over the truth, of forecasts
        from the true inputs or of those that run free.
    rate: updates per second, measured; pace: wanted, 0 is flat out.
    goal: the step to which one is on the way; offer: what could be taken up again, if there is anything.
    keys: those in force, for sentences that name some.
    """

    frame: Frame
    name: str
    t: int = 0
    unit: int = 0
    lane: int = 0
    wanted: str = "h"
    log: bool = True
    drawing: Drawing = "bars"
    playing: bool = False
    pace: int = 0
    rate: float = 0.0
    goal: int | None = None
    offer: str = ""
    unsaved: bool = False
    keys: Keymap = Keymap()  # noqa: RUF009  it is frozen

    @property
    def curves(self) -> Drawing | None:
        """Which curves are shown; None: bars."""
        return None if self.drawing == "bars" or not self.frame.task.foretells else self.drawing

    @property
    def columns(self) -> Columns:
        """The columns that a time step gets: of words as many as most of them need."""
        task = self.frame.task
        width = min(LONGEST_WORD, 1 + max(map(len, (*task.alphabet, *task.classes)), default=0))
        return DEFAULT_COLUMNS if width <= 2 else Columns(width, max(width, DEFAULT_COLUMNS.most))

    @property
    def shown(self) -> Lane:
        """The lane under the cursor."""
        return self.frame.lanes[self.lane]

    @property
    def lit(self) -> range:
        """Which time steps are lit: before training the forward pass is shown as it happens, up to t."""
        return range(self.t + 1 if self.frame.step == 0 else self.frame.length)

    @property
    def state(self) -> str:
        """The name of the state that is shown: h, c or a gate."""
        return self.wanted if self.wanted in self.shown.states else "h"

    @property
    def units(self) -> Array:
        """(H, T) what is shown of the lane under the cursor."""
        return self.shown.states[self.state].T


class ViewAccess(Protocol):
    """Who has the view: the lab, for its actions and for dialogs.  It belongs to the screen's thread."""

    @property
    def seen(self) -> ViewState:
        """The present view."""

    def show_view(self, view: ViewState) -> None:
        """Show another one in its place."""


def input_rows(task: Task) -> int:
    """How many rows of the sequence show inputs."""
    return 1 if task.alphabet else min(MOST_INPUT_ROWS, task.input_size)
