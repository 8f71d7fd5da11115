"""What to say about a first word that is not a command: a preset, a file, or a misspelled name."""

import shlex
from collections.abc import Iterable
from contextlib import suppress

from rnn_tui.errors import RnnTuiError, escaped, nearest, similar

OPTIONS = {".toml": "--preset", ".safetensors": "--resume", ".csv": "--csv", ".tsv": "--csv"}


def explained(word: str, commands: Iterable[str]) -> str:
    """Return a message about a word in the place of a command, with the command line that was probably meant."""
    from rnn_tui.presets import store
    from rnn_tui.storage.files import expanded, path_kind

    presets, shown = store.names(), escaped(word)
    if word in presets:
        return f"{shown!r} is a preset, not a command; to open it: {_line('--preset', word)}"
    path = expanded(word)
    with suppress(RnnTuiError):  # not a name that a file can have
        if path_kind(path) == "file":
            option = OPTIONS.get(path.suffix.lower(), "--text")
            return f"{shown!r} is a file, not a command; to open it: {_line(option, word)}"
    said = f"no such command: {shown!r}"
    if near := nearest(word, commands):
        return said + near
    if preset := similar(word, presets):
        return f"{said}; did you mean the preset {preset!r}? To open it: {_line('--preset', preset)}"
    return f"{said}; rnn-tui --help lists the commands, rnn-tui presets the presets"


def _line(option: str, word: str) -> str:
    return shlex.join(["rnn-tui", option, escaped(word)])
