"""Which keys are in force: the usual ones, vim's, and those of the user's settings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations

from textual.binding import Binding

from rnn_tui.config import Config
from rnn_tui.errors import nearest
from rnn_tui.problems import shown
from rnn_tui.ui.keynames import keys_of, printed
from rnn_tui.ui.screens.keys import CONTROLS_KEYS, KEYS, PANEL_KEYS, SLOW_KEYS, VIM

BINDINGS = {str(b.id): b for b in (*KEYS, *PANEL_KEYS, *CONTROLS_KEYS, *SLOW_KEYS)}
PLACE = re.compile(r"\{([a-z]+\.[a-z_0-9]+)\}")
RESERVED = {  # of Textual
    "ctrl+q": "quits", "ctrl+c": "copies", "ctrl+p": "opens the commands", "tab": "goes to the next panel",
    "shift+tab": "goes to the panel before",
}  # fmt: skip
IN_SLOW = {key: RESERVED[key] for key in ("ctrl+q", "ctrl+c", "ctrl+p")}
ARROWS = {"look.earlier", "look.later", "look.unit_up", "look.unit_down"}  # which the controls have for themselves


@dataclass(frozen=True)
class Keymap:
    """``changed``: by a binding's name its keys, in Textual's names; all others are as in keys.py."""

    changed: Mapping[str, str] = field(default_factory=dict)

    def keys(self, name: str) -> list[str]:
        return (self.changed.get(name) or BINDINGS[name].key).split(",")

    def printed(self, name: str) -> str:
        """The first of them, as a sentence has it."""
        return printed(self.keys(name)[0])

    def spelled(self, name: str) -> str:
        """All of them, as a settings file has it."""
        return ", ".join(map(printed, self.keys(name)))

    def bound(self, bindings: Iterable[Binding]) -> list[Binding]:
        """The bindings with the keys in force."""
        return [self._bound(binding, str(binding.id)) for binding in bindings]

    def _bound(self, binding: Binding, name: str) -> Binding:
        if name not in self.changed:
            return binding
        return replace(binding, key=self.changed[name], key_display=self.printed(name) if binding.show else None)

    def say(self, text: str) -> str:
        """A sentence with the keys in force: ``{run.play} trains`` becomes ``space trains``."""
        return PLACE.sub(lambda found: self.printed(found[1]) if found[1] in BINDINGS else found[0], text)


def keymap_of(config: Config) -> tuple[Keymap, list[str]]:
    """The keys in force, and what is wrong with those of the settings; then none of them is."""
    usual = VIM if config.vim else {}
    chosen, problems = {}, []
    for name, text in config.keys.items():
        try:
            if name not in BINDINGS:
                raise ValueError(f"no such name{nearest(name, BINDINGS) or '; rnn-tui config lists them'}")
            if not isinstance(text, str):
                raise ValueError("must be a text in quotes")
            chosen[name] = keys_of(text)
        except ValueError as error:
            problems.append(f"keys.{name} = {shown(text)}: {error}")
    found = Keymap({**usual, **chosen})
    problems += _clashes(found, (*KEYS, *PANEL_KEYS, *CONTROLS_KEYS), RESERVED)
    problems += _clashes(found, SLOW_KEYS, IN_SLOW)
    return Keymap(usual) if problems else found, problems


def _clashes(keymap: Keymap, bindings: Iterable[Binding], reserved: Mapping[str, str]) -> list[str]:
    """Which keys would mean two things.  Textual drops one of the two, and is silent about it."""
    by_key: dict[str, list[str]] = {}
    for binding in bindings:
        for key in keymap.keys(str(binding.id)):
            by_key.setdefault(key, []).append(str(binding.id))
    problems = []
    for key, names in by_key.items():
        if key in reserved:
            problems.append(f"keys: {printed(key)!r} {reserved[key]}, and cannot be {' and '.join(names)}")
        elif any(_meet(*pair) for pair in combinations(names, 2)):
            problems.append(f"keys: {printed(key)!r} would be {' and '.join(names)}; give each a key of its own")
    return problems


def _meet(one: str, other: str) -> bool:
    """Whether one key for both would leave one of them without."""
    return not any(a in ARROWS and b.startswith("controls.") for a, b in ((one, other), (other, one)))
