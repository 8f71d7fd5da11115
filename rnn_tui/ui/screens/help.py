"""The help: the panel one is in, every key, and what the other panels mean."""

from collections.abc import Iterable
from textwrap import indent, wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rnn_tui.ui.screens.meaning import PANELS, READ, Meaning

INDENT = 12  # columns before what a key does
WIDEST = 84  # columns of text
AROUND = 7  # columns of border, padding and scroll bar
NAMES = {
    "question_mark": "?", "plus": "+", "minus": "−", "less_than_sign": "<", "greater_than_sign": ">", "left": "←",
    "left_square_bracket": "[", "right_square_bracket": "]", "left_curly_bracket": "{", "right_curly_bracket": "}",
    "escape": "esc", "right": "→", "up": "↑", "down": "↓", "equals_sign": "=",
}  # fmt: skip


def key_names(binding: Binding) -> str:
    """``plus,equals_sign`` as ``+ =``"""
    return " ".join(NAMES.get(key, key) for key in binding.key.split(","))


class Help(ModalScreen[None]):
    """``bindings``: every key of the lab. ``number``: of the panel one is in, 0 for none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter", "dismiss(None)", "Close")]

    def __init__(self, bindings: Iterable[Binding], number: int = 0) -> None:
        super().__init__()
        self._keys = list(bindings)
        self._number = number

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "↑↓ scroll · esc: close"
            yield Static()

    def on_resize(self) -> None:
        """Keys are explained in a column of their own, so the text depends on the width."""
        self.query_one(Static).update(self._content(min(WIDEST, self.app.size.width * 96 // 100 - AROUND)))

    def _content(self, width: int) -> Content:
        here = [panel for panel in PANELS[self._number - 1 : self._number] if self._number]
        others = [panel for panel in PANELS if panel not in here]
        return Content("\n").join([
            *(line for panel in here for line in self._at_length(panel, width)),
            Content.styled("Watch a net with memory and one without learn the same sequences.", "bold"),
            Content("Step 0 is untrained: walk through time with →, then train with space and look for the floors.\n"),
            Content.styled("Keys", "bold $primary"),
            *(_row(key_names(binding), _about(binding), width) for binding in self._keys
              if not binding.action.startswith("panel(")),  # six keys, one line
            _row("1 … 6", "Go to a panel; with z it gets the whole screen", width),
            _row(*READ, width),
            _row("ctrl+p", "Find any of these by its name, or a preset by its title", width),
            Content.styled("\nOther panels" if here else "\nPanels", "bold $primary"),
            *(line for panel in others for line in _in_short(panel)),
        ])  # fmt: skip

    def _at_length(self, panel: Meaning, width: int) -> list[Content]:
        """The panel one is in, with the keys that are of use there."""
        by_id = {binding.id: binding for binding in self._keys}
        lab = ((key_names(by_id[ident]), _about(by_id[ident])) for ident in panel.actions)
        return [
            Content.styled(panel.heading, "bold $primary"),
            Content(panel.says),
            Content.assemble("\n", (_formula(panel), "bold $accent"), "\n"),
            *(_row(keys, about, width) for keys, about in (*panel.keys, *lab, *panel.mouse)),
            *([Content(f"\n{panel.more}")] if panel.more else []),
            Content(""),
        ]


def _about(binding: Binding) -> str:
    return binding.tooltip or binding.description


def _row(keys: str, about: str, width: int) -> Content:
    first, *more = wrap(about, max(20, width - INDENT))
    return Content.assemble((f"  {keys:<10}", "bold"), "\n".join([first, *(" " * INDENT + line for line in more)]))


def _in_short(panel: Meaning) -> list[Content]:
    said = f"{panel.says} {panel.more}".rstrip()
    return [Content.assemble((f"{panel.heading}  ", "bold"), said, "\n", (_formula(panel), "$accent"), "\n")]


def _formula(panel: Meaning) -> str:
    return indent(panel.formula, "  ")
