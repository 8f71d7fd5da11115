"""The help: the panel one is in, every key, and what the other panels mean."""

from textwrap import indent, wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.input.bindings import HELP_KEYS, PANEL_KEYS, lab_keys, named, places
from rnn_tui.ui.input.key_names import key_names
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.panels.declaration import PanelDeclaration
from rnn_tui.ui.panels.registry import declarations
from rnn_tui.ui.render.terminal_capabilities import Canvas, canvas_of
from rnn_tui.ui.widgets.option_list import TextPane

INDENT = 18  # columns before what a key does
WIDEST = 88  # columns of text
AROUND = 7  # columns of border, padding and scroll bar
COLORS = (
    "With 256 colors and more, blue is negative and orange positive. With sixteen, NO_COLOR or --ascii the heat map "
    "says it by glyphs: flat strokes are negative, crosses positive, and the more ink the further from zero; a dot, or "
    "nothing, is near it. Curves end in the names of their lanes or in the marks * o + x, which they bear all along "
    "where colors are few. Wrong colors over SSH: export "
    "COLORTERM=truecolor. No blocks or dots in the font: rnn-tui --ascii. The theme rnn-tui-contrast (ctrl+p) has the "
    "highest contrast."
)
BEGIN = "Step 0 is untrained: walk through time with {look.later}, then train with {run.play} and look for the floors."


class HelpDialog(Dialog[None]):
    """``keys``: those in force. ``panel``: the name of the one that has the focus; empty: none has."""

    BINDINGS: ClassVar[list[BindingType]] = list(HELP_KEYS)

    def __init__(self, keys: Keymap, panel: str = "") -> None:
        super().__init__(keys)
        self._panel = panel
        self._lab = keys.bound(lab_keys())
        self._canvas = Canvas()

    def compose(self) -> ComposeResult:
        with TextPane(classes="dialog help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = self.hint("{list.up}{list.down} scroll · {help.close}: close")
            yield Static()

    def on_resize(self) -> None:
        """Keys are explained in a column of their own, so the text depends on the width."""
        self._canvas = canvas_of(self.app)
        width = min(WIDEST, self.app.size.width * 96 // 100 - AROUND)
        self.query_one(".dialog Static", Static).update(self._content(width))

    def _content(self, width: int) -> Content:
        here = [panel for panel in declarations() if panel.name == self._panel]
        others = [panel for panel in declarations() if panel not in here]
        return Content("\n").join([
            *(line for panel in here for line in self._at_length(panel, width)),
            Content.styled("Watch a net with memory and one without learn the same sequences.", "bold"),
            Content(self._say(f"{BEGIN}\n")),
            Content.styled("Keys", "bold $primary"),
            *self._rows(width),
            Content.styled("\nOther panels" if here else "\nPanels", "bold $primary"),
            *(line for panel in others for line in self._in_short(panel)),
            *(line for place in [*places()][1:] for line in self._elsewhere(place, width)),
            Content.styled("Colors", "bold $primary"),
            Content(COLORS),
        ])  # fmt: skip

    def _say(self, text: str) -> str:
        """With the keys in force, and the characters that there are."""
        return self._canvas.spell(self._keys.say(text))

    def _rows(self, width: int) -> list[Content]:
        """Keys, and what they do; those of the panels on one line, where they are the usual ones."""
        keys = self._keys
        default = not any(name.startswith("look.panel_") for name in keys.changed)
        shown = [b for b in self._lab if not (default and b.action.startswith("panel("))]
        rows = [(key_names(binding), _about(binding)) for binding in [*shown, *keys.bound(PANEL_KEYS)]]
        if default:
            numbers = sorted(panel.number for panel in declarations())
            rows.append(
                (f"{numbers[0]} … {numbers[-1]}", self._say("Go to a panel; with {look.zoom} it gets the whole screen"))
            )
        rows.append(("ctrl+p", "Find any of these by its name, or a preset by its title"))
        return [_row(*row, width) for row in rows]

    def _elsewhere(self, place: str, width: int) -> list[Content]:
        """The keys of the controls, of slow motion and of dialogs."""
        rows = [_row(key_names(binding), _about(binding), width) for binding in self._keys.bound(places()[place])]
        return [Content.styled(f"Keys {place[0].lower()}{place[1:]}", "bold $primary"), *rows, Content("")]

    def _at_length(self, panel: PanelDeclaration, width: int) -> list[Content]:
        """The panel one is in, with the keys that are of use there."""
        bindings = self._keys.bound([named()[name] for name in panel.help.keys])
        keys = ((key_names(binding), _about(binding)) for binding in bindings)
        return [
            Content.styled(panel.heading, "bold $primary"),
            Content(self._say(panel.help.says)),
            Content.assemble("\n", (_formula(panel), "bold $accent"), "\n"),
            *(_row(names, about, width) for names, about in (*keys, *panel.help.mouse)),
            *([Content(f"\n{self._say(panel.help.more)}")] if panel.help.more else []),
            Content(""),
        ]

    def _in_short(self, panel: PanelDeclaration) -> list[Content]:
        said = self._say(f"{panel.help.says} {panel.help.more}").rstrip()
        return [Content.assemble((f"{panel.heading}  ", "bold"), said, "\n", (_formula(panel), "$accent"), "\n")]


def _about(binding: Binding) -> str:
    return binding.tooltip or binding.description


def _row(keys: str, about: str, width: int) -> Content:
    first, *more = wrap(about, max(20, width - INDENT))
    return Content.assemble(
        (f"  {keys:<{INDENT - 4}}  ", "bold"), "\n".join([first, *(" " * INDENT + line for line in more)])
    )


def _formula(panel: PanelDeclaration) -> str:
    return indent(panel.help.formula, "  ")
