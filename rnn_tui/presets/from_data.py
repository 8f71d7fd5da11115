"""A preset made on the spot for the user's own file; the command line and the lab open it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from rnn_tui.errors import DataError, plain
from rnn_tui.presets.preset import parse
from rnn_tui.presets.store import PresetFile, load
from rnn_tui.presets.validation_messages import describe
from rnn_tui.storage.files import expanded
from rnn_tui.tasks import CsvSeries, Text
from rnn_tui.tasks.holdout import HoldoutSplit

DEFAULT_LENGTH, SHORTEST_LENGTH = 40, 8
FEW_ROWS = 500  # below, a net learns the rows themselves by heart if nothing holds it back
TABLES = (".csv", ".tsv", ".dat")
# Measured on series like monthly sunspots and daily temperatures: without a decay of the weights, and at a learning
# rate that does not fall, the held-out loss of the RNN rises again after some hundred updates.
SERIES = {"learning_rate": 0.005, "schedule": "cosine", "schedule_steps": 1000, "steps": 1000, "speed": 100}

DataTask = TypeVar("DataTask", CsvSeries, Text)


def from_csv(
    path: str, column: str | None = None, horizon: int = 1, inputs: Sequence[str] = (), **reading: Any
) -> PresetFile:
    """The lab's usual two lanes on a column of numbers and further ``inputs``; a short file gets shorter sequences.

    ``reading``: how the file is read, by the names of the task's options: missing, decimal, encoding.

    Raises:
        DataError: in one line, all that keeps the file from being used.
    """
    task = _task(CsvSeries, path=path, column=column, horizon=horizon, inputs=list(inputs), **_given(reading))
    length = _fitting(task, lambda: HoldoutSplit.fits(len(task.raw)) - horizon)
    few = len(task.raw) < FEW_ROWS
    name = plain(Path(path).stem)
    about = {
        "title": f"{name}: {column}" if column else name,
        "question": f"How well do the past values{' of all columns' if inputs else ''} foretell "
        + ("the next one?" if horizon == 1 else f"the one {horizon} rows ahead?"),
        "expect": (
            "With so few rows even persistence may win. " if few else "The RNN ends near the linear line or below it. "
        )
        + "Worth having is only what beats persistence; a lane below its own linear floor found more than a line.",
    }
    training = {**SERIES, "sequence_length": length, "weight_decay": 0.01 if few else 0.003}
    return _file(name, about, task, training)


def from_text(path: str, level: str = "characters", encoding: str | None = None) -> PresetFile:
    """The lab's usual two lanes on the characters or words of a text.  Raises DataError, in one line."""
    task = _task(Text, path=path, level=level, **_given({"encoding": encoding}))
    length = _fitting(task, lambda: len(task.tokens.held_out) - 1)
    name, one = plain(Path(path).stem), level.removesuffix("s")
    about = {
        "title": f"{name}, {one} by {one}",
        "question": f"How much does more context than one {one} help to foretell the next one?",
        "expect": "The FNN ends near the bigram line; the RNN goes below it.",
    }
    return _file(name, about, task, {"sequence_length": length, "steps": 3000, "speed": 100}, hidden=32)


def open_any(
    path: str,
    column: str | None = None,
    *,
    inputs: Sequence[str] = (),
    horizon: int = 1,
    level: str = "characters",
    **reading: Any,
) -> PresetFile:
    """A preset (.toml), a table of numbers (.csv, .tsv, .dat, or any file where a column is named), or a text.

    ``reading``: as in ``from_csv``.

    Raises:
        RnnTuiError: what keeps the file from being used.
    """
    if suffix_of(path) == ".toml":
        return load(expanded(path))
    if suffix_of(path) in TABLES or column or inputs:
        return from_csv(path, column, horizon, inputs, **reading)
    return from_text(path, level, reading.get("encoding"))


def suffix_of(path: str) -> str:
    """How the file's name ends, in lower case; what is packed goes by the name before .gz."""
    return Path(path.lower().removesuffix(".gz")).suffix


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that say something."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in options.items() if value}


def _task(kind: type[DataTask], **options: Any) -> DataTask:
    try:
        return kind.model_validate(options).starting_at(".")
    except ValidationError as error:
        problems = [describe(item) for item in error.errors(include_url=False)]
        raise DataError("; ".join(problems)) from None


def _fitting(task: CsvSeries | Text, room: Callable[[], int]) -> int:
    """The usual sequence length, or a shorter one that the held-out part has ``room`` for.

    Raises:
        DataError: in one line, all of the task's problems.
    """
    unfit = task.problems(SHORTEST_LENGTH)
    length = SHORTEST_LENGTH if unfit else max(SHORTEST_LENGTH, min(DEFAULT_LENGTH, room()))
    if problems := unfit or task.problems(length):
        raise DataError("; ".join(problems))
    return length


def _file(name: str, about: dict[str, str], task: Any, training: dict[str, Any], hidden: int = 16) -> PresetFile:
    lanes = [
        {"kind": "rnn", "hidden_size": hidden, "initializer": "orthogonal"},
        {"kind": "fnn", "hidden_size": hidden, "window": 1},
    ]
    shown = {key: plain(value)[:500] for key, value in about.items()}
    return PresetFile(name, parse({**shown, "task": task, "training": training, "lanes": lanes}, name))
