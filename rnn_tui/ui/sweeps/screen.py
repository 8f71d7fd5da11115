"""The screen of a sweep: a drawing of its runs, what is under the cursor, and how far the sweep is."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen

from rnn_tui.errors import RnnTuiError, escaped
from rnn_tui.experiments.jobs import Row
from rnn_tui.presets.store import PresetFile
from rnn_tui.storage import atomic_write
from rnn_tui.storage.files import working_folder
from rnn_tui.ui.input.bindings import SWEEP_KEYS, SWEEP_SPARE
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.render.picture_formats import encoded
from rnn_tui.ui.render.terminal_capabilities import canvas_of, palette_of
from rnn_tui.ui.sweeps.arrival_rate import ArrivalRate
from rnn_tui.ui.sweeps.key_axis import LANES
from rnn_tui.ui.sweeps.look import cut
from rnn_tui.ui.sweeps.measures import FAULTS, LOSS, number_text
from rnn_tui.ui.sweeps.readout import progress_text, readout
from rnn_tui.ui.sweeps.sweep_chart import SweepChart
from rnn_tui.ui.sweeps.sweep_csv import POINTS_CSV, RUNS_CSV, csv_of
from rnn_tui.ui.sweeps.sweep_data import SweepData
from rnn_tui.ui.sweeps.sweep_dialogs import RunDialog, SweepExportDialog
from rnn_tui.ui.sweeps.sweep_drawing import draw_sweep, heading
from rnn_tui.ui.sweeps.sweep_help import SweepHelpDialog
from rnn_tui.ui.sweeps.sweep_picture import sweep_picture
from rnn_tui.ui.sweeps.sweep_source import SweepSource
from rnn_tui.ui.sweeps.sweep_table import SweepTable, settled, table_of
from rnn_tui.ui.sweeps.sweep_view import CURVES, RUNS, TABLES, SweepView
from rnn_tui.ui.widgets.dismiss_once import DismissOnce
from rnn_tui.ui.widgets.footer import Footer
from rnn_tui.ui.widgets.text_widgets import BETWEEN, TextLine, shortened_to

LEAST = Size(60, 18)  # of the screen
BROAD = 100  # columns from which the sentence about the cursor has two rows, otherwise three
EVERY = 1.0  # seconds between two looks for new runs
BRAND = " rnn-tui "
PICTURE = Size(120, 36)  # of an exported picture, at least


class OpenedRun(NamedTuple):
    """A run to open in the lab: its preset, and the step at which it ended."""

    file: PresetFile
    step: int


class SweepScreen(DismissOnce, Screen[OpenedRun | None]):
    """Dismisses with a run to open, or None.  It belongs to the screen's thread, and reads the results itself.

    Args:
        view: where the user looked the last time; None: the first time.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = list(SWEEP_KEYS)
    DEFAULT_CSS = """
    SweepScreen {
        #title { background: $panel; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        #sweep {
            border: round $primary;
            border-title-color: $foreground;
            border-subtitle-color: $foreground 70%;
            border-title-style: none;
            padding: 0 1;
            height: 1fr;
        }
        #readout { height: 2; padding: 0 1; }
    }
    """

    def __init__(
        self,
        source: SweepSource,
        view: SweepView | None,
        keys: Keymap,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__()
        self._source, self._keys = source, keys
        self.seen = view or SweepView.first(source.data)
        self._rate = ArrivalRate(clock)
        self._problem = ""
        self._table: SweepTable | None = None

    @property
    def data(self) -> SweepData:
        """The runs so far."""
        return self._source.data

    def compose(self) -> ComposeResult:
        yield _line("title")
        with Vertical(id="sweep"):
            yield SweepChart()
        yield _line("readout")
        yield Footer(self._keys.bound(SWEEP_KEYS), SWEEP_SPARE)

    def on_mount(self) -> None:
        self._timer = self.set_interval(EVERY, self.look_again)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._show())
        self._show()

    def on_resize(self) -> None:
        self._show()

    # The results as they grow.

    def look_again(self) -> None:
        """Read the runs that are new, and show them."""
        try:
            count = self._source.read()
        except RnnTuiError as error:
            self._timer.pause()
            self._problem = "cannot be read further"
            self.app.notify(str(error), severity="error", markup=False, timeout=12)
            count = 0
        self._rate.arrived(count)
        if count:
            self._table = None
            self._show()
        else:
            self._show_title()

    # What is shown.

    def look(self, view: SweepView) -> None:
        """Show another view."""
        if (view.drawing, view.lane) != (self.seen.drawing, self.seen.lane):
            self._table = None
        self.seen = view
        self._show()

    @property
    def table(self) -> SweepTable:
        """The rows of the table that is shown."""
        if self._table is None:
            self._table = table_of(self.data, self.seen)
        return self._table

    def _show(self) -> None:
        if not self.is_mounted:
            return
        small = self.app.size.width < LEAST.width or self.app.size.height < LEAST.height
        self.query_one("#sweep").display = not small
        self._show_title()
        said = f"A sweep needs {LEAST.width} × {LEAST.height} characters; {self._keys.printed('sweep.close')}: the lab."
        if not small:
            self.seen = view = settled(self.data, self.seen, self.table if self.seen.drawing in TABLES else None)
            data = self.data
            frame = self.query_one("#sweep")
            frame.border_title = Content(heading(data, view))
            frame.border_subtitle = Content(self._hint())
            table = self.table if view.drawing in TABLES else None
            self.query_one(SweepChart).show(partial(draw_sweep, data, view, table=table))
            said = readout(data, view)
        line, width = self.query_one("#readout", TextLine), max(20, self.app.size.width - 2)
        line.styles.height = rows = 2 if width >= BROAD else 3
        text = shortened_to(canvas_of(self.app).spell(said), width, rows)
        line.say(Content.styled(text, palette_of(self.app).text))

    def _show_title(self) -> None:
        colors, width = palette_of(self.app), self.app.size.width
        progress = self._problem or progress_text(
            self.data, self._rate.left(self.data.total - len(self.data.runs)), self._rate.idle()
        )
        room = width - len(BRAND) - len(progress) - 3
        title = cut(self.data.title(), room)
        gap = " " * max(2, width - len(BRAND) - len(title) - len(progress) - 1)
        parts = (BRAND, f"bold {colors.text}"), (title, "bold"), (f"{gap}{progress}", colors.muted)
        self.query_one("#title", TextLine).say(Content.assemble(*parts))

    def _hint(self) -> str:
        """Return which keys change the value of a key that is not on the axes, or the order of a table."""
        view, say = self.seen, self._keys.say
        if view.drawing in TABLES:
            return say("{sweep.sort} {sweep.sort_back}: sort · {sweep.reverse}: reverse")
        keys = {"{sweep.up} {sweep.down}": view.down if view.drawing == CURVES else "",
                "{sweep.third_before} {sweep.third_after}": self._third()}  # fmt: skip
        return say(BETWEEN.join(f"{pair}: {self.data.axes[key].name}" for pair, key in keys.items() if key))

    def _third(self) -> str:
        """Return the key whose value the brackets change: the one that is split, or the first that is fixed."""
        data, view = self.data, self.seen
        others = [key for key in view.fixed(data) if key not in (LANES, view.down) and len(data.axes[key]) > 1]
        return view.split or next(iter(others), "")

    # Keys.

    def action_move(self, across: int, down: int) -> None:
        if self.seen.drawing in TABLES:
            self._to_row(across - down)
        else:
            self.look(self.seen.moved(self.data, across, -down if self._downward else down))

    @property
    def _downward(self) -> bool:
        """Return whether later values of the vertical axis are drawn below earlier ones."""
        return bool(self.seen.down) and not self.data.axes[self.seen.down].numeric

    def action_page(self, way: int) -> None:
        if self.seen.drawing in TABLES:
            self._to_row(way * max(1, self.query_one(SweepChart).size.height - 2))

    def _to_row(self, by: int) -> None:
        """Move the cursor of the table."""
        self.seen = self.table.moved(self.seen, by)
        self._show()

    def action_third(self, way: int) -> None:
        self.look(self.seen.stepped(self.data, self._third(), way))

    def action_drawing(self) -> None:
        self.look(self.seen.with_drawing(self.data))

    def action_measure(self) -> None:
        view = self.seen
        if view.drawing in TABLES:
            return
        self.look(view.with_measure(self.data))

    def action_lane(self) -> None:
        lanes = len(self.data.outline.lanes)
        if LANES in self.data.axes:
            self.look(self.seen.to({LANES: (self.seen.lane + 1) % lanes}))

    def action_split(self) -> None:
        if self.seen.drawing not in TABLES:
            self.look(self.seen.with_split(self.data))

    def action_axis(self, side: str) -> None:
        if self.seen.drawing not in TABLES:
            self.look(self.seen.with_axis(self.data, side))

    def action_log(self) -> None:
        self.look(replace(self.seen, log=not self.seen.log))

    def action_sort(self, way: int) -> None:
        if self.seen.drawing in TABLES:
            titles = ["", *self.table.titles]
            at = titles.index(self.seen.sort) if self.seen.sort in titles else 0
            self.look(replace(self.seen, sort=titles[(at + way) % len(titles)]))

    def action_reverse(self) -> None:
        if self.seen.drawing in TABLES:
            self.look(replace(self.seen, falling=not self.seen.falling))

    # Runs.

    def action_run(self) -> None:
        data, view = self.data, self.seen
        if view.drawing == RUNS:
            runs = [run for run in self.table.runs if run["index"] == view.run]
        else:
            runs = sorted(data.at(view.place), key=self._rank)
        if not runs:
            self.app.notify("no run has finished at this point yet", markup=False)
        elif len(runs) == 1:
            self._open(runs[0])
        else:
            title = f"Runs at {data.point_name(view.place)}" if data.keys else "Runs"
            self.app.push_screen(RunDialog(title, runs, list(map(self._described, runs)), self._keys), self._chosen)

    def _rank(self, run: Row) -> tuple[bool, float, int]:
        """Return what the runs at a point are sorted by: the held-out loss of the lane."""
        loss = LOSS.value(run, self.seen.lane)
        return run["end"] in FAULTS, float("inf") if loss is None else loss, int(run["index"])

    def _described(self, run: Row) -> str:
        """Return the seed of a run and its results in a line."""
        seed = self.data.run_name(run).rpartition(", ")[2]
        results = [
            f"{measure.title} {number_text(measure, value)}"
            for measure in self.data.measures
            if not measure.share and (value := measure.value(run, self.seen.lane)) is not None
        ]
        end = [str(run["end"])] if run["end"] in FAULTS else []
        return cut(" · ".join([f"{seed:<9}", *end, *results]), 78)

    def _chosen(self, run: Row | None) -> None:
        if run is not None:
            self._open(run)

    def _open(self, run: Row) -> None:
        try:
            file = self._source.preset_of(run)
        except RnnTuiError as error:
            self.app.notify(str(error), severity="error", markup=False, timeout=12)
        else:
            self.dismiss(OpenedRun(file, int(run["step"])))

    # Everything else.

    def action_export(self) -> None:
        self.app.push_screen(SweepExportDialog(self._keys), self._export)

    def _export(self, choice: str | None) -> None:
        if choice is None:
            return
        stem = f"{self._source.plan.name}-sweep"
        try:
            if choice in (POINTS_CSV, RUNS_CSV):
                name, contents = f"{stem}-{choice}", csv_of(self.data, choice)
            else:
                form, _, dark = choice.partition("-")
                size = Size(max(PICTURE.width, self.app.size.width), max(PICTURE.height, self.app.size.height))
                picture = sweep_picture(self.data, self.seen, size, bool(dark))
                name, contents = f"{stem}-{self.seen.drawing}.{form}", encoded(picture, form)
            path = atomic_write.write_beside(working_folder() / name, contents)
            self.app.notify(f"saved as {escaped(str(path))}", markup=False)
        except RnnTuiError as error:
            self.app.notify(str(error), severity="error", markup=False, timeout=12)

    def action_help(self) -> None:
        self.app.push_screen(SweepHelpDialog(self._keys))

    def action_close(self) -> None:
        if self.is_active:
            self.dismiss(None)

    async def action_quit(self) -> None:
        await self.app.action_quit()


def _line(name: str) -> TextLine:
    line = TextLine()
    line.id = name
    return line
