"""Write settings as the command line that opens them.  The lab copies it to the clipboard."""

import shlex
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from json import dumps
from pathlib import Path
from typing import Any

from rnn_tui.errors import RnnTuiError
from rnn_tui.presets import store
from rnn_tui.presets.from_data import from_csv, from_text
from rnn_tui.presets.key_paths import differences
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.store import PresetFile
from rnn_tui.tasks import CsvSeries, Text

OMITTED = {"title", "question", "expect", "hints", "topics", "sweep"}  # they change nothing in the lab
DEFAULT_PRESET = "echo"


def command_line(file: PresetFile, preset: Preset) -> str:
    """Return ``rnn-tui -p echo --set …`` for the present settings of a preset or of the user's own data."""
    words, base = _source(file, preset)
    wanted = _document(preset)
    changes = _changes(base, wanted)
    if base.task.kind != preset.task.kind:  # the tasks have different options
        changes = {"task": wanted["task"], **{key: changes[key] for key in changes if not key.startswith("task.")}}
    if not _leads(base, changes, wanted):  # lanes were added or removed
        changes = {key: value for key, value in changes.items() if not key.startswith("lanes.")}
        changes["lanes"] = wanted["lanes"]
    for key in list(changes):
        fewer = {other: value for other, value in changes.items() if other != key}
        changes = fewer if _leads(base, fewer, wanted) else changes
    if "training.seed" in changes:
        words += ["--seed", str(changes.pop("training.seed"))]
    for key, value in changes.items():
        words += ["--set", f"{key}={spelled(value)}"]
    return shlex.join(["rnn-tui", *words])


def _source(file: PresetFile, preset: Preset) -> tuple[list[str], Preset]:
    """Return the words that open the most similar preset, and that preset."""
    with suppress(RnnTuiError):
        if file.path is not None or not isinstance(preset.task, CsvSeries | Text):
            known = _known(file.name)
            if file.path is None or known == file.path:
                return ["-p", file.name], store.load(known or store.find(file.name)).preset
            return ["-p", str(file.path)], store.load(file.path).preset
        if isinstance(preset.task, Text):
            text = from_text(preset.task.path, preset.task.level, preset.task.encoding)
            words = ["--text", preset.task.path, *_option("--level", preset.task.level, "characters")]
            return [*words, *_option("--encoding", preset.task.encoding, None)], text.preset
        task = preset.task
        words = ["--csv", task.path, *(["--column", task.column] if task.column is not None else [])]
        words += [word for column in task.inputs for word in ("--input", column)]
        words += _option("--horizon", str(task.horizon), "1")
        words += [word for cell in task.missing or [] for word in ("--missing", cell)]
        words += [*_option("--decimal", task.decimal, None), *_option("--encoding", task.encoding, None)]
        reading = {"missing": task.missing, "decimal": task.decimal, "encoding": task.encoding}
        return words, from_csv(task.path, task.column, task.horizon, task.inputs, **reading).preset
    return ["-p", DEFAULT_PRESET], store.load(store.find(DEFAULT_PRESET)).preset


def _known(name: str) -> Path | None:
    """Return the file of the preset with this name; None if there is none."""
    try:
        return store.find(name)
    except RnnTuiError:
        return None


def _option(name: str, value: str | None, default: str | None) -> list[str]:
    return [] if value is None or value == default else [name, value]


def _document(preset: Preset) -> dict[str, Any]:
    return {key: value for key, value in preset.document().items() if key not in OMITTED}


def _changes(base: Preset, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the dotted keys to set, including hidden sizes, which end a ``match`` to another lane."""
    sizes = {f"lanes.{number}.hidden_size" for number in range(min(len(base.lanes), len(wanted["lanes"])))}
    found: dict[str, Any] = {}
    for key in sorted(differences(_document(base), wanted) | sizes):
        with suppress(LookupError):  # a key that was removed disappears with the change that removed it
            found[key] = _at(wanted, key)
    return found


def _at(document: Any, key: str) -> Any:
    for word in key.split("."):
        document = document[int(word)] if isinstance(document, list) else document[word]
    return document


def _leads(base: Preset, changes: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Tell if the changes turn ``base`` into the wanted document."""
    try:
        return _document(base.with_changes(changes)) == wanted
    except RnnTuiError:
        return False


def spelled(value: Any) -> str:
    """Return a value as ``--set`` takes it."""
    return value if _plain(value) else _toml(value)


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return dumps(value, ensure_ascii=False)


def _plain(value: Any) -> bool:
    """Tell if a value is a text that needs no quotes on the command line."""
    if not isinstance(value, str) or value != value.strip():
        return False
    try:
        tomllib.loads(f"value = {value}")
    except ValueError:
        return True
    return False
