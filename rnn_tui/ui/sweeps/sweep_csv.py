"""The numbers of a sweep as CSV: a line for each point and lane, or a line for each run and lane."""

from math import isfinite

from rnn_tui.experiments.jobs import SEED
from rnn_tui.exports.sweep_csv import as_csv, csv_text
from rnn_tui.ui.sweeps.measures import LOSS, Summary
from rnn_tui.ui.sweeps.sweep_data import SweepData

POINTS_CSV, RUNS_CSV = "points.csv", "runs.csv"
QUARTILES = ("first_quartile", "median", "third_quartile")


def csv_of(data: SweepData, kind: str) -> bytes:
    """Return the table of POINTS_CSV or RUNS_CSV."""
    if kind == POINTS_CSV:
        return points_csv(data)
    return as_csv(_keys(data), sorted(data.runs, key=lambda run: int(run["index"])))


def points_csv(data: SweepData) -> bytes:
    """Return a line for each point and lane: quartiles and median of the loss, the medians of the other measures."""
    others = [measure for measure in data.measures if measure is not LOSS]
    head = [*_keys(data), "lane", "runs", "diverged", "failed", *(f"loss_{each}" for each in QUARTILES)]
    head += ["solved_share" if measure.share else f"{measure.name}_median" for measure in others]
    lines = []
    for place in data.places:
        runs = data.at(dict(zip(data.keys, place, strict=True)))
        for lane, name in enumerate(data.outline.lanes):
            loss = LOSS.summary(runs, lane)
            numbers = [*loss[:3], *(measure.summary(runs, lane).median for measure in others)]
            lines.append([*(runs[0]["point"].get(key) for key in _keys(data)), name, loss.runs, *_ends(loss),
                          *map(_cell, numbers)])  # fmt: skip
    return csv_text([head, *lines]).encode()


def _keys(data: SweepData) -> list[str]:
    """Return all keys that the sweep sets, without the seed."""
    return [key for key in dict.fromkeys(key for point in data.outline.points for key in point) if key != SEED]


def _ends(summary: Summary) -> tuple[int, int]:
    return summary.diverged, summary.failed


def _cell(value: float | None) -> float | None:
    """Return a finite number, or None, which is an empty cell."""
    return value if value is not None and isfinite(value) else None
