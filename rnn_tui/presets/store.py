"""Presets on disk: the bundled ones, which are read-only, and the user's own."""

import codecs
import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnn_tui.errors import DataError, FileError, PresetError, RnnTuiError, escaped, nearest, shortened
from rnn_tui.presets.key_paths import changed, lane_tables
from rnn_tui.presets.preset import Preset, parse
from rnn_tui.presets.validation_messages import DEEPEST
from rnn_tui.storage import atomic_write, user_folders
from rnn_tui.storage.files import expanded, read_bytes, read_text, utf8

NAME = re.compile(r"[\w][\w .+-]{0,59}")
LARGEST = 16 * 2**20  # bytes of a hand-written file
IN_UTF16 = "saved as UTF-16; save it as UTF-8 (in Windows PowerShell: … | Out-File -Encoding utf8 FILE)"
PACKAGE = Path(__file__).parent.parent
OWN = "your own presets"  # the chapter of the user's presets
MOST_DOTS = 50  # in a key; the time for parsing grows with their square


@dataclass(frozen=True, eq=False)
class PresetFile:
    """A preset and its source.

    Attributes:
        name: the file's, printable and storable even if the file's name is not valid UTF-8.
        path: of the file; None for a preset without one.
        text: of the file, whose comments are preserved when it is saved again.
        unchanged: the preset in the file, if ``--set`` has changed it.
    """

    name: str
    preset: Preset
    path: Path | None = None
    text: str = ""
    unchanged: Preset | None = None


@dataclass(frozen=True)
class Entry:
    """One preset in a list; ``problem`` says why it cannot be opened, ``chapter`` what it shows."""

    name: str
    path: Path
    own: bool
    title: str = ""
    question: str = ""
    problem: str = ""
    preset: Preset | None = None
    chapter: str = ""


def bundled_folder() -> Path:
    """Return the folder of the bundled presets: in the installed package, or beside the package in a checkout."""
    installed = PACKAGE / "bundled"
    return installed if installed.is_dir() else PACKAGE.parent / "presets"


def own_folder() -> Path:
    """Return the folder of the user's presets: ``$RNN_TUI_HOME/presets``, or in the platform's data folder."""
    return user_folders.data_folder() / "presets"


def toml_files(folder: Path) -> dict[str, Path]:
    """Return the TOML files of a folder by their names, without hidden ones; none if it cannot be read."""
    try:
        found = {path.stem: path for path in folder.glob("*.toml") if not path.name.startswith(".")}
    except OSError:
        return {}
    return dict(sorted(found.items()))


def names() -> list[str]:
    """Return the names of all presets, the bundled ones and the user's own."""
    return list(toml_files(bundled_folder()) | toml_files(own_folder()))


def find(name: str) -> Path:
    """Return the file of a preset, given by name (the user's own presets first) or by path.

    Raises:
        RnnTuiError: there is none; the message suggests the most similar name.
    """
    known = toml_files(bundled_folder()) | toml_files(own_folder())
    if name in known:
        return known[name]
    if same := next((path for other, path in known.items() if escaped(other) == name), None):
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
    """Read and validate a preset file, after setting dotted keys.  Raises PresetError."""
    try:
        text, document = read_toml(path)
    except FileError as error:
        raise PresetError(error.source, error.problems) from None
    if not changes:
        return PresetFile(escaped(path.stem), parse(document, str(path), path.parent), path, text)
    source, unchanged = f"{path} with --set", None
    with suppress(PresetError):  # the changes may fix its problems
        unchanged = parse(document, str(path), path.parent)
    document = changed(_sized(document, path), changes, source)
    return PresetFile(escaped(path.stem), parse(document, source, path.parent), path, text, unchanged)


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Return the file's text and the parsed document.  Raises FileError."""
    try:
        raw = read_bytes(path, LARGEST)
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise FileError(str(path), [IN_UTF16])
        text = utf8(path, raw)
        if key := _endless_key(text):
            raise FileError(str(path), [f"{key}: nested too deeply"])
        return text, tomllib.loads(text)
    except DataError as error:
        raise FileError(str(path), [str(error).removeprefix(escaped(f"{path}: "))]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileError(str(path), [f"not TOML: {shortened(str(error), 200)}"]) from None
    except ValueError:  # Python does not parse numbers of more than 4300 digits
        raise FileError(str(path), ["a number is too long"]) from None


def _endless_key(text: str) -> str:
    """Return the first words of a key with more than MOST_DOTS dots; empty if there is none."""
    if text.count(".") <= MOST_DOTS:
        return ""
    from rnn_tui.presets.toml_lines import WORD

    dot = r"[ \t]*\.[ \t]*"
    words = rf"(?:{WORD}{dot}){{{DEEPEST - 1}}}{WORD}"
    found = re.search(rf"(?m)(?:^|[{{,])[ \t\[]*({words})(?:{dot}{WORD}){{{MOST_DOTS - DEEPEST + 2}}}", text)
    return found[1] if found else ""


def _sized(document: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the document with the hidden sizes that follow from ``match``, because a change may remove a ``match``."""
    tables = lane_tables(document)
    if any("match" in table for table in tables):
        with suppress(PresetError):  # problems are reported when the changed document is parsed
            for table, lane in zip(tables, parse(document, str(path), path.parent).lanes, strict=True):
                table["hidden_size"] = lane.hidden_size
    return document


def of_run(name: str, preset: Preset) -> PresetFile:
    """Return the preset that a run was started with, if one of that name and task exists; otherwise the run's own."""
    with suppress(RnnTuiError):
        known = load(find(name))
        if known.preset.task.kind == preset.task.kind:
            return known
    return PresetFile(name, preset)


def save(file: PresetFile, name: str, over: bool = True) -> PresetFile:
    """Save the preset in the user's folder and return it; comments of the source are preserved.

    ``over``: replace an older preset of that name.

    Raises:
        RnnTuiError: the name is not allowed, or the file cannot be written.
    """
    path = own_path(name)
    text = written(_with_own_data(file.preset), file.text)
    atomic_write.write_text(path, text, over)
    return PresetFile(path.stem, file.preset, path, text)


def _with_own_data(preset: Preset) -> Preset:
    """Copy a bundled data file to the user's folder, since the bundled one belongs to the installed program.

    If a file of that name with other content exists there, the copy gets another name.
    """
    source = Path(getattr(preset.task, "path", ""))
    if not source.is_relative_to(bundled_folder().absolute()):
        return preset
    copy = atomic_write.copy_beside(read_bytes(source), own_folder() / "data" / source.name)
    return preset.with_changes({"task.path": str(copy.absolute())})


def proposed_name(name: str) -> str:
    """Return a valid name for saving a changed copy of a preset."""
    try:
        own_path(name)
    except RnnTuiError:
        return "my-" + re.sub(r"[^\w .+-]", "-", name)[:57].strip()
    return name


def own_path(name: str) -> Path:
    """Return the path where a preset of that name is saved.  Raises RnnTuiError if the name is not allowed."""
    name = name.strip().removesuffix(".toml")
    if not NAME.fullmatch(name):
        raise RnnTuiError(
            f"{name!r} is not allowed as a preset's name: use at most 60 letters, digits, spaces and . + - _"
        )
    if name in toml_files(bundled_folder()):
        raise RnnTuiError(f"{name!r} is a bundled preset, which cannot be changed; choose another name")
    return own_folder() / f"{name}.toml"


def written(preset: Preset, text: str = "") -> str:
    """Return the preset as TOML with every value; keys, order and comments of an older ``text`` are preserved."""
    if text:
        from rnn_tui.presets.toml_text import updated

        return updated(text, preset.document())
    import tomlkit

    return tomlkit.dumps(preset.document())


def course() -> dict[str, str]:
    """Return the names of the bundled presets in the order of a course, each with its chapter."""
    return read_course(bundled_folder() / "course.txt")


def read_course(path: Path) -> dict[str, str]:
    """Return the names in a file that has one on each line, in order, each with the [heading] above it.

    A file that cannot be read has none.
    """
    try:
        lines = read_text(path).splitlines()
    except DataError:
        return {}
    found, chapter = {}, ""
    for line in map(str.strip, lines):
        if line.startswith("["):
            chapter = line.strip("[]")
        elif line and not line.startswith("#"):
            found[line] = chapter
    return found


def following(path: Path | None) -> PresetFile | None:
    """Return the preset that follows a bundled one in the course; None for other files and after the last one."""
    names = list(course())
    if path is None or path.absolute().parent != bundled_folder().absolute() or path.stem not in names:
        return None
    after = names[names.index(path.stem) + 1 :]
    with suppress(RnnTuiError):
        return load(bundled_folder() / f"{after[0]}.toml") if after else None
    return None


def entries() -> list[Entry]:
    """Return the bundled presets in course order, then the user's own; an invalid file is listed with its problem."""
    found, chapters = [], course()
    for own, folder in ((False, bundled_folder()), (True, own_folder())):
        files = toml_files(folder)
        names = list(files) if own else sorted(files, key=[*chapters, *files].index)
        for name in names:
            path, chapter = files[name], OWN if own else chapters.get(name, "")
            try:
                preset = load(path).preset
                found.append(Entry(name, path, own, preset.title, preset.question, preset=preset, chapter=chapter))
            except RnnTuiError as error:
                found.append(Entry(name, path, own, problem=" · ".join(str(error).splitlines()), chapter=chapter))
    return found
