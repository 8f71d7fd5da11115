"""The presets on disk: the bundled ones, which are read-only, and the user's own."""

import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnn_tui import atomic
from rnn_tui.dotted import changed, lane_tables
from rnn_tui.errors import DataError, FileError, PresetError, RnnTuiError, nearest, plain
from rnn_tui.presets import Preset, parse
from rnn_tui.schema import built
from rnn_tui.tasks.files import expanded, read_text

NAME = re.compile(r"[\w][\w .+-]{0,59}")


@dataclass(frozen=True, eq=False)
class PresetFile:
    """A preset and where it came from; ``text`` keeps the comments for when it is saved again.

    ``name`` is the file's as it can be shown and stored, for what names a file need not be UTF-8.
    """

    name: str
    preset: Preset
    path: Path | None = None
    text: str = ""


@dataclass(frozen=True)
class Entry:
    """A line of the listing; ``problem`` says why a preset cannot be opened."""

    name: str
    path: Path
    own: bool
    title: str = ""
    question: str = ""
    problem: str = ""
    preset: Preset | None = None


def bundled_folder() -> Path:
    """Inside the package where it is installed, beside it in a checkout."""
    installed = Path(__file__).with_name("bundled")
    return installed if installed.is_dir() else Path(__file__).parent.parent / "presets"


def own_folder() -> Path:
    """``$RNN_TUI_HOME/presets``, or the platform's folder for a user's data."""
    if home := os.environ.get("RNN_TUI_HOME"):
        return expanded(home) / "presets"
    import platformdirs

    return platformdirs.user_data_path("rnn-tui", appauthor=False) / "presets"


def _files(folder: Path) -> dict[str, Path]:
    try:
        found = {path.stem: path for path in folder.glob("*.toml") if not path.name.startswith(".")}
    except OSError:
        return {}
    return dict(sorted(found.items()))


def names() -> list[str]:
    """Of all presets, the bundled ones and the user's own."""
    return list(_files(bundled_folder()) | _files(own_folder()))


def find(name: str) -> Path:
    """The file of a preset given by name (own ones first) or by path.

    Raises:
        RnnTuiError: there is none; the nearest name is offered.
    """
    known = _files(bundled_folder()) | _files(own_folder())
    if name in known:
        return known[name]
    if same := next((path for other, path in known.items() if plain(other) == name), None):
        return same
    looks_like_path = name.endswith(".toml") or "/" in name or os.sep in name
    if looks_like_path:
        return expanded(name)
    with suppress(OSError):  # a name too long for a file
        if Path(name).exists():
            return Path(name)
    hint = nearest(name, known) or f"; there are {', '.join(known)}"
    raise RnnTuiError(f"no preset {name!r}{hint}")


def load(path: Path, changes: Mapping[str, Any] | None = None, doubt: bool = False) -> PresetFile:
    """Read and check one preset file, with dotted keys set first.  Raises PresetError.

    The bundled ones as they are need no check, for the tests have checked them; with ``doubt`` they are checked too.
    """
    try:
        text, document = read_toml(path)
    except FileError as error:
        raise PresetError(error.source, error.problems) from None
    source = f"{path} with --set" if changes else str(path)
    if not (doubt or changes) and path.parent == bundled_folder() and (preset := _in_order(document, path.parent)):
        return PresetFile(plain(path.stem), preset, path, text)
    if changes:
        document = changed(_sized(document, path), changes, source)
    return PresetFile(plain(path.stem), parse(document, source, path.parent), path, text)


def _in_order(document: Mapping[str, Any], folder: Path) -> Preset | None:
    """What ``parse`` makes of a document without problems, or None where it must have some."""
    with suppress(Exception):  # which it can name
        return built(Preset, document).starting_at(str(folder)).matched()
    return None


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """The file's text, and what it says.  Raises FileError."""
    try:
        text = read_text(path)
        return text, tomllib.loads(text)
    except DataError as error:
        raise FileError(str(path), [str(error).removeprefix(plain(f"{path}: "))]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileError(str(path), [f"not TOML: {error}"]) from None
    except ValueError:  # Python reads no number of more than 4300 digits
        raise FileError(str(path), ["a number too long to be read"]) from None


def _sized(document: dict[str, Any], path: Path) -> dict[str, Any]:
    """The document with the sizes that follow from another lane, which a change may make to sizes of their own."""
    tables = lane_tables(document)
    if any("match" in table for table in tables):
        with suppress(PresetError):  # what is wrong is said when it is read with the changes
            for table, lane in zip(tables, parse(document, str(path), path.parent).lanes, strict=True):
                table["hidden_size"] = lane.hidden_size
    return document


def of_run(name: str, preset: Preset) -> PresetFile:
    """The preset that a run was begun with, if there is one of that name and task; else the run's own settings."""
    with suppress(RnnTuiError):
        known = load(find(name))
        if known.preset.task.kind == preset.task.kind:
            return known
    return PresetFile(name, preset)


def save(file: PresetFile, name: str) -> PresetFile:
    """Write into the user's own folder, over an older preset of that name; comments of the source survive.

    Raises:
        RnnTuiError: the name cannot be used, or nothing could be written.
    """
    path = own_path(name)
    text = written(_with_own_data(file.preset), file.text)
    atomic.write_text(path, text)
    return PresetFile(path.stem, file.preset, path, text)


def _with_own_data(preset: Preset) -> Preset:
    """A bundled data file goes to the user's folder too: the bundled one lies where the program is installed."""
    source = Path(getattr(preset.task, "path", ""))
    if not source.is_relative_to(bundled_folder().absolute()):
        return preset
    copy = own_folder() / "data" / source.name
    atomic.write_text(copy, read_text(source))
    return preset.with_changes({"task.path": str(copy.absolute())})


def proposed_name(name: str) -> str:
    """A name under which a changed copy of a preset can be saved, whatever its file is called."""
    try:
        own_path(name)
    except RnnTuiError:
        return "my-" + re.sub(r"[^\w .+-]", "-", name)[:57].strip()
    return name


def own_path(name: str) -> Path:
    """Where a preset of that name is saved.  Raises RnnTuiError for a name that no file can have."""
    name = name.strip().removesuffix(".toml")
    if not NAME.fullmatch(name):
        raise RnnTuiError(f"{name!r} cannot be a preset's name: letters, digits, spaces and . + - _, at most 60")
    if name in _files(bundled_folder()):
        raise RnnTuiError(f"{name!r} is a bundled preset, which stays as it is; choose another name")
    return own_folder() / f"{name}.toml"


def written(preset: Preset, text: str = "") -> str:
    """The preset as TOML, every value named; keys, order and comments of an older ``text`` stay.

    Where they cannot (tomlkit trips over some mixtures of dotted keys and tables), the values go first.
    """
    import tomlkit

    values = preset.document()
    with suppress(Exception):
        document = tomlkit.parse(text)
        _update(document, values)
        kept = tomlkit.dumps(document)
        if tomllib.loads(kept) == values:
            return kept
    return tomlkit.dumps(values)


def _update(table: Any, values: Mapping[str, Any]) -> None:
    """Set what differs, recursively; drop what is gone."""
    for key in [key for key in table if key not in values]:
        del table[key]
    for key, value in values.items():
        old = table.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            _update(old, value)
        elif isinstance(value, list) and isinstance(old, list) and len(old) == len(value):
            for old_item, item in zip(old, value, strict=True):
                _update(old_item, item)
        elif old != value or isinstance(old, bool):  # true == 1, and no key of a preset is true or false
            table[key] = value


def course() -> list[str]:
    """The names of the bundled presets in the order a course would take them."""
    try:
        lines = read_text(bundled_folder() / "course.txt").splitlines()
    except DataError:
        return []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def entries() -> list[Entry]:
    """Bundled presets first, as a course takes them, then the user's own; a broken file is listed with its problem."""
    found = []
    for own, folder in ((False, bundled_folder()), (True, own_folder())):
        files = _files(folder)
        names = list(files) if own else sorted(files, key=[*course(), *files].index)
        for name in names:
            path = files[name]
            try:
                preset = load(path).preset
                found.append(Entry(name, path, own, preset.title, preset.question, preset=preset))
            except RnnTuiError as error:
                found.append(Entry(name, path, own, problem=" · ".join(str(error).splitlines())))
    return found
