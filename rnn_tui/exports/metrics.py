"""Metrics of every step as CSV."""

import csv
from collections.abc import Sequence
from io import StringIO
from itertools import zip_longest

from rnn_tui.exports.names import safe
from rnn_tui.session.session import Session


def as_csv(session: Session, run: str, lanes: Sequence[int]) -> dict[str, bytes]:
    """``RUN.csv``, a row for each step of the history: its number, then of each lane the loss on the step's batch and
    the norm of the gradient before clipping, both before the step's update.

    Numbers are exact.  Where a lane's history is shorter than another's, its cells are empty.
    """
    frame = session.frame()
    shown = [frame.lanes[i] for i in lanes]
    columns = [column.tolist() for lane in shown for column in (lane.losses, lane.norms)]
    header = [f"{lane.name} {metric}" for lane in shown for metric in ("loss", "gradient norm")]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", *header])
    writer.writerows(zip_longest(range(max(map(len, columns))), *columns))
    return {f"{safe(run, 'run')}.csv": text.getvalue().encode("utf-8")}
