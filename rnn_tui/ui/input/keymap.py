"""The keys in force: the default keys, vim's keys, and those of the user's settings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from textual.binding import Binding

from rnn_tui.errors import nearest
from rnn_tui.presets.validation_messages import value_text
from rnn_tui.ui.config import Config
from rnn_tui.ui.input.bindings import named, vim_keys
from rnn_tui.ui.input.key_names import keys_of, printed

PLACE = re.compile(r"\{([a-z]+\.[a-z_0-9]+)\}")
TWICE = re.compile(r"(?<!\S)((?:\w+\+)+)([←→↑↓]) \1(?=[←→↑↓])")  # shift+↑ shift+↓


@dataclass(frozen=True)
class Keymap:
    """Keys in force.  ``changed``: keys by binding name, in Textual's names; all others are as in bindings.py."""

    changed: Mapping[str, str] = field(default_factory=dict)

    def keys(self, name: str) -> list[str]:
        return (self.changed.get(name) or named()[name].key).split(",")

    def printed(self, name: str) -> str:
        """Return the first key of a binding, for a sentence."""
        return printed(self.keys(name)[0])

    def spelled(self, name: str) -> str:
        """Return all keys of a binding, for a settings file."""
        return ", ".join(map(printed, self.keys(name)))

    def bound(self, bindings: Iterable[Binding]) -> list[Binding]:
        """Return the bindings with the keys in force."""
        return [self._bound(binding, str(binding.id)) for binding in bindings]

    def _bound(self, binding: Binding, name: str) -> Binding:
        if name not in self.changed:
            return binding
        return replace(binding, key=self.changed[name], key_display=self.printed(name) if binding.show else None)

    def say(self, text: str) -> str:
        """Replace names of bindings by their keys: ``{run.play} trains`` becomes ``space trains``.

        Two arrows with the same modifier are shortened: ``shift+↑↓``.
        """
        said = PLACE.sub(lambda found: self.printed(found[1]) if found[1] in named() else found[0], text)
        return TWICE.sub(r"\1\2", said)


def keymap_of(config: Config) -> tuple[Keymap, list[str]]:
    """Return the keys in force, and the problems with the keys of the settings; with a problem, none of these is used.

    In lists, the arrows stay in force beside other keys.
    """
    from rnn_tui.ui.input.key_conflicts import clashes  # which is needed where a file of settings is

    defaults = vim_keys() if config.vim else {}
    chosen, problems = {}, []
    for name, text in config.keys.items():
        try:
            if name not in named():
                raise ValueError(f"unknown name{nearest(name, named()) or '; rnn-tui config lists them'}")
            if not isinstance(text, str):
                raise ValueError("must be text in quotes")
            stays = f"{named()[name].key}," if name.startswith("list.") else ""
            chosen[name] = keys_of(stays + text)
        except ValueError as error:
            problems.append(f"keys.{name} = {value_text(text)}: {error}")
    found = Keymap({**defaults, **chosen})
    problems += clashes(found.keys)
    return Keymap(defaults) if problems else found, problems


DEFAULT_KEYMAP = Keymap()
