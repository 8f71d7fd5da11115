"""The list of further seeds by their results, from which one is opened; only flows.py imports it."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import set_cell_size
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from rnn_tui.experiments.seed_results import SeedResults
from rnn_tui.experiments.seed_run import LaneRun, SeedRun
from rnn_tui.number_format import loss_text, percent
from rnn_tui.session.frame import Demand, Frame
from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.input.bindings import CANCEL_KEYS, SEED_KEYS
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.render.terminal_capabilities import canvas_of
from rnn_tui.ui.widgets.option_list import ChoiceList

FOLLOW = 0.3  # seconds after which the list shows new results
SEED, LANE = 8, 19  # columns of the number of a seed, and of each lane
HINT = "enter: open · {seeds.lane}: lane · {seeds.more} {seeds.fewer}: more, fewer · {dialog.cancel}: close"
SHORT_HINT = "enter: open · {seeds.lane}: lane · {seeds.more} {seeds.fewer} · {dialog.cancel}"
NARROW = 80  # columns below which the hint is short
HERE = "●"  # marks the seed that is open in the lab


class SeedPicker(Dialog[int | None]):
    """Dismisses with the seed to open.

    Args:
        resize: trains more or fewer seeds.
    """

    AUTO_FOCUS = "ChoiceList"
    BINDINGS: ClassVar[list[BindingType]] = [*CANCEL_KEYS, *SEED_KEYS]

    def __init__(self, shown: ViewAccess, resize: Callable[[int], object]) -> None:
        super().__init__(shown.seen.keys)
        self._shown, self._resize = shown, resize
        self._lane = shown.seen.lane
        self._listed: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog seeds") as dialog:
            dialog.border_title = "Further seeds"
            dialog.border_subtitle = self.hint(HINT if self.app.size.width >= NARROW else SHORT_HINT)
            yield Static(id="order", markup=False)
            yield Static(id="names", markup=False)
            yield ChoiceList(markup=False)

    def on_mount(self) -> None:
        self._follow()
        self.set_interval(FOLLOW, self._follow)

    def _follow(self) -> None:
        """Show the newest results; the highlighted seed stays highlighted."""
        view = self._shown.seen
        if view.seeds is None:  # the settings have changed
            self.dismiss(None)
            return
        present = view.frame.preset.training.seed
        if (view.seeds, self._lane, present) == self._listed:
            return
        self._listed = view.seeds, self._lane, present
        names = [lane.label for lane in view.frame.lanes]
        self.query_one("#order", Static).update(
            self.hint(order_text(view.seeds, names[self._lane], view.seed_progress))
        )
        heading = Content.styled(" " * (SEED + 2) + _columns(names), "$secondary")
        spell = canvas_of(self.app).spell
        rows = [heading] if present in view.seeds.seeds else [heading, Content(spell(_here_text(view.frame)))]
        self.query_one("#names", Static).update(Content("\n").join(rows))
        choices = self.query_one(ChoiceList)
        chosen = choices.highlighted_option.id if choices.highlighted_option else None
        runs = view.seeds.in_order(self._lane)
        choices.set_options(
            Option(spell(row_text(run, view.seeds.goal, run.seed == present)), id=str(run.seed)) for run in runs
        )
        places = {str(run.seed): place for place, run in enumerate(runs)}
        choices.highlighted = places.get(str(chosen), 0)

    def action_lane(self) -> None:
        self._lane = (self._lane + 1) % len(self._shown.seen.frame.lanes)
        self._follow()

    def action_resize(self, by: int) -> None:
        self._resize(by)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if self.is_active:  # a held key opens one seed
            self.dismiss(int(event.option_id or 0))


def order_text(results: SeedResults, lane: str, progress: str) -> str:
    """Return by what the seeds are in order, and how far they are."""
    far = f" · {progress}" if results.missing else ""
    return f"by the loss of {lane} at step {results.goal:,}{far}"


def row_text(run: SeedRun, goal: int, here: bool) -> str:
    """Return a seed with the result of each lane; ``here``: whether it is open in the lab."""
    begin = _begin(run.seed, here)
    if run.error:
        return f"{begin}failed: {run.error}"
    if not (run.ended and run.goal == goal):
        return f"{begin}{f'at step {run.step:,}' if run.step else 'waits'}"
    return begin + _columns([_result(lane) for lane in run.lanes])


def _here_text(frame: Frame) -> str:
    """Return the run in the lab, with the loss of each lane as far as it is known."""
    begin = _begin(frame.preset.training.seed, here=True)
    if Demand.SCORE not in frame.demands:
        return f"{begin}in the lab, at step {frame.step:,}"
    scores = [lane.score for lane in frame.lanes]
    told = _columns([_loss(score.loss, score.accuracy) for score in scores])
    return f"{begin}{told} (in the lab, at step {frame.step:,})"


def _begin(seed: int, here: bool) -> str:
    return f"{HERE if here else ' '} {f'seed {seed}':<{SEED}}"


def _columns(texts: Sequence[str]) -> str:
    return "".join(f"{set_cell_size(text, LANE - 1)} " for text in texts).rstrip()


def _result(lane: LaneRun) -> str:
    if lane.diverged_at is not None:
        return f"diverged at {lane.diverged_at:,}"
    return f"{loss_text(lane.loss)} ✓ solved" if lane.solved else _loss(lane.loss, lane.accuracy)


def _loss(loss: float, accuracy: float | None) -> str:
    return loss_text(loss) + (f" {percent(accuracy)}" if accuracy is not None else "")
