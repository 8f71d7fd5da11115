"""Export the results of a sweep as CSV: one row for each run and lane."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from rnn_tui.experiments.jobs import SEED, Row

OF_RUN = ("step", "end", "error")
OF_LANE = ("loss", "accuracy", "r2", "floor", "solved", "solved_at", "best_loss", "best_step")


def as_csv(keys: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return the rows as CSV, by index; a run that failed has one row, without a lane.

    ``keys``: those that the sweep varies, without the seed; each has a column.
    """
    columns = (*keys, SEED)
    found = {row["index"]: csv_text(_cells(row, columns)) for row in rows}  # as text, which needs less memory
    head = csv_text([["index", *columns, "lane", "kind", *OF_RUN, *OF_LANE]])
    return "".join([head, *(found[index] for index in sorted(found))]).encode("utf-8")


def _cells(row: Row, columns: Sequence[str]) -> Iterator[list[Any]]:
    """Yield the cells of a run: one row for each lane."""
    of_run = [row[name] for name in OF_RUN]
    for lane in row["lanes"] or [{}]:
        cells = [*map(row["point"].get, columns), lane.get("name"), lane.get("kind"), *of_run, *map(lane.get, OF_LANE)]
        yield [row["index"], *map(_cell, cells)]


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as the text of a CSV file."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
