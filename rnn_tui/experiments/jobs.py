"""One run as a job: a function from plain data to plain data, which any process on any machine can compute."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any, TypeAlias

import numpy as np

from rnn_tui.engine.held_out_history import is_measured
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.experiments.early_stop import End, SolvedRule, StopRules, out_of_patience
from rnn_tui.experiments.run_errors import error_line
from rnn_tui.experiments.training_run import TrainingRun
from rnn_tui.number_format import finite_or_none
from rnn_tui.presets.key_paths import changed
from rnn_tui.presets.preset import Preset, affordable, parse
from rnn_tui.session.divergence import divergence
from rnn_tui.session.evaluation import LaneEvaluation
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import DivergenceError

Point: TypeAlias = dict[str, Any]  # values by dotted key, as ``--set`` takes them
Row: TypeAlias = dict[str, Any]  # a result line, as plain data

SEED = "training.seed"
MOST_TRAIN_LOSSES = 64  # in a result line, for each lane


@dataclass(frozen=True)
class Job:
    """One run of a preset; it can be pickled.

    Attributes:
        index: its number in the sweep, from 0.
        preset: the document of the preset, as plain data with absolute paths.
        point: the values that are set in it, by dotted key; ``training.seed`` among them.
        steps: the last step.
        stop: rules that end it earlier.
    """

    index: int
    preset: Mapping[str, Any]
    point: Point
    steps: int
    stop: StopRules = StopRules()  # noqa: RUF009, it is frozen


def preset_at(document: Mapping[str, Any], point: Mapping[str, Any], before: Preset | None = None) -> Preset:
    """Return the preset of one point, as ``--set`` gives it.

    ``before``: a preset whose task, with the data that it has read, is used again if the point has the same one.

    Raises:
        PresetError: with all problems of the point.
    """
    after = changed(document, point, "settings")
    if before is not None and after.get("task") == before.document()["task"]:
        after["task"] = before.task
    return parse(after, "settings")


def run_job(job: Job, between: Callable[[], None] = lambda: None) -> Row:
    """Train one run, and return its result line; it depends on the job alone.

    A run that fails has the end "failed" and an error of one line; nothing is raised but KeyboardInterrupt.

    Args:
        job: the run.
        between: is called between measurements; a BaseException from it ends the run and is passed on.
    """
    try:
        return _result(job, _latest.experiment(job), between)
    except Exception as error:  # a fault in one run must not end the others
        return failed(job, error_line(error))


def failed(job: Job, error: str) -> Row:
    """Return the result line of a job that could not be computed; ``error``: why, in one line."""
    return _row(job, 0, "failed", error, [])


class _Latest:
    """The latest task, its data and its floors, for the next job: they cost more than many a run.

    They are a function of the ``[task]`` table, so results do not depend on which jobs a process has computed before.
    """

    def __init__(self) -> None:
        self._experiment: Experiment | None = None

    def experiment(self, job: Job) -> Experiment:
        """Return the experiment of a job.  Raises PresetError."""
        before = self._experiment
        preset = preset_at(job.preset, job.point, before.preset if before else None)
        affordable(preset)
        self._experiment = Experiment(preset, before)
        return self._experiment


_latest = _Latest()


def _result(job: Job, experiment: Experiment, between: Callable[[], None]) -> Row:
    run, rule = _WatchedRun(experiment), SolvedRule.of(experiment)
    end, error = run.train(job.steps, job.stop, rule, between)
    found = run.latest
    if end != "diverged" and (broken := [lane.name for lane in found.lanes if not isfinite(lane.score.loss)]):
        end, error = "diverged", divergence(experiment.preset, run.step, broken[0])
    return _row(job, run.step, end, error, run.lanes(rule))


class _WatchedRun:
    """A run whose held-out loss is measured at the fixed steps."""

    def __init__(self, experiment: Experiment) -> None:
        self._run = TrainingRun(experiment, curves=True)
        self._curves = [_Curve() for _ in experiment.preset.lanes]
        self._solved_at: list[int | None] = [None for _ in experiment.preset.lanes]
        self.latest = self._run.evaluate()

    @property
    def step(self) -> int:
        return self._run.step

    def train(
        self, steps: int, stop: StopRules, rule: SolvedRule, between: Callable[[], None]
    ) -> tuple[End, str | None]:
        """Train up to a step or until a rule ends it; return the reason, and which lane diverged."""
        for goal in _measured_steps(steps):
            between()
            try:
                self._run.forward(goal - self.step)
            except DivergenceError as error:
                self.latest = self._run.evaluate()
                return "diverged", divergence(self._run.preset, error.step, self._run.preset.names[error.lane])
            met = self._measure(rule)
            if stop.solved and rule.able and all(met[lane] for lane in rule.able):
                return "solved", None
            if stop.patience is not None and out_of_patience(
                stop.patience, self.step, [curve.best_step or 0 for curve in self._curves]
            ):
                return "patience", None
        return "steps", None

    def _measure(self, rule: SolvedRule) -> list[bool | None]:
        """Evaluate the lanes, and return which have solved the task."""
        if self.step:
            self.latest = self._run.evaluate()
        lanes = self.latest.lanes
        if is_measured(self.step):
            for curve, lane in zip(self._curves, lanes, strict=True):
                curve.add(self.step, lane.score.loss)
        met = [rule.met(lane.score.loss, lane.score.accuracy) for lane in lanes]
        self._solved_at = [
            self.step if now and at is None else at for now, at in zip(met, self._solved_at, strict=True)
        ]
        return met

    def lanes(self, rule: SolvedRule) -> list[Row]:
        """Return the part of each lane in the result line."""
        return [
            _lane(found, rule.met(found.score.loss, found.score.accuracy), at, curve)
            | {"train_losses": _thinned(timeline.losses, self.step)}
            for found, at, curve, timeline in zip(
                self.latest.lanes, self._solved_at, self._curves, self._run.timelines, strict=True
            )
        ]


def _measured_steps(last: int) -> Iterator[int]:
    """Yield the steps at which the held-out loss is measured, and the last step."""
    yield from (step for step in range(last) if is_measured(step))
    yield last


def _row(job: Job, step: int, end: End, error: str | None, lanes: list[Row]) -> Row:
    point = dict(job.point)
    return {"index": job.index, "point": point, "step": step, "end": end, "error": error, "lanes": lanes}


def _lane(lane: LaneEvaluation, solved: bool | None, solved_at: int | None, curve: "_Curve") -> Row:
    score = lane.score
    return {
        "name": lane.name,
        "kind": lane.settings.kind,
        "loss": finite_or_none(score.loss),
        "accuracy": score.accuracy,
        "r2": finite_or_none(score.r2),
        "floor": None if lane.floor is None else lane.floor.loss,
        "solved": solved,
        "solved_at": solved_at,
        "best_loss": curve.best_loss,
        "best_step": curve.best_step,
        "held_out_steps": curve.steps,
        "held_out_losses": curve.losses,
    }


class _Curve:
    """The held-out losses of a lane at the fixed steps; a loss that is not finite is None."""

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.losses: list[float | None] = []
        self.best_step: int | None = None
        self.best_loss: float | None = None

    def add(self, step: int, loss: float) -> None:
        self.steps.append(step)
        self.losses.append(finite_or_none(loss))
        if isfinite(loss) and (self.best_loss is None or loss < self.best_loss):
            self.best_step, self.best_loss = step, loss


def _thinned(losses: MetricHistory, steps: int) -> list[list[Any]]:
    """Return at most MOST_TRAIN_LOSSES pairs of a step and the mean training loss since the pair before.

    Losses that are exactly 0, those of batches in which nothing is scored, do not count.  The means are rounded to six
    digits, since they are only drawn.
    """
    count = min(steps, MOST_TRAIN_LOSSES)
    edges = [steps * part // count for part in range(count + 1)] if count else [0]
    if losses.first:  # a long history, of which only the latest values are exact
        means = [losses.mean(begin, end) for begin, end in pairwise(edges)]
    else:
        with np.errstate(over="ignore"):
            sums = np.add.reduceat(losses.values[:steps], edges[:-1])
        counts = np.add.reduceat((losses.values[:steps] != 0).astype(int), edges[:-1])
        means = (sums / np.maximum(1, counts)).tolist()
    return [[end, finite_or_none(float(f"{mean:.6g}"))] for end, mean in zip(edges[1:], means, strict=True)]
