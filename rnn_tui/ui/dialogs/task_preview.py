"""A task in a few characters: one of its sequences, with a row for each input and one for the target."""

from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len, set_cell_size

from rnn_tui.engine.losses import Answer
from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import loss_text
from rnn_tui.presets.preset import Preset
from rnn_tui.tasks.base import Task
from rnn_tui.ui.render.glyphs import bars, symbols

COLUMNS = 40  # of the picture; usually one per time step
MOST_INPUTS = 4  # rows
TARGET, CUT = "target", "…"


def labels(task: Task) -> list[str]:
    """Return the labels of the rows that ``rows`` draws, known before a sequence is drawn."""
    inputs = ("x",) if task.alphabet else task.channels
    return [*inputs[:MOST_INPUTS], TARGET]


def rows(preset: Preset) -> list[str]:
    """Return a sequence as the preset's nets get it; the target is a dot if no answer is scored.

    A long sequence is cut to its first time steps, or to both ends if none of the first is scored.
    """
    task: Task = preset.task
    batch = task.held_out(np.random.default_rng(0), 1, preset.held_out_length)
    x, mask = np.asarray(batch.x)[:, :, 0], np.asarray(batch.mask)[:, 0]
    target = np.where(mask > 0, np.asarray(batch.target).reshape(len(mask), -1)[:, 0], np.nan)
    together = np.concatenate([x.ravel(), target])
    if task.alphabet:
        drawn = [symbols(task.alphabet, x.argmax(axis=1))]
    else:
        alone = x.shape[1] == 1  # a single input has the same scale as the target
        drawn = [bars(values, *_range(task, together if alone else values)) for values in x.T[:MOST_INPUTS]]
    if task.loss.answer is Answer.CLASS:
        drawn.append(symbols(task.classes, target))
    else:
        drawn.append(bars(target, *_range(task, together)))
    columns = [_column(cells) for cells in zip(*drawn, strict=True)]
    return ["".join(row) for row in zip(*_fitting(columns, mask), strict=True)]


def floors(preset: Preset) -> list[str]:
    """Return the lowest loss that each lane's window allows, as text; empty if it is unknown."""
    found = []
    for lane in preset.lanes:
        floor = preset.task.floor(getattr(lane, "window", None), preset.held_out_length)
        found.append("" if floor is None else f"floor {'' if floor.exact else '≈'}{loss_text(floor.loss)}")
    return found


def _range(task: Task, values: Array) -> tuple[float, float]:
    """Return the range of values; for bits at least 0 to 1."""
    found = values[np.isfinite(values)]
    low, high = float(found.min()), float(found.max())
    return (low, high) if task.loss.answer is Answer.NUMBER else (min(low, 0.0), max(high, 1.0))


def _column(cells: Sequence[str]) -> list[str]:
    """Pad the cells of one time step to the same width, with a gap after names."""
    width = max(cell_len(cell) for cell in cells)
    return [set_cell_size(cell, width + (width > 1)) for cell in cells]


def _fitting(columns: list[list[str]], mask: Array) -> list[list[str]]:
    """Return the time steps that fit."""
    room = COLUMNS
    if len(columns) > COLUMNS and not mask[:COLUMNS].any():
        half = COLUMNS // 2
        columns = [*columns[: half - 1], [CUT] * len(columns[0]), *columns[-half:]]
        room += COLUMNS  # both ends may have names
    shown = []
    for column in columns:
        room -= cell_len(column[0])
        if room < 0:
            break
        shown.append(column)
    return shown
