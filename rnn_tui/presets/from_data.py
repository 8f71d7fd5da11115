"""Make a preset for the user's own data file; the command line and the lab open it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from rnn_tui.errors import DataError, escaped
from rnn_tui.presets.preset import parse
from rnn_tui.presets.store import PresetFile, load
from rnn_tui.presets.validation_messages import describe
from rnn_tui.storage.files import expanded
from rnn_tui.tasks import CsvSeries, Text
from rnn_tui.tasks.holdout import HoldoutSplit

DEFAULT_LENGTH, SHORTEST_LENGTH = 40, 8
FEW_ROWS = 500  # with fewer rows a net memorizes them unless it is regularized more
TABLES = (".csv", ".tsv", ".dat")
# Measured on series like monthly sunspots and daily temperatures: without weight decay, and with a constant learning
# rate, the held-out loss of the RNN rises again after some hundred updates.
SERIES = {"learning_rate": 0.005, "schedule": "cosine", "schedule_steps": 1000, "steps": 1000, "speed": 100}

DataTask = TypeVar("DataTask", CsvSeries, Text)


def from_csv(
    path: str, column: str | None = None, horizon: int = 1, inputs: Sequence[str] = (), **reading: Any
) -> PresetFile:
    """Return a preset with the two default lanes on a column of numbers and further ``inputs``.

    A short file gets shorter sequences.  ``reading``: how to read the file, as options of the task: missing, decimal,
    encoding.

    Raises:
        DataError: the file cannot be used; the message has all problems in one line.
    """
    task = _task(CsvSeries, path=path, column=column, horizon=horizon, inputs=list(inputs), **_given(reading))
    length = _fitting(task, lambda: HoldoutSplit.fits(len(task.raw)) - horizon)
    few = len(task.raw) < FEW_ROWS
    name = escaped(Path(path).stem)
    about = {
        "title": f"{name}: {column}" if column else name,
        "question": f"How well do the past values{' of all columns' if inputs else ''} predict "
        + ("the next one?" if horizon == 1 else f"the one {horizon} rows ahead?"),
        "expect": (
            "With so few rows persistence may be best. " if few else "The RNN ends near the linear line or below it. "
        )
        + "A net is useful only if it beats persistence; a lane below its own linear floor found a nonlinear relation.",
    }
    training = {**SERIES, "sequence_length": length, "weight_decay": 0.01 if few else 0.003}
    return _file(name, about, task, training)


def from_text(path: str, level: str = "characters", encoding: str | None = None) -> PresetFile:
    """Return a preset with the two default lanes on the characters or words of a text.

    Raises:
        DataError: the file cannot be used; the message has all problems in one line.
    """
    task = _task(Text, path=path, level=level, **_given({"encoding": encoding}))
    length = _fitting(task, lambda: len(task.tokens.held_out) - 1)
    name, one = escaped(Path(path).stem), level.removesuffix("s")
    about = {
        "title": f"{name}, {one} by {one}",
        "question": f"How much does more context than one {one} help to predict the next one?",
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
    """Return the preset for a file: a preset (.toml), a table (.csv, .tsv, .dat, or if a column is given), or a text.

    ``reading``: as in ``from_csv``.

    Raises:
        RnnTuiError: the file cannot be used.
    """
    if suffix_of(path) == ".toml":
        return load(expanded(path))
    if suffix_of(path) in TABLES or column or inputs:
        return from_csv(path, column, horizon, inputs, **reading)
    return from_text(path, level, reading.get("encoding"))


def suffix_of(path: str) -> str:
    """Return the file name's suffix in lower case, without a final .gz."""
    return Path(path.lower().removesuffix(".gz")).suffix


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that are not empty."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in options.items() if value}


def _task(kind: type[DataTask], **options: Any) -> DataTask:
    try:
        return kind.model_validate(options).starting_at(".")
    except ValidationError as error:
        problems = [describe(item) for item in error.errors(include_url=False)]
        raise DataError("; ".join(problems)) from None


def _fitting(task: CsvSeries | Text, room: Callable[[], int]) -> int:
    """Return the default sequence length, or a shorter one if the held-out part has less ``room``.

    Raises:
        DataError: the task has problems; the message has all of them in one line.
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
    texts = {key: escaped(value)[:500] for key, value in about.items()}
    return PresetFile(name, parse({**texts, "task": task, "training": training, "lanes": lanes}, name))
