"""The dialog in which the user chooses the kind of a new lane; only flows.py imports it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from rnn_tui.engine.architecture import Architecture
from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.models import FeedForwardModel
from rnn_tui.presets.lane_settings import LANES
from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.input.bindings import CANCEL_KEYS
from rnn_tui.ui.widgets.option_list import ChoiceList


class AddLaneDialog(Dialog[str | None]):
    """Dismisses with a kind of LANES."""

    BINDINGS: ClassVar[list[BindingType]] = list(CANCEL_KEYS)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog export") as dialog:
            dialog.border_title = "Add a lane"
            dialog.border_subtitle = self.hint("{list.up}{list.down} choose · enter: add · {dialog.cancel}: cancel")
            yield Static(
                "It gets the settings that it has in common with the selected lane, and initial weights of its own.",
                classes="about",
                markup=False,
            )
            yield ChoiceList(
                *(Option(Content.assemble((f"{kind:<14}", "bold"), (_phrase(kind), "dim")), id=kind) for kind in LANES)
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


def _phrase(kind: str) -> str:
    architecture: type[Architecture] = CELLS.get(kind, FeedForwardModel)
    return architecture.phrase
