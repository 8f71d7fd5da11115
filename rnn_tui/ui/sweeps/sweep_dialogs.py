"""The dialogs in which the user chooses what to export of a sweep, and which of several runs to open."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from rnn_tui.experiments.jobs import Row
from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.dialogs.export import EXTRA, USES, ChoiceDialog
from rnn_tui.ui.input.bindings import CANCEL_KEYS
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.render.picture_formats import FORMATS, is_available
from rnn_tui.ui.sweeps.sweep_csv import POINTS_CSV, RUNS_CSV
from rnn_tui.ui.widgets.option_list import ChoiceList


class SweepExportDialog(ChoiceDialog[str]):
    """Dismisses with ``points.csv``, ``runs.csv``, or ``svg``, ``svg-dark``, ``png``, ….."""

    def __init__(self, keys: Keymap) -> None:
        choices = {
            f"{form}{'-dark' if dark else ''}": (
                f"{form.upper()}, {'dark' if dark else 'light'}",
                f"the drawing; {USES[form]}" if is_available(form) else EXTRA,
            )
            for form in FORMATS
            for dark in (False, True)
        }
        choices[POINTS_CSV] = "CSV, points", "medians, quartiles and counts of each point and lane"
        choices[RUNS_CSV] = "CSV, runs", "the result of each run and lane"
        super().__init__("Export the sweep", choices, keys)


class RunDialog(Dialog[Row | None]):
    """Asks which of the runs at a point to open, the best one first.

    Args:
        texts: what is said of each run.
    """

    BINDINGS: ClassVar[list[BindingType]] = list(CANCEL_KEYS)

    def __init__(self, title: str, runs: Sequence[Row], texts: Sequence[str], keys: Keymap) -> None:
        super().__init__(keys)
        self._title, self._runs, self._texts = title, runs, texts

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog export") as dialog:
            dialog.border_title = Content(self._title)
            dialog.border_subtitle = self.hint("{list.up}{list.down} choose · enter: open · {dialog.cancel}: cancel")
            yield ChoiceList(*(Option(Content(text)) for text in self._texts))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._runs[event.option_index])
