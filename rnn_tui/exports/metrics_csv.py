"""Export the metrics of every step as CSV."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import chain
from math import isnan

from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.engine.metric_history import LOW, MEAN, MetricHistory
from rnn_tui.exports.safe_filenames import safe
from rnn_tui.session.session import Session

METRICS = ("training loss", "held-out loss", "gradient norm")


def as_csv(session: Session, run: str, lanes: Sequence[int]) -> dict[str, bytes]:
    """Return ``RUN.csv`` with one row for each step of the history.

    A row has the step, then for each lane the loss on the step's batch, the held-out loss if it was measured at this
    step, and the gradient norm before clipping, all before the step's update.  A last row has the held-out losses after
    the last update, if they were measured.  Numbers are exact.  If a lane's history is shorter than another's, its
    cells are empty.

    In a long run, whose first steps are stored as blocks, each block has a row, and there are more columns: ``steps``
    is the number of steps of the row, the metric's column has their mean, ``min`` and ``max`` their range.
    """
    timelines, names = [session.timelines[i] for i in lanes], [session.preset.names[i] for i in lanes]
    columns = [column for line in timelines for column in (line.losses, line.held_out, line.norms)]
    header = [f"{name} {metric}" for name in names for metric in METRICS]
    metrics = [column for column in columns if isinstance(column, MetricHistory)]
    in_blocks = any(history.first for history in metrics)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if in_blocks:
        writer.writerow(["step", "steps", *(f"{name}{end}" for name in header for end in ("", " min", " max"))])
        for step, width in sorted({block for history in metrics for block in _blocks_of(history)}):
            writer.writerow([step, width, *chain.from_iterable(_over(column, step, width) for column in columns)])
    else:
        writer.writerow(["step", *header])
    begin, end = min(history.first for history in metrics), max(map(len, metrics))
    for step, values in enumerate(zip(*(_cells(column, begin, end + 1) for column in columns), strict=True), begin):
        if step == end and all(value is None for value in values):
            break
        row = chain.from_iterable((value, None, None) for value in values) if in_blocks else values
        writer.writerow([step, *([1] if in_blocks else []), *row])
    return {f"{safe(run, 'run')}.csv": text.getvalue().encode("utf-8")}


def _cell(value: float) -> float | None:
    """Return the value; None, an empty cell, if it is unknown."""
    return None if isnan(value) else value


def _cells(column: MetricHistory | HeldOutHistory, begin: int, end: int) -> Iterator[float | None]:
    """Yield the exact values of the steps from ``begin`` to before ``end``; None if there is none."""
    if isinstance(column, HeldOutHistory):
        losses = dict(zip(column.steps.tolist(), column.losses.tolist(), strict=True))
        return (losses.get(step) for step in range(begin, end))
    missing = [None] * (column.first - begin), [None] * (end - len(column))
    return chain(missing[0], map(_cell, column.values.tolist()), missing[1])


def _blocks_of(history: MetricHistory) -> Iterator[tuple[int, int]]:
    """Yield the first step and the number of steps of each block; lanes may have blocks of different widths."""
    return ((i * history.width, history.width) for i in range(len(history.blocks)))


def _over(column: MetricHistory | HeldOutHistory, step: int, width: int) -> list[float | None]:
    """Return mean, minimum and maximum over a block; empty cells if the column has no such block."""
    if isinstance(column, HeldOutHistory):
        inside = column.losses[(column.steps >= step) & (column.steps < step + width)]
        return [float(inside.mean()), float(inside.min()), float(inside.max())] if len(inside) else [None] * 3
    if width != column.width or step >= column.first:
        return [None] * 3
    block = column.blocks[step // width].tolist()
    return [_cell(block[MEAN]), *(_cell(value) for value in block[LOW:MEAN])]
