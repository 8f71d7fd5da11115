"""The list of findings: what is wrong with the nets or limits them, and what may help; only flows.py imports it."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.preset import Preset
from rnn_tui.session.findings.base import EARLY, Finding, Kind, Remedy
from rnn_tui.session.findings.report import Report
from rnn_tui.session.findings.sentences import NOTHING, observed
from rnn_tui.session.findings.trial import trial
from rnn_tui.ui.dialogs.base import ScrollingDialog
from rnn_tui.ui.panels.setting_text import moved
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.render.terminal_capabilities import canvas_of
from rnn_tui.ui.widgets.option_list import ChoiceList

FOLLOW = 0.1  # seconds between two looks for the report
KINDS: dict[Kind, str] = {"fault": "wrong", "limit": "limit", "done": "done"}
HINT = "{dialog.read_up} {dialog.read_on}: scroll · {dialog.cancel}: close"
SHORT_HINT = "{dialog.read_up} {dialog.read_on} · {dialog.cancel}: close"
TRY, SHORT_TRY = "enter: try the remedy · ", "enter: try · "  # before the hint, where there is a remedy
MANY_ROWS = 30  # from which there is room for empty lines
NARROW = 80  # columns below which the hint is short


class FindingsDialog(ScrollingDialog[Remedy | None]):
    """Lists one report, so that the text does not change during reading.  Dismisses with the remedy to try.

    Args:
        look: looks at the newest frame, unless its report is known.
        read: called when the report is listed.
    """

    AUTO_FOCUS = "ChoiceList"
    BINDINGS: ClassVar[list[BindingType]] = []
    VERTICAL_BREAKPOINTS = [(0, "-low"), (MANY_ROWS, "-high")]  # noqa: RUF012

    def __init__(self, shown: ViewAccess, look: Callable[[], object], read: Callable[[], object]) -> None:
        super().__init__(shown.seen.keys)
        self._shown, self._look, self._read = shown, look, read
        self._frame, self._before = shown.seen.frame, shown.seen.findings
        self.report: Report | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog findings") as dialog:
            dialog.border_title = "Findings"
            self._hint(dialog)
            yield Static(f"looking at step {self._frame.step:,} …", id="when", markup=False)
            yield ChoiceList(markup=False)
            with VerticalScroll(can_focus=False):
                yield Static(id="what")

    def _hint(self, dialog: Vertical, remedy: Remedy | None = None) -> None:
        """Show the keys that do something while a finding with this remedy is selected."""
        try_it, keys = (TRY, HINT) if self.app.size.width >= NARROW else (SHORT_TRY, SHORT_HINT)
        dialog.border_subtitle = self.hint(f"{try_it if remedy else ''}{keys}")

    def on_mount(self) -> None:
        self._look()
        self._timer = self.set_interval(FOLLOW, self._follow)
        self._follow()

    def _follow(self) -> None:
        """List the report of the frame, or the first one after it."""
        found = self._shown.seen.findings
        records = [lane.record for lane in self._frame.lanes if lane.record is not None]
        if self.report is None and found is not None and (found is not self._before or found.is_of(records)):
            self.report = found
            self._timer.stop()
            self._read()
            self._list(found)

    def _list(self, report: Report) -> None:
        self.query_one("#when", Static).update(when(report))
        choices = self.query_one(ChoiceList)
        choices.set_options(Option(line(report, found), id=str(number)) for number, found in enumerate(report.found))
        choices.display = bool(report.found)
        if report.found:
            choices.highlighted = 0
            choices.focus()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        view = self._shown.seen
        found = self._finding(event.option)
        self._hint(self.query_one(".dialog", Vertical), found.remedy)
        tries = tried(view.frame.preset, found.remedy, view.frame.step)
        spell = canvas_of(self.app).spell
        parts = [Content(spell(observed(found)))]
        if found.remedy:
            parts.append(Content.assemble(("Remedy: ", "bold"), spell(found.remedy.said)))
        parts.append(Content.styled(spell(self._keys.say(tries)), "$foreground 70%"))
        self.query_one("#what", Static).update(Content("\n\n").join(parts))
        self.query_one(".dialog VerticalScroll", VerticalScroll).scroll_home(animate=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        remedy = self._finding(event.option).remedy
        if remedy is not None and self.is_active:  # a held key tries it once
            self.dismiss(remedy)

    def _finding(self, option: Option) -> Finding:
        assert self.report is not None
        return self.report.found[int(option.id or 0)]


def when(report: Report) -> str:
    """Return of which step a report is, and that it is empty."""
    step = f"at step {report.step:,}"
    if report.found:
        return step
    nothing = f"{step}: {NOTHING[0].lower()}{NOTHING[1:]}"
    return f"{nothing} Most of them wait until step {EARLY}." if report.step < EARLY else nothing


def line(report: Report, finding: Finding) -> str:
    """Return a finding as a line of the list."""
    return f"{KINDS[finding.kind]:<6} {report.label(finding)}: {finding.rule}"


def tried(preset: Preset, remedy: Remedy | None, step: int) -> str:
    """Return what ``enter`` does with a remedy at a step; ``{file.undo}`` stands for the key."""
    if remedy is None:
        return "There is no setting to try."
    try:
        after, way, goal = trial(preset, remedy, step)
    except RnnTuiError:
        return "The settings have changed; this remedy no longer fits."
    if after == preset:
        return "The settings have this value already."
    if way == "longer":
        return f"enter trains up to step {goal:,}."
    does = f"enter sets {moved(preset, after)}"
    if not step:
        return f"{does}. {{file.undo}} undoes it."
    does += f" from step {step:,} on" if way == "edit" else f", restarts, and trains up to step {step:,}"
    return f"{does}. The present run stays in the loss chart as a curve. {{file.undo}} restores it."
