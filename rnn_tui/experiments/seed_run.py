"""One seed of a run: a preset with its edits, trained with another seed up to the same step.

It is a function of its job, so the lab can open it: a session with these settings and this seed has the same bits at
each step.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from rnn_tui.engine.held_out_history import HeldOutHistory, is_measured
from rnn_tui.engine.training import Buffers
from rnn_tui.experiments.early_stop import SolvedRule
from rnn_tui.experiments.run_errors import error_line
from rnn_tui.presets.preset import Preset, affordable, parse
from rnn_tui.session.evaluation import score_lane
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import DivergenceError, ForwardTimeline
from rnn_tui.session.held_out_loss import HeldOutLoss

REPORTS = 50  # a run yields at least so many, if it has so many steps


@dataclass(frozen=True)
class SeedJob:
    """A seed to train; it can be pickled.

    Attributes:
        settings: (step, the preset's document from that step on), the first at step 0.  The seed in it is not used.
        goal: the last step.
    """

    settings: tuple[tuple[int, Mapping[str, Any]], ...]
    seed: int
    goal: int

    def presets(self) -> list[tuple[int, Preset]]:
        """Return (step, the preset with this seed from that step on).  They share one task.  Raises PresetError."""
        found: list[tuple[int, Preset]] = []
        for step, document in self.settings:
            training = {**document["training"], "seed": self.seed}
            task = found[0][1].task if found else document["task"]  # it has read its data already
            found.append((step, parse({**document, "training": training, "task": task}, "settings")))
        return found


@dataclass(frozen=True, eq=False, slots=True)
class LaneRun:
    """One lane of a seed.

    Attributes:
        held_out: the held-out loss at fixed steps, and at the last step.
        loss: the last of them; infinite after a divergence.
        accuracy: on the held-out sequences at the last step; None for numbers, and before the last step.
        solved: whether it has solved the task at the last step; None if that is undefined, and before the last step.
        diverged_at: the step from which the update is not finite; None if all are finite.
    """

    held_out: HeldOutHistory
    loss: float
    accuracy: float | None = None
    solved: bool | None = None
    diverged_at: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class SeedRun:
    """A seed as far as it has come; it can be pickled.

    Attributes:
        step: the last step of its lanes.
        ended: whether it is at its goal, or can go no further.
        error: why it failed, in one line; empty if it did not.
    """

    seed: int
    goal: int
    step: int = 0
    lanes: tuple[LaneRun, ...] = ()
    ended: bool = False
    error: str = ""

    @classmethod
    def failed(cls, job: SeedJob, error: str) -> "SeedRun":
        """Return the run of a job that failed."""
        return cls(job.seed, job.goal, ended=True, error=error)

    @property
    def finished(self) -> bool:
        """Return whether it has ended without an error."""
        return self.ended and not self.error

    @property
    def share(self) -> float:
        """The share of its updates that are made."""
        return 1.0 if self.ended else self.step / max(1, self.goal)


def reported(job: SeedJob) -> Iterator[SeedRun]:
    """Train a job and yield its run again and again; the last one has ended.  An exception ends it with an error."""
    try:
        yield from trained(job)
    except Exception as error:  # a fault in one seed must not end the others
        yield SeedRun.failed(job, error_line(error))


def trained(job: SeedJob) -> Iterator[SeedRun]:
    """Train a job and yield its run where the held-out loss is measured, and after each fiftieth of the steps.

    A lane that diverges stops; the others continue.

    Raises:
        PresetError: the settings are invalid, or need more memory than is free.
    """
    presets = job.presets()
    affordable(presets[0][1])
    experiments = [(0, Experiment(presets[0][1]))]
    for step, preset in presets[1:]:
        experiments.append((step, Experiment(preset, experiments[0][1])))
    lanes = [_lane(experiments, lane) for lane in range(len(presets[0][1].lanes))]
    diverged: dict[int, int] = {}
    every, block = max(1, job.goal // REPORTS), experiments[0][1].block
    for step in range(1, job.goal + 1):
        reports = is_measured(step) or step % every == 0
        if not reports and step % block and step < job.goal:
            continue
        for lane, timeline in enumerate(lanes):
            if lane not in diverged:
                try:
                    while timeline.step < step:
                        timeline.accept(timeline.propose())
                except DivergenceError as error:
                    diverged[lane] = error.step
        if len(diverged) == len(lanes):
            break
        if reports:
            runs = tuple(_so_far(timeline, step, diverged.get(lane)) for lane, timeline in enumerate(lanes))
            yield SeedRun(job.seed, job.goal, step, runs)
    yield SeedRun(job.seed, job.goal, job.goal, _at_end(experiments[0][1], lanes, diverged, job.goal), ended=True)


def _lane(experiments: Sequence[tuple[int, Experiment]], lane: int) -> ForwardTimeline:
    """Return a lane at step 0, with its learners from each edit on."""
    (_, first), buffers = experiments[0], Buffers()
    edits = first.learners(lane, experiments[1:], buffers)
    return ForwardTimeline(first.start(lane), edits, first.batch, False, HeldOutLoss(first.held_out, Buffers()))


def _so_far(timeline: ForwardTimeline, step: int, diverged: int | None) -> LaneRun:
    if diverged is not None:
        return LaneRun(_without_bound(timeline.held_out, step), inf, diverged_at=diverged)
    losses = timeline.held_out.losses
    return LaneRun(timeline.held_out, float(losses[-1]) if len(losses) else inf)


def _at_end(
    experiment: Experiment, lanes: Sequence[ForwardTimeline], diverged: Mapping[int, int], goal: int
) -> tuple[LaneRun, ...]:
    """Return the lanes at their last step, with their scores."""
    rule, runs = SolvedRule.of(experiment), []
    for lane, timeline in enumerate(lanes):
        score = score_lane(experiment, timeline, Buffers())
        if lane in diverged or not isfinite(score.loss):
            at, solved = diverged.get(lane, goal), None if rule.floor is None else False
            runs.append(LaneRun(_without_bound(timeline.held_out, goal), inf, None, solved, at))
            continue
        history = timeline.held_out if goal in timeline.held_out else timeline.held_out.added(goal, score.loss)
        runs.append(LaneRun(history, score.loss, score.accuracy, rule.met(score.loss, score.accuracy)))
    return tuple(runs)


def _without_bound(history: HeldOutHistory, step: int) -> HeldOutHistory:
    """Return the history of a lane that has diverged: its loss is infinite at all later steps up to ``step``."""
    last = int(history.steps[-1]) if len(history) else -1
    for later in (each for each in range(last + 1, step + 1) if is_measured(each) or each == step):
        history = history.added(later, inf)
    return history
