"""Export the metrics of every step as CSV."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import chain, zip_longest
from math import isnan

from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.exports.safe_filenames import safe
from rnn_tui.session.session import Session


def as_csv(session: Session, run: str, lanes: Sequence[int]) -> dict[str, bytes]:
    """Return ``RUN.csv`` with one row for each step of the history.

    A row has the step, then for each lane the loss on the step's batch and the gradient norm before clipping, both
    before the step's update.  Numbers are exact.  If a lane's history is shorter than another's, its cells are empty.

    In a long run, whose first steps are stored as blocks, each block has a row, and there are more columns: ``steps``
    is the number of steps of the row, the metric's column has their mean, ``min`` and ``max`` their range.
    """
    timelines, names = [session.timelines[i] for i in lanes], [session.preset.names[i] for i in lanes]
    histories = [history for timeline in timelines for history in (timeline.losses, timeline.norms)]
    header = [f"{name} {metric}" for name in names for metric in ("loss", "gradient norm")]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if any(history.first for history in histories):
        writer.writerow(["step", "steps", *(f"{name}{end}" for name in header for end in ("", " min", " max"))])
        writer.writerows(_blocks(histories))
        writer.writerows(_steps_beside_blocks(histories))
    else:
        writer.writerow(["step", *header])
        columns = [[_cell(value) for value in history.values.tolist()] for history in histories]
        writer.writerows(zip_longest(range(max(map(len, columns))), *columns))
    return {f"{safe(run, 'run')}.csv": text.getvalue().encode("utf-8")}


def _cell(value: float) -> float | None:
    """Return the value; None, an empty cell, if it is unknown."""
    return None if isnan(value) else value


def _blocks(histories: Sequence[MetricHistory]) -> Iterator[list[object]]:
    """Yield a row for each block; lanes with blocks of another width get separate rows."""
    empty: list[object] = [None for _ in range(3 * len(histories))]
    rows: dict[tuple[int, int], list[object]] = {}
    for column, history in enumerate(histories):
        for i, (low, high, mean) in enumerate(history.blocks.tolist()):
            row = rows.setdefault((i * history.width, history.width), [*empty])
            row[3 * column : 3 * column + 3] = [_cell(mean), _cell(low), _cell(high)]
    for (step, width), row in sorted(rows.items(), key=lambda item: item[0]):
        yield [step, width, *row]


def _steps_beside_blocks(histories: Sequence[MetricHistory]) -> Iterator[list[object]]:
    """Yield a row for each step with an exact number."""
    begin, end = min(history.first for history in histories), max(map(len, histories))
    columns = [chain([None] * (history.first - begin), map(_cell, history.values.tolist())) for history in histories]
    for step, values in zip(range(begin, end), zip_longest(*columns), strict=True):
        yield [step, 1, *chain.from_iterable((value, None, None) for value in values)]
