"""The presets on disk: the bundled ones, which are read-only, and the user's own."""

import codecs
import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnn_tui.errors import DataError, FileError, PresetError, RnnTuiError, nearest, plain, shortened
from rnn_tui.presets.key_paths import changed, lane_tables
from rnn_tui.presets.preset import Preset, parse
from rnn_tui.presets.validation_messages import DEEPEST
from rnn_tui.storage import atomic_write, user_folders
from rnn_tui.storage.files import expanded, read_bytes, read_text, utf8

NAME = re.compile(r"[\w][\w .+-]{0,59}")
LARGEST = 16 * 2**20  # bytes of a file that is written by hand
IN_UTF16 = "saved as UTF-16; save it as UTF-8 (in Windows PowerShell: … | Out-File -Encoding utf8 FILE)"
PACKAGE = Path(__file__).parent.parent
MOST_DOTS = 50  # in a key that is read: reading takes time that grows with their square


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
    installed = PACKAGE / "bundled"
    return installed if installed.is_dir() else PACKAGE.parent / "presets"


def own_folder() -> Path:
    """``$RNN_TUI_HOME/presets``, or the platform's folder for a user's data."""
    return user_folders.data_folder() / "presets"


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


def load(path: Path, changes: Mapping[str, Any] | None = None) -> PresetFile:
    """Read and check one preset file, with dotted keys set first.  Raises PresetError."""
    try:
        text, document = read_toml(path)
    except FileError as error:
        raise PresetError(error.source, error.problems) from None
    source = f"{path} with --set" if changes else str(path)
    if changes:
        document = changed(_sized(document, path), changes, source)
    return PresetFile(plain(path.stem), parse(document, source, path.parent), path, text)


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """The file's text, and what it says.  Raises FileError."""
    try:
        raw = read_bytes(path, LARGEST)
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise FileError(str(path), [IN_UTF16])
        text = utf8(path, raw)
        if key := _endless_key(text):
            raise FileError(str(path), [f"{key}: nested too deeply"])
        return text, tomllib.loads(text)
    except DataError as error:
        raise FileError(str(path), [str(error).removeprefix(plain(f"{path}: "))]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileError(str(path), [f"not TOML: {shortened(str(error), 200)}"]) from None
    except ValueError:  # Python reads no number of more than 4300 digits
        raise FileError(str(path), ["a number too long to be read"]) from None


def _endless_key(text: str) -> str:
    """The first words of a key that has more than MOST_DOTS dots; empty where there is none."""
    if text.count(".") <= MOST_DOTS:
        return ""
    from rnn_tui.presets.toml_lines import WORD

    dot = r"[ \t]*\.[ \t]*"
    words = rf"(?:{WORD}{dot}){{{DEEPEST - 1}}}{WORD}"
    found = re.search(rf"(?m)(?:^|[{{,])[ \t\[]*({words})(?:{dot}{WORD}){{{MOST_DOTS - DEEPEST + 2}}}", text)
    return found[1] if found else ""


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


def save(file: PresetFile, name: str, over: bool = True) -> PresetFile:
    """Write into the user's own folder, ``over`` an older preset of that name or not; comments of the source survive.

    Raises:
        RnnTuiError: the name cannot be used, or nothing could be written.
    """
    path = own_path(name)
    text = written(_with_own_data(file.preset), file.text)
    atomic_write.write_text(path, text, over)
    return PresetFile(path.stem, file.preset, path, text)


def _with_own_data(preset: Preset) -> Preset:
    """A bundled data file goes to the user's folder too: the bundled one lies where the program is installed.

    A file of that name that holds something else is the user's own, and the copy gets another name.
    """
    source = Path(getattr(preset.task, "path", ""))
    if not source.is_relative_to(bundled_folder().absolute()):
        return preset
    copy = atomic_write.copy_beside(read_bytes(source), own_folder() / "data" / source.name)
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
    """The preset as TOML, every value named; keys, order and comments of an older ``text`` stay."""
    if text:
        from rnn_tui.presets.toml_text import updated

        return updated(text, preset.document())
    import tomlkit

    return tomlkit.dumps(preset.document())


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
