"""A preset made on the spot for the user's own file; the command line and the lab open it."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from rnn_tui.errors import DataError, plain
from rnn_tui.library import PresetFile, load
from rnn_tui.presets import parse
from rnn_tui.problems import Place, describe
from rnn_tui.tasks import CsvSeries, Text
from rnn_tui.tasks.files import expanded
from rnn_tui.tasks.stretch import Stretch

USUAL_LENGTH, SHORTEST_LENGTH = 40, 8

DataTask = TypeVar("DataTask", CsvSeries, Text)


def from_csv(path: str, column: str | None = None, horizon: int = 1) -> PresetFile:
    """The lab's usual two lanes on a column of numbers; a short file gets shorter sequences.

    Raises:
        DataError: in one line, what keeps the file from being used.
    """
    task = _task(CsvSeries, path=path, column=column, horizon=horizon)
    length = _length(Stretch.fits(len(task.raw)) - horizon)
    if problems := task.problems(length):
        raise DataError(problems[0])
    name = plain(Path(path).stem)
    ahead = "the next one" if horizon == 1 else f"the one {horizon} rows ahead"
    about = {
        "title": f"{name}: {column}" if column else name,
        "question": f"How well do the past values foretell {ahead}?",
        "expect": "Worth having only if it beats persistence; a lane below its linear floor found more than a line.",
    }
    return _file(name, about, task, {"sequence_length": length, "steps": 2000, "speed": 100})


def from_text(path: str) -> PresetFile:
    """The lab's usual two lanes on the characters of a text.  Raises DataError."""
    task = _task(Text, path=path)
    length = _length(Stretch.fits(len(task.raw)) - 1)
    if problems := task.problems(length):
        raise DataError(problems[0])
    name = plain(Path(path).stem)
    about = {
        "title": f"{name}, character by character",
        "question": "How much does more context than one character help to foretell the next one?",
        "expect": "The FNN ends near the bigram line; the RNN goes below it.",
    }
    return _file(name, about, task, {"sequence_length": length, "steps": 3000, "speed": 100}, hidden=32)


def open_any(path: str, column: str | None = None) -> PresetFile:
    """A preset (.toml), a table of numbers (.csv, .tsv, or any file where a column is named), or a text.

    Raises:
        RnnTuiError: what keeps the file from being used.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".toml":
        return load(expanded(path))
    if suffix in (".csv", ".tsv") or column:
        return from_csv(path, column)
    return from_text(path)


def _task(kind: type[DataTask], **options: Any) -> DataTask:
    try:
        return kind(**options)
    except ValidationError as error:
        problems = [describe(item, Place(item["loc"], [])) for item in error.errors()]
        raise DataError("; ".join(problems)) from None


def _length(room: int) -> int:
    return max(SHORTEST_LENGTH, min(USUAL_LENGTH, room))


def _file(name: str, about: dict[str, str], task: Any, training: dict[str, Any], hidden: int = 16) -> PresetFile:
    lanes = [
        {"kind": "rnn", "hidden_size": hidden, "initializer": "orthogonal"},
        {"kind": "fnn", "hidden_size": hidden, "window": 1},
    ]
    shown = {key: plain(value)[:200] for key, value in about.items()}
    return PresetFile(name, parse({**shown, "task": task, "training": training, "lanes": lanes}, name))
