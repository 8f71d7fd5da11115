"""Actions and settings of the lab in the command palette, found by their names and by related words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider

from rnn_tui.presets.search import contains, words_of
from rnn_tui.ui.glossary import TERMS, named
from rnn_tui.ui.input.bindings import PANELS, PanelKeys, lab_keys
from rnn_tui.ui.input.key_names import key_names
from rnn_tui.ui.input.search_words import SEARCH_WORDS
from rnn_tui.ui.lab.screen import LabScreen
from rnn_tui.ui.panels.control_rows import Setting, settings_of
from rnn_tui.ui.panels.what_if_choices import GROUPS, OTHERS, choices, heading
from rnn_tui.ui.panels.what_if_choices import Choice as WhatIfChoice

BY_WORDS, BY_NAME = 0.3, 0.5  # scores of hits whose words are somewhere, or in the name


@dataclass(frozen=True)
class Choice:
    """A line of the palette.

    Attributes:
        words: related words, which are not shown.
        also: another name, which is not shown.
    """

    name: str
    about: str
    words: str
    run: Callable[[], object]
    also: str = ""

    def score(self, query: str) -> float:
        """Return 0 unless all words of the query are among those of the choice."""
        wanted, own = words_of(query), words_of(f"{self.name} {self.also}")
        if not wanted or not all(contains([*own, *words_of(f"{self.about} {self.words}")], word) for word in wanted):
            return 0.0
        return BY_NAME if all(contains(own, word) for word in wanted) else BY_WORDS


class ActionProvider(Provider):
    """Provides the actions of the lab with their keys, and the settings; nothing in dialogs, which would not notice."""

    async def discover(self) -> Hits:
        for choice in self.actions():
            yield DiscoveryHit(choice.name, choice.run, help=choice.about)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for choice in (*self.actions(), *self.settings(), *self.interventions()):
            if score := max(matcher.match(choice.name), choice.score(query)):
                yield Hit(score, matcher.highlight(choice.name), choice.run, text=choice.name, help=choice.about)

    @property
    def _lab(self) -> LabScreen | None:
        return self.screen if isinstance(self.screen, LabScreen) else None

    def actions(self) -> Iterator[Choice]:
        """Yield the actions of the lab."""
        lab = self._lab
        if lab is None:
            return
        for binding in lab.seen.keys.bound(lab_keys()):
            about = f"{key_names(binding)}: {binding.tooltip}"
            if panel := panel_of(binding):
                about += f": {panel.title}"
            yield Choice(binding.description, about, related(binding), partial(lab.run_action, binding.action))

    def settings(self) -> Iterator[Choice]:
        """Yield the settings of the training and of the current lane; running one asks for a value."""
        lab = self._lab
        if lab is None:
            return
        preset, lane = lab.seen.frame.preset, lab.seen.lane
        for setting in settings_of(preset, lane):
            whose = f" of {preset.names[lane]}" if setting.key.startswith("lanes.") else ""
            name = f"Set {setting.label}{whose}, now {setting.shown}"
            term = named(setting.label)
            about = term.plain if term else setting.key
            yield Choice(name, about, term.name if term else "", partial(self._ask, lab, setting), also=setting.key)

    def interventions(self) -> Iterator[Choice]:
        """Yield what the menu of interventions offers at the cursor, as far as it can act."""
        lab = self._lab
        if lab is None:
            return
        for each in (*choices(lab.seen), *OTHERS):
            if not each.problem:
                about = f"{heading(lab.seen)}: {GROUPS.get(each.group, 'interventions')}"
                yield Choice(f"What if: {each.offer.said}", about, "intervention", partial(self._intervene, lab, each))

    @staticmethod
    def _intervene(lab: LabScreen, choice: WhatIfChoice) -> None:
        with lab.reports.running("lens.menu"):
            lab.choose(choice)

    @staticmethod
    def _ask(lab: LabScreen, setting: Setting) -> None:
        with lab.reports.running("controls.type"):
            lab.dialogs.ask_value(setting)


def panel_of(binding: Binding) -> PanelKeys | None:
    """Return the panel to which a number key goes."""
    return next((panel for panel in PANELS if binding.action == f"panel('{panel.name}')"), None)


def related(binding: Binding) -> str:
    """Return words for an action; for that of a panel, the words of the panel."""
    panel = panel_of(binding)
    if panel is None:
        return SEARCH_WORDS.get(str(binding.id), "")
    return " ".join([panel.title, *(term.name for term in TERMS if panel.name in term.panels)])
