"""The preset picker: a list, and what the highlighted experiment asks."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from rnn_tui.lanes import FeedForwardLane
from rnn_tui.library import Entry, entries


class Picker(ModalScreen[Entry | None]):
    """Dismisses with the chosen entry; a broken preset shows its problem and cannot be chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,p,q", "dismiss(None)", "Cancel")]

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current
        self._entries = entries()

    def compose(self) -> ComposeResult:
        with Horizontal(classes="dialog picker") as dialog:
            dialog.border_title = "Presets"
            dialog.border_subtitle = "↑↓ choose · enter: open · esc: cancel"
            yield OptionList(*(Option(self._line(entry)) for entry in self._entries), markup=False)
            with VerticalScroll(can_focus=False):
                yield Static()

    def on_mount(self) -> None:
        names = [entry.name for entry in self._entries]
        choices = self.query_one(OptionList)
        choices.highlighted = names.index(self._current) if self._current in names else 0
        choices.focus()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.query_one(Static).update(_about(self._entries[event.option_index]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        entry = self._entries[event.option_index]
        if not entry.problem:
            self.dismiss(entry)

    @staticmethod
    def _line(entry: Entry) -> str:
        return f"{'!' if entry.problem else ' '} {entry.name}{'  (own)' if entry.own else ''}"


def _about(entry: Entry) -> Content:
    if entry.preset is None:
        return Content.assemble(("It cannot be opened:\n\n", "bold $error"), entry.problem)
    preset = entry.preset
    lanes = [
        f"  {name}: {lane.kind} {lane.net}"
        + (f", window {lane.window}" if isinstance(lane, FeedForwardLane) else f", {lane.initializer} × {lane.gain:g}")
        for name, lane in zip(preset.names, preset.lanes, strict=True)
    ]
    return Content.assemble(
        (f"{preset.title or entry.name}\n\n", "bold"),
        (f"{preset.question}\n\n", "$primary"),
        f"{preset.expect}\n\n",
        (
            f"task {preset.task.kind}, length {preset.training.sequence_length}, {preset.training.steps:,} steps\n",
            "dim",
        ),
        ("\n".join(lanes), "dim"),
    )
