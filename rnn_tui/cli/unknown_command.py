"""What to say about a first word that is not a command: a preset, a file, or a misspelled name."""

import shlex
from collections.abc import Iterable

from rnn_tui.cli.file_kinds import TEXT, is_file, kind_of
from rnn_tui.errors import escaped, nearest, similar


def explained(word: str, commands: Iterable[str]) -> str:
    """Return a message about a word in the place of a command, with the command line that was probably meant."""
    from rnn_tui.presets import store

    presets, shown = store.names(), escaped(word)
    if word in presets:
        return f"{shown!r} is a preset, not a command; to open it: {_line('--preset', word)}"
    if is_file(word):
        kind = kind_of(word) or TEXT
        return f"{shown!r} is a file, not a command; to open it: {_line(kind.option, word)}"
    said = f"no such command: {shown!r}"
    if near := nearest(word, commands):
        return said + near
    if preset := similar(word, presets):
        return f"{said}; did you mean the preset {preset!r}? To open it: {_line('--preset', preset)}"
    return f"{said}; rnn-tui --help lists the commands, rnn-tui presets the presets"


def _line(option: str, word: str) -> str:
    return shlex.join(["rnn-tui", option, escaped(word)])
