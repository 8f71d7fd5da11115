"""The list of further seeds by their results, from which one is opened; only flows.py imports it."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
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
WIDEST, NARROWEST = 19, 10  # columns of a lane
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
        self.call_after_refresh(self._follow)  # when the list has a size
        self.set_interval(FOLLOW, self._follow)

    def _follow(self) -> None:
        """Show the newest results; the highlighted seed stays highlighted."""
        view = self._shown.seen
        if view.seeds is None:  # the settings have changed
            self.dismiss(None)
            return
        present = view.frame.preset.training.seed
        told = view.seeds, self._lane, present, self.app.size.width
        if told == self._listed:
            return
        self._listed = told
        names = [lane.label for lane in view.frame.lanes]
        self.query_one("#order", Static).update(
            self.hint(order_text(view.seeds, names[self._lane], view.seed_progress))
        )
        choices, spell = self.query_one(ChoiceList), canvas_of(self.app).spell
        layout = RowLayout.fit((present, *view.seeds.seeds), len(names), choices.size.width - 1)
        heading = Content.styled(" " * (layout.seed + 2) + layout.lanes([[name] for name in names]), "$secondary")
        rows = [heading] if present in view.seeds.seeds else [heading, Content(spell(layout.present(view.frame)))]
        self.query_one("#names", Static).update(Content("\n").join(rows))
        chosen = choices.highlighted_option.id if choices.highlighted_option else None
        runs = view.seeds.in_order(self._lane)
        choices.set_options(
            Option(spell(layout.row(run, view.seeds.goal, run.seed == present)), id=str(run.seed)) for run in runs
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


class RowLayout(NamedTuple):
    """Columns of the number of a seed, and of each lane."""

    seed: int = 8
    lane: int = WIDEST

    @classmethod
    def fit(cls, seeds: Iterable[int], lanes: int, width: int) -> "RowLayout":
        """Return the columns for these seeds in a list of ``width`` columns."""
        seed = 2 + max(cell_len(f"seed {seed}") for seed in seeds)
        return cls(seed, max(NARROWEST, min(WIDEST, (width - seed - 2) // lanes)))

    def row(self, run: SeedRun, goal: int, here: bool) -> str:
        """Return a seed with the result of each lane; ``here``: whether it is open in the lab."""
        begin = self.begin(run.seed, here)
        if run.error:
            return f"{begin}failed: {run.error}"
        if not (run.ended and run.goal == goal):
            return f"{begin}{f'at step {run.step:,}' if run.step else 'waits'}"
        return begin + self.lanes([_results(lane) for lane in run.lanes])

    def present(self, frame: Frame) -> str:
        """Return the run in the lab, with the loss of each lane as far as it is known."""
        begin, where = self.begin(frame.preset.training.seed, here=True), f"in the lab, at step {frame.step:,}"
        if Demand.SCORE not in frame.demands:
            return f"{begin}{where}"
        scores = [lane.score for lane in frame.lanes]
        return f"{begin}{self.lanes([_losses(score.loss, score.accuracy) for score in scores])} ({where})"

    def begin(self, seed: int, here: bool) -> str:
        return f"{HERE if here else ' '} {f'seed {seed}':<{self.seed}}"

    def lanes(self, texts: Iterable[Sequence[str]]) -> str:
        """Return one column for each lane; of its texts, the first that fits."""
        room = self.lane - 1
        chosen = (next((text for text in each if cell_len(text) <= room), each[-1]) for each in texts)
        return "".join(f"{set_cell_size(text, room)} " for text in chosen).rstrip()


def _results(lane: LaneRun) -> Sequence[str]:
    """Return the result of a lane, and shorter texts."""
    if lane.diverged_at is not None:
        return f"diverged at {lane.diverged_at:,}", "diverged"
    loss = loss_text(lane.loss)
    return (f"{loss} ✓ solved", f"{loss} ✓") if lane.solved else _losses(lane.loss, lane.accuracy)


def _losses(loss: float, accuracy: float | None) -> Sequence[str]:
    told = loss_text(loss)
    return [told] if accuracy is None else [f"{told} {percent(accuracy)}", told]
