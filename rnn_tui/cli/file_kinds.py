"""Files in the place of a preset or a command: the option that opens them."""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from rnn_tui.errors import RnnTuiError, escaped


class FileKind(NamedTuple):
    """What a file is, and the option that opens it."""

    what: str
    option: str


PRESET, RUN = FileKind("a preset", "--preset"), FileKind("a saved run", "--resume")
TABLE, TEXT = FileKind("a table of numbers", "--csv"), FileKind("a text", "--text")
SUFFIXES = {".toml": PRESET, ".safetensors": RUN, ".csv": TABLE, ".tsv": TABLE, ".dat": TABLE, ".txt": TEXT}


def kind_of(word: str) -> FileKind | None:
    """Return what an existing file is, by its suffix; None without a known suffix, or without a file."""
    from rnn_tui.presets.from_data import suffix_of

    return SUFFIXES.get(suffix_of(word)) if is_file(word) else None


def is_file(word: str) -> bool:
    """Return whether there is a file with this name."""
    from rnn_tui.storage.files import expanded, path_kind

    with suppress(RnnTuiError):  # not a name that a file can have
        return path_kind(expanded(word)) == "file"
    return False


def refuse_other_files(path: Path) -> None:
    """Raise RnnTuiError if the path of a preset is a file of another kind; the message has its option."""
    kind = kind_of(str(path))
    if kind not in (None, PRESET):
        name = escaped(str(path))
        raise RnnTuiError(f"{name} is {kind.what}, not a preset; give it as {kind.option} {name}")
