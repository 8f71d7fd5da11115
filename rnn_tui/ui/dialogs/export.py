"""The dialog in which the user chooses what to export; only flows.py imports it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.input.bindings import CANCEL_KEYS
from rnn_tui.ui.widgets.option_list import ChoiceList

CHOICES = {
    "picture": ("Picture", "the screen as SVG"),
    "command": ("Command line", "the current settings, copied to the clipboard"),
    "pytorch": ("PyTorch", "a state dict of each lane, and a script that loads it"),
    "numpy": ("NumPy", "a self-contained script of each lane"),
    "csv": ("CSV", "training loss, held-out loss and gradient norm by step"),
    "npz": ("Arrays", "hidden states, gates and outputs on held-out sequences, .npz"),
}


class ExportDialog(Dialog[str | None]):
    """Dismisses with a key of CHOICES."""

    BINDINGS: ClassVar[list[BindingType]] = list(CANCEL_KEYS)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog export") as dialog:
            dialog.border_title = "Export"
            dialog.border_subtitle = self.hint("{list.up}{list.down} choose · enter: export · {dialog.cancel}: cancel")
            yield Static("Files are written to the folder in which the lab was started.", classes="about", markup=False)
            yield ChoiceList(
                *(Option(Content.assemble((f"{name:<14}", "bold"), (about, "dim")), id=key)
                  for key, (name, about) in CHOICES.items())
            )  # fmt: skip

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)
