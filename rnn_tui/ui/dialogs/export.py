"""The dialogs in which the user chooses what to export, and how to draw a picture; only flows.py imports them."""

from typing import ClassVar, NamedTuple, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.input.bindings import CANCEL_KEYS
from rnn_tui.ui.input.keymap import DEFAULT_KEYMAP, Keymap
from rnn_tui.ui.panels.declaration import PanelDeclaration
from rnn_tui.ui.render.picture_formats import FORMATS, is_available
from rnn_tui.ui.widgets.option_list import ChoiceList

PICTURES = ("picture", "panel")
CHOICES = {
    "picture": ("Screen", "a picture of the screen: SVG, PNG or PDF, light or dark"),
    "panel": ("Panel", "a picture of panel {} alone, likewise"),
    "command": ("Command line", "the current settings, copied to the clipboard"),
    "pytorch": ("PyTorch", "a state dict of each lane, and a script that loads it"),
    "numpy": ("NumPy", "a self-contained script of each lane"),
    "csv": ("CSV", "training loss, held-out loss and gradient norm by step"),
    "npz": ("Arrays", "hidden states, gates and outputs on held-out sequences, .npz"),
}
FOLDER = "Files are written to the folder in which the lab was started."
EXTRA = "needs: pip install 'rnn-tui[figures]'"
USES = {
    "svg": "opens in browsers, and stays sharp at every size",
    "png": "for slides and documents",
    "pdf": "for print, and for LaTeX",
}


class PictureKind(NamedTuple):
    """The format of a picture, one of FORMATS, and whether its ground is dark."""

    form: str
    dark: bool


Chosen = TypeVar("Chosen")


class ChoiceDialog(Dialog[Chosen | None]):
    """A list of choices; dismisses with the one that is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = list(CANCEL_KEYS)

    def __init__(self, title: str, choices: dict[Chosen, tuple[str, str]], keys: Keymap) -> None:
        super().__init__(keys)
        self._title, self._choices = title, choices

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog export") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = self.hint("{list.up}{list.down} choose · enter: export · {dialog.cancel}: cancel")
            yield Static(FOLDER, classes="about", markup=False)
            yield ChoiceList(
                *(Option(Content.assemble((f"{name:<14}", "bold"), (about, "dim")))
                  for name, about in self._choices.values())
            )  # fmt: skip

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(list(self._choices)[event.option_index])


class ExportDialog(ChoiceDialog[str]):
    """Dismisses with a key of CHOICES; that of a panel is there if one is active."""

    def __init__(self, panel: PanelDeclaration | None = None, keys: Keymap = DEFAULT_KEYMAP) -> None:
        heading = panel.heading if panel else ""
        there = {key: (name, about.format(heading)) for key, (name, about) in CHOICES.items()}
        if panel is None:
            del there["panel"]
        super().__init__("Export", there, keys)


class PictureDialog(ChoiceDialog[PictureKind]):
    """Dismisses with the kind of a picture of a panel, or of the screen."""

    def __init__(self, panel: PanelDeclaration | None = None, keys: Keymap = DEFAULT_KEYMAP) -> None:
        choices = {
            PictureKind(form, dark): (
                f"{form.upper()}, {'dark' if dark else 'light'}",
                USES[form] if is_available(form) else EXTRA,
            )
            for form in FORMATS
            for dark in (False, True)
        }
        of = f"panel {panel.heading}" if panel else "the screen"
        super().__init__(f"Picture of {of}", choices, keys)
