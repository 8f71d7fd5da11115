"""Export the results of a sweep as CSV: one row for each run and lane."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from rnn_tui.experiments.jobs import SEED, Row

OF_RUN = ("step", "end", "error")
OF_LANE = ("loss", "accuracy", "r2", "floor", "solved", "solved_at", "best_loss", "best_step")


def as_csv(keys: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return the rows as CSV; a run that failed has one row, without a lane.

    ``keys``: those that the sweep varies, without the seed; each has a column.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["index", *keys, SEED, "lane", "kind", *OF_RUN, *OF_LANE])
    for row in rows:
        point = [_cell(row["point"].get(key)) for key in (*keys, SEED)]
        for lane in row["lanes"] or [{}]:
            which = [lane.get("name"), lane.get("kind")]
            values = [_cell(lane.get(name)) for name in OF_LANE]
            writer.writerow([row["index"], *point, *which, *(row[name] for name in OF_RUN), *values])
    return text.getvalue().encode("utf-8")


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
