"""The help: the preset, the current panel, every key, the other panels, and a glossary; with a search."""

from dataclasses import replace
from textwrap import indent, wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from rnn_tui.presets.preset import Preset
from rnn_tui.presets.search import contains, words_of
from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.glossary import Term, terms
from rnn_tui.ui.input.bindings import HELP_KEYS, PANEL_KEYS, lab_keys, moving, named, places
from rnn_tui.ui.input.key_names import key_names
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.panels.declaration import PanelDeclaration
from rnn_tui.ui.panels.registry import declarations
from rnn_tui.ui.render.terminal_capabilities import Canvas, canvas_of
from rnn_tui.ui.widgets.option_list import TextPane

INDENT = 18  # columns before the description of a key
WIDEST = 88  # columns of text
AROUND = 7  # columns of border, padding and scroll bar
COLORS = (
    "In heat maps, violet is negative and yellow is positive. Each lane has one of four other colors; green and ✓ are "
    "right, red and ✗ are wrong. With sixteen colors or fewer (or NO_COLOR, or --ascii), the heat map "
    "uses glyphs: flat strokes are negative, crosses are positive, a denser glyph is further from zero, and a dot or a "
    "blank is near zero. Curves end in the names of their lanes or in the marks * o + x; with few colors, the marks "
    "are also along the curves. If colors are wrong over SSH: export COLORTERM=truecolor. If the font has no blocks or "
    "dots: rnn-tui --ascii. The theme rnn-tui-contrast (ctrl+p) has the highest contrast."
)
BEGIN = "At step 0 the nets are untrained. Go through time with {look.later}, then train with {run.play}."


HINT = "{help.search} search · {help.words} words · {list.up}{list.down} scroll · {help.close} close"


class HelpDialog(Dialog[None]):
    """The help dialog.

    Args:
        panel: name of the panel with the focus, or empty.
        preset: the preset that is open, whose hints come first.
    """

    AUTO_FOCUS = "TextPane"
    BINDINGS: ClassVar[list[BindingType]] = list(HELP_KEYS)

    def __init__(self, keys: Keymap, panel: str = "", preset: Preset | None = None) -> None:
        super().__init__(keys)
        self._panel, self._preset = panel, preset
        self._lab = keys.bound(lab_keys())
        self._canvas = Canvas()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = self.hint(HINT)
            yield SearchInput(placeholder="type a word", compact=True)
            with TextPane():
                yield Static(id="about")
                yield Static(id="words")

    def on_mount(self) -> None:
        self.query_one(SearchInput).display = False

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        """Lay out the text for the width, because keys have a column of their own, or what the search has found."""
        self._canvas = canvas_of(self.app)
        width = min(WIDEST, self.app.size.width * 96 // 100 - AROUND)
        search = self.query_one(SearchInput)
        wanted = search.value if search.display else ""
        about, words = self.query_one("#about", Static), self.query_one("#words", Static)
        about.update(self.found(wanted, width) if wanted.strip() else self.page(width))
        words.update(self.glossary())
        words.display = not wanted.strip()

    # The search.

    def action_search(self) -> None:
        search = self.query_one(SearchInput)
        search.display = True
        search.focus()
        self._lay_out()

    def action_words(self) -> None:
        self.query_one(TextPane).scroll_to_widget(self.query_one("#words"), top=True, animate=False)

    def action_close(self) -> None:
        """Close the search if it is open, otherwise the help."""
        search = self.query_one(SearchInput)
        if not search.display:
            self.dismiss(None)
            return
        search.display, search.value = False, ""
        self.query_one(TextPane).focus()
        self._lay_out()

    def on_input_changed(self) -> None:
        self._lay_out()
        self.query_one(TextPane).scroll_home(animate=False)

    def on_input_submitted(self) -> None:
        self.query_one(TextPane).focus()

    def action_scroll(self, where: str) -> None:
        getattr(self.query_one(TextPane), f"action_{where}")()

    def found(self, wanted: str, width: int) -> Content:
        """Return the words and the keys that contain all the wanted words."""
        words = words_of(wanted)
        bindings = self._keys.bound({binding.action: binding for binding in named().values()}.values())
        keys = [
            _row(key_names(binding), _about(binding), width)
            for binding in bindings
            if all(contains(words_of(f"{binding.description} {_about(binding)}"), word) for word in words)
        ]
        about = [self._explained(term) for term in terms(self._panel, wanted)]
        if not (keys or about):
            return Content(
                f"Nothing in the help contains {wanted.strip()!r}. {self._say('{help.close}: the whole help')}"
            )
        return Content("\n").join([
            *about,
            *([Content.styled("Keys", "bold $primary"), *keys] if keys else []),
        ])  # fmt: skip

    # The text.

    def glossary(self) -> Content:
        """Return the words with their explanations, those of the current panel first."""
        own = [term for term in terms(self._panel) if self._panel in term.panels]
        others = [term for term in terms(self._panel) if term not in own]
        groups = [("Words of this panel", own), ("Other words" if own else "Words", others)]
        return Content("\n").join(
            line
            for heading, group in groups
            if group
            for line in (Content.styled(heading, "bold $primary"), *map(self._explained, group))
        )

    def _explained(self, term: Term) -> Content:
        spell = self._canvas.spell
        formula = ("\n" + indent(spell(term.formula), "  "), "$accent") if term.formula else ""
        return Content.assemble((f"{spell(term.name)}: ", "bold"), spell(term.plain), formula, "\n")

    def page(self, width: int) -> Content:
        """Return the text before the glossary, for so many columns."""
        here = [panel for panel in declarations() if panel.name == self._panel]
        others = [panel for panel in declarations() if panel not in here]
        return Content("\n").join([
            *self._preset_lines(),
            *(line for panel in here for line in self._at_length(panel, width)),
            Content.styled("Compare how a net with memory and a net without memory learn the same sequences.", "bold"),
            Content(self._say(f"{BEGIN}\n")),
            Content.styled("Keys", "bold $primary"),
            *self._rows(width),
            Content.styled("\nOther panels" if here else "\nPanels", "bold $primary"),
            *(line for panel in others for line in self._in_short(panel)),
            *(line for place in [*places()][1:] for line in self._elsewhere(place, width)),
            Content.styled("Colors", "bold $primary"),
            Content(f"{COLORS}\n"),
        ])  # fmt: skip

    def _preset_lines(self) -> list[Content]:
        """Return what to expect of the preset and what to try."""
        preset = self._preset
        if preset is None or not (preset.expect or preset.hints):
            return []
        hints = [Content.assemble(("Try: ", "bold"), self._say(hint)) for hint in preset.hints]
        expect = [Content(self._canvas.spell(preset.expect.strip()))] if preset.expect else []
        return [Content.styled("This preset", "bold $primary"), *expect, *hints, Content("")]

    def _say(self, text: str) -> str:
        """Return the text with the keys in force, in characters that the terminal has."""
        return self._canvas.spell(self._keys.say(text))

    def _rows(self, width: int) -> list[Content]:
        """Return the keys of the lab with their descriptions; the default keys of the panels share a line."""
        keys = self._keys
        default = not any(name.startswith("look.panel_") for name in keys.changed)
        shown = [b for b in self._lab if not (default and b.key.isdigit() and b.action.startswith("panel("))]
        rows = [(key_names(binding), _about(binding)) for binding in [*shown, *keys.bound(PANEL_KEYS)]]
        if default:
            numbers = sorted(panel.number for panel in declarations() if panel.number < 10)
            rows.append((f"{numbers[0]} … {numbers[-1]}", self._say("Go to a panel; {look.zoom} shows it alone")))
        rows.append(("ctrl+p", "Search for a command by its name, or for a preset by its title"))
        return [_row(*row, width) for row in rows]

    def _elsewhere(self, place: str, width: int) -> list[Content]:
        """Return the keys of a place other than the lab, such as slow motion or dialogs."""
        rows = [_row(key_names(binding), _about(binding), width) for binding in self._keys.bound(places()[place])]
        return [Content.styled(f"Keys {place[0].lower()}{place[1:]}", "bold $primary"), *rows, Content("")]

    def _at_length(self, panel: PanelDeclaration, width: int) -> list[Content]:
        """Return the help of the current panel, with its keys."""
        bindings = self._keys.bound([named()[name] for name in panel.help.keys])
        keys = ((key_names(binding), _about(binding)) for binding in bindings)
        return [
            Content.styled(panel.heading, "bold $primary"),
            Content(self._say(panel.help.says)),
            Content.assemble("\n", (self._formula(panel), "bold $accent"), "\n"),
            *(_row(names, about, width) for names, about in (*keys, *panel.help.mouse)),
            *([Content(f"\n{self._say(panel.help.more)}")] if panel.help.more else []),
            Content(""),
        ]

    def _in_short(self, panel: PanelDeclaration) -> list[Content]:
        said = self._say(f"{panel.help.says} {panel.help.more}").rstrip()
        return [Content.assemble((f"{panel.heading}  ", "bold"), said, "\n", (self._formula(panel), "$accent"), "\n")]

    def _formula(self, panel: PanelDeclaration) -> str:
        return indent(panel.help.formula_of(self._preset.task if self._preset else None), "  ")


class SearchInput(Input):
    """The search field; the keys of the text go to the text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        replace(binding, action=f"screen.scroll('{binding.action}')")
        for binding in moving(cursor_up="scroll_up", cursor_down="scroll_down", first="scroll_home", last="scroll_end")
    ]


def _about(binding: Binding) -> str:
    return binding.tooltip or binding.description


def _row(keys: str, about: str, width: int) -> Content:
    first, *more = wrap(about, max(20, width - INDENT))
    return Content.assemble(
        (f"  {keys:<{INDENT - 4}}  ", "bold"), "\n".join([first, *(" " * INDENT + line for line in more)])
    )
