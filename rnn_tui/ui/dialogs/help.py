"""The help: the panel one is in, every key, and what the other panels mean."""

from textwrap import indent, wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.dialogs.help_texts import PANELS, Meaning
from rnn_tui.ui.input.bindings import CONTROLS_KEYS, HELP_KEYS, KEYS, PANEL_KEYS, PLACES
from rnn_tui.ui.input.key_names import key_names
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.render.terminal_capabilities import Canvas, canvas_of
from rnn_tui.ui.widgets.option_list import Reading

INDENT = 18  # columns before what a key does
WIDEST = 88  # columns of text
AROUND = 7  # columns of border, padding and scroll bar
COLOURS = (
    "With 256 colours and more, blue is negative and orange positive. With sixteen, NO_COLOR or --ascii the heat map "
    "says it by glyphs: flat strokes are negative, crosses positive, and the more ink the further from zero; a dot, or "
    "nothing, is near it. Curves end in the names of their lanes or in the marks * o + x, which they bear all along "
    "where colours are few. Wrong colours over SSH: export "
    "COLORTERM=truecolor. No blocks or dots in the font: rnn-tui --ascii. The theme rnn-tui-contrast (ctrl+p) has the "
    "highest contrast."
)
BEGIN = "Step 0 is untrained: walk through time with {look.later}, then train with {run.play} and look for the floors."


class HelpDialog(Dialog[None]):
    """``keys``: those in force. ``number``: of the panel one is in, 0 for none."""

    BINDINGS: ClassVar[list[BindingType]] = list(HELP_KEYS)

    def __init__(self, keys: Keymap, number: int = 0) -> None:
        super().__init__(keys)
        self._number = number
        self._lab = keys.bound(KEYS)
        self._canvas = Canvas()

    def compose(self) -> ComposeResult:
        with Reading(classes="dialog help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = self.hint("{list.up}{list.down} scroll · {help.close}: close")
            yield Static()

    def on_resize(self) -> None:
        """Keys are explained in a column of their own, so the text depends on the width."""
        self._canvas = canvas_of(self.app)
        width = min(WIDEST, self.app.size.width * 96 // 100 - AROUND)
        self.query_one(".dialog Static", Static).update(self._content(width))

    def _content(self, width: int) -> Content:
        here = [panel for panel in PANELS[self._number - 1 : self._number] if self._number]
        others = [panel for panel in PANELS if panel not in here]
        return Content("\n").join([
            *(line for panel in here for line in self._at_length(panel, width)),
            Content.styled("Watch a net with memory and one without learn the same sequences.", "bold"),
            Content(self._say(f"{BEGIN}\n")),
            Content.styled("Keys", "bold $primary"),
            *self._rows(width),
            Content.styled("\nOther panels" if here else "\nPanels", "bold $primary"),
            *(line for panel in others for line in self._in_short(panel)),
            *(line for place in [*PLACES][1:] for line in self._elsewhere(place, width)),
            Content.styled("Colours", "bold $primary"),
            Content(COLOURS),
        ])  # fmt: skip

    def _say(self, text: str) -> str:
        """With the keys in force, and the characters that there are."""
        return self._canvas.spell(self._keys.say(text))

    def _rows(self, width: int) -> list[Content]:
        """Keys, and what they do; those of the six panels on one line, where they are the usual ones."""
        keys = self._keys
        usual = not any(name.startswith("look.panel_") for name in keys.changed)
        shown = [b for b in self._lab if not (usual and b.action.startswith("panel("))]
        rows = [(key_names(binding), _about(binding)) for binding in [*shown, *keys.bound(PANEL_KEYS)]]
        if usual:
            rows.append(("1 … 6", self._say("Go to a panel; with {look.zoom} it gets the whole screen")))
        rows.append(("ctrl+p", "Find any of these by its name, or a preset by its title"))
        return [_row(*row, width) for row in rows]

    def _elsewhere(self, place: str, width: int) -> list[Content]:
        """The keys of the controls, of slow motion and of dialogs."""
        rows = [_row(key_names(binding), _about(binding), width) for binding in self._keys.bound(PLACES[place])]
        return [Content.styled(f"Keys {place[0].lower()}{place[1:]}", "bold $primary"), *rows, Content("")]

    def _at_length(self, panel: Meaning, width: int) -> list[Content]:
        """The panel one is in, with the keys that are of use there."""
        by_id = {binding.id: binding for binding in self._keys.bound([*KEYS, *PANEL_KEYS, *CONTROLS_KEYS])}
        keys = ((key_names(by_id[ident]), _about(by_id[ident])) for ident in panel.actions)
        return [
            Content.styled(panel.heading, "bold $primary"),
            Content(self._say(panel.says)),
            Content.assemble("\n", (_formula(panel), "bold $accent"), "\n"),
            *(_row(names, about, width) for names, about in (*keys, *panel.mouse)),
            *([Content(f"\n{self._say(panel.more)}")] if panel.more else []),
            Content(""),
        ]

    def _in_short(self, panel: Meaning) -> list[Content]:
        said = self._say(f"{panel.says} {panel.more}").rstrip()
        return [Content.assemble((f"{panel.heading}  ", "bold"), said, "\n", (_formula(panel), "$accent"), "\n")]


def _about(binding: Binding) -> str:
    return binding.tooltip or binding.description


def _row(keys: str, about: str, width: int) -> Content:
    first, *more = wrap(about, max(20, width - INDENT))
    return Content.assemble(
        (f"  {keys:<{INDENT - 4}}  ", "bold"), "\n".join([first, *(" " * INDENT + line for line in more)])
    )


def _formula(panel: Meaning) -> str:
    return indent(panel.formula, "  ")
