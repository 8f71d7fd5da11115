"""The results of a sweep: read from its folder, and summarized over the seeds of each point."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rnn_tui.engine.quantiles import quantile
from rnn_tui.errors import DataError, FileError
from rnn_tui.experiments.jobs import SEED, Point, Row, preset_at
from rnn_tui.experiments.sweep_plan import SweepPlan
from rnn_tui.presets.preset import Preset
from rnn_tui.presets.validation_messages import describe
from rnn_tui.storage.files import expanded, path_kind, read_text
from rnn_tui.storage.line_file import complete_lines

PLAN, RESULTS = "sweep.json", "results.jsonl"
OF_RUN = ("index", "point", "step", "end", "error")  # which each result line has
OF_LANE = ("name", "kind", "loss", "accuracy", "r2", "floor", "solved", "solved_at", "best_loss", "best_step")
CURVES = ("held_out_steps", "held_out_losses", "train_losses")  # of a lane, in a result line


@dataclass(frozen=True)
class Quartiles:
    """Median and quartiles of a number over seeds; infinite where a run has no finite number."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Quartiles | None":
        """Return the quartiles of some values; None if there are none."""
        ordered = sorted(values)
        return cls(*(quantile(ordered, share) for share in (0.5, 0.25, 0.75))) if ordered else None


@dataclass(frozen=True)
class LaneSummary:
    """One lane over the seeds of a point.

    Attributes:
        number: of the lane, from 0.
        loss: held-out loss at the end of the runs; None if every run failed.
        runs: number of runs, those that failed included.
        solved: number of runs at whose end the lane had solved the task; None if the task does not define it.
        steps_to_solve: step at which it was first seen solved, over the runs in which it ever was; None if in none.
    """

    number: int
    name: str
    kind: str
    loss: Quartiles | None
    accuracy: Quartiles | None
    runs: int
    solved: int | None
    steps_to_solve: Quartiles | None

    @property
    def solved_share(self) -> float | None:
        return None if self.solved is None else self.solved / self.runs


@dataclass(frozen=True)
class PointSummary:
    """All runs of a point, which differ in their seeds.

    Attributes:
        point: without the seed.
        rows: of the runs, by index.
    """

    point: Point
    rows: tuple[Row, ...]
    lanes: tuple[LaneSummary, ...]

    @property
    def failed(self) -> int:
        return _count(self.rows, "failed")

    @property
    def diverged(self) -> int:
        return _count(self.rows, "diverged")


@dataclass(frozen=True)
class SweepResults:
    """A sweep's plan and the results so far.

    Attributes:
        rows: the result lines, by index.
    """

    plan: SweepPlan
    rows: tuple[Row, ...]

    def preset(self, row: Mapping[str, Any]) -> Preset:
        """Return the preset of a run, with its seed: training it gives the run again.  Raises PresetError."""
        return preset_at(self.plan.preset, row["point"])

    def by_point(self) -> list[PointSummary]:
        """Return a summary of each point over its seeds, in the order of their first runs."""
        groups: dict[str, list[Row]] = {}
        for row in self.rows:
            groups.setdefault(json.dumps(without_seed(row["point"])), []).append(row)
        return [
            PointSummary(without_seed(rows[0]["point"]), tuple(rows), tuple(summarized(rows)))
            for rows in groups.values()
        ]


def read_results(folder: str | Path, curves: bool = True) -> SweepResults:
    """Read the plan and the results so far from a sweep's folder; the sweep may still run.

    Args:
        folder: of the sweep, the DIR of ``rnn-tui sweep -o DIR``.
        curves: False leaves out the curves of the runs, which need most of the memory.

    Raises:
        RnnTuiError: the folder has no sweep, or its files are not those of a sweep.
    """
    path = expanded(str(folder))
    rows = sorted(result_rows(path, curves), key=lambda row: int(row["index"]))
    return SweepResults(read_plan(path), tuple(rows))


def read_plan(folder: Path) -> SweepPlan:
    """Return the plan of the sweep in a folder.  Raises RnnTuiError."""
    path = folder / PLAN
    if not path_kind(path):
        raise DataError(f"{folder}: no sweep ({PLAN} is missing)")
    try:
        return SweepPlan.model_validate(json.loads(read_text(path)))
    except ValidationError as error:
        raise FileError(str(path), [describe(problem) for problem in error.errors(include_url=False)]) from None
    except (ValueError, RecursionError) as error:
        raise FileError(str(path), [f"not JSON: {error}"]) from None


def result_rows(folder: Path, curves: bool = True, runs: int | None = None) -> Iterator[Row]:
    """Yield the results in the order in which the runs ended; of runs with the same index only the first.

    ``runs``: number of runs of the sweep, if known.

    Raises:
        RnnTuiError: a line is not a result.
    """
    path, seen = folder / RESULTS, set[int]()
    if not path_kind(path):
        return
    for number, line in enumerate(complete_lines(path), 1):
        row = result_of(line, path, number, runs, curves)
        if row["index"] not in seen:
            seen.add(row["index"])
            yield row


def result_of(line: bytes, path: Path, number: int, runs: int | None = None, curves: bool = False) -> Row:
    """Return the result in a line of a file.  Raises FileError if it is none; ``number``: of the line, from 1."""
    try:
        row: Row = json.loads(line)
        valid = _is_result(row) and (runs is None or row["index"] < runs)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        valid = False
    if not valid:
        said = f"line {number:,} is not a result of this sweep; delete it, and the sweep trains the run again"
        raise FileError(str(path), [said])
    if not curves:
        row["lanes"] = [{key: value for key, value in lane.items() if key not in CURVES} for lane in row["lanes"]]
    return row


def _is_result(row: Row) -> bool:
    return (
        type(row["index"]) is int
        and row["index"] >= 0
        and all(key in row for key in OF_RUN)
        and isinstance(row["point"], dict)
        and all(key in lane for lane in row["lanes"] for key in OF_LANE)
    )


def summarized(rows: Sequence[Row]) -> Iterator[LaneSummary]:
    """Yield the summary of each lane over runs that differ only in their seeds."""
    trained = [row for row in rows if row["lanes"]]
    for number in range(len(trained[0]["lanes"]) if trained else 0):
        lanes = [row["lanes"][number] for row in trained]
        yield summary_of_lane(
            number, lanes[0]["name"], lanes[0]["kind"], len(rows),
            losses=[inf if lane["loss"] is None else lane["loss"] for lane in lanes],
            accuracies=[lane["accuracy"] for lane in lanes if lane["accuracy"] is not None],
            solved=[lane["solved"] for lane in lanes if lane["solved"] is not None],
            solved_at=[lane["solved_at"] for lane in lanes if lane["solved_at"] is not None],
        )  # fmt: skip


def summary_of_lane(
    number: int,
    name: str,
    kind: str,
    runs: int,
    losses: Sequence[float],
    accuracies: Sequence[float],
    solved: Sequence[bool],
    solved_at: Sequence[int],
) -> LaneSummary:
    """Return the summary of a lane over ``runs`` runs; the lists lack the runs in which there is no such number."""
    return LaneSummary(
        number, name, kind, Quartiles.of(losses), Quartiles.of(accuracies), runs,
        solved=sum(solved) if solved else None, steps_to_solve=Quartiles.of(solved_at),
    )  # fmt: skip


def without_seed(point: Mapping[str, Any]) -> Point:
    """Return the point without the seed: what the runs of a group have in common."""
    return {key: value for key, value in point.items() if key != SEED}


def _count(rows: Sequence[Row], end: str) -> int:
    return sum(row["end"] == end for row in rows)
