"""A sequence of the user's own: typed symbols, bits or numbers, which the nets read in place of the probe."""

import re
from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.losses import Answer
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.errors import DataError
from rnn_tui.tasks import Task
from rnn_tui.tasks.base import one_hot

MOST_TYPED = 500  # time steps


@dataclass(frozen=True, eq=False, slots=True)
class OwnSequence:
    """A sequence as it was typed, and as the nets read it: a batch of one sequence."""

    text: str
    batch: Batch


def own_sequence(task: Task, text: str) -> OwnSequence:
    """Return a typed sequence, with the task's targets if it can tell them; otherwise nothing is scored.

    Raises DataError.
    """
    x = _symbols(task, text) if task.alphabet else _numbers(task, text)
    if not 1 <= len(x) <= MOST_TYPED:
        raise DataError(
            f"a sequence has 1 to {MOST_TYPED} time steps, not {len(x):,}" if len(x) else "type at least one time step"
        )
    known = task.target_of(x)
    if known is None:
        shape = (len(x), 1) if task.loss.answer is Answer.CLASS else (len(x), task.output_size, 1)
        whole = int if task.loss.answer is Answer.CLASS else float
        known = np.zeros(shape, whole), np.zeros((len(x), 1))
    return OwnSequence(text, Batch(x, *known))


def typed_text(task: Task, x: Array) -> str:
    """Return the text that spells inputs (T, I)."""
    if task.alphabet:
        return task.spelled([int(code) for code in x.argmax(axis=1)])
    if are_bits(task, x):
        return "".join(f"{bit:.0f}" for bit in x[:, 0])
    values = np.stack([task.input_in_units(x[:, i], i) for i in range(x.shape[1])], axis=1)
    return " ".join(",".join(f"{value:.3g}" for value in row) for row in values)


def are_bits(task: Task, x: Array) -> bool:
    """Return whether inputs (T, I) are bits, each typed as one digit."""
    return len(task.channels) == 1 and not task.predicts_numbers and bool(np.isin(x, (0.0, 1.0)).all())


def how_to_type(task: Task) -> str:
    """Return how a sequence is typed, for the dialog that asks for it."""
    if task.alphabet:
        shown = " ".join(map(repr, task.alphabet[:12])) + (" …" if len(task.alphabet) > 12 else "")
        return f"The symbols, one after the other: {shown}"
    if len(task.channels) == 1 and not task.predicts_numbers:
        return "Bits, as in 0110100; or numbers with spaces between them"
    if len(task.channels) == 1:
        return "Numbers with spaces between them, as in 0.1 0.5 -0.2"
    names = ",".join(task.channels)
    return f"{names} of each time step, with spaces between the time steps, as in " + " ".join(
        [",".join(["0.5"] * len(task.channels))] * 2
    )


def _symbols(task: Task, text: str) -> Array:
    codes = np.array(task.encoded(text), int)
    return one_hot(codes[:, None], task.input_size)


def _numbers(task: Task, text: str) -> Array:
    """Return x (T, I, 1) from numbers in the user's units; digits 0 and 1 without spaces are bits."""
    channels = task.channels
    bits = len(channels) == 1 and not task.predicts_numbers and re.fullmatch(r"[01\s]*", text)
    steps = list(re.sub(r"\s", "", text)) if bits else text.split()
    rows = []
    for t, step in enumerate(steps):
        parts = [part for part in step.split(",") if part]
        if len(channels) == 1 and len(parts) > 1:
            raise DataError(f"{step!r} at t = {t}: put spaces between numbers")
        if len(parts) != len(channels):
            raise DataError(f"{step!r} at t = {t} has {len(parts)} of {len(channels)} inputs: {', '.join(channels)}")
        try:
            rows.append([float(part) for part in parts])
        except ValueError:
            raise DataError(f"{step!r} at t = {t} is not a number") from None
    values = np.array(rows, float).reshape(len(rows), len(channels))
    if not np.isfinite(values).all():
        raise DataError("a number is not finite")
    for i in range(len(channels)):
        zero, one = task.input_in_units(np.array([0.0, 1.0]), i)
        values[:, i] = (values[:, i] - zero) / (one - zero)
    return values[..., None]
