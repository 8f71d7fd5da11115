"""The record of a lane at one step: everything that rules read of it to find what is wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, isfinite
from typing import TYPE_CHECKING

import numpy as np

from rnn_tui.engine.diagnostics import Undefined, hidden_states, saturated_share
from rnn_tui.engine.evaluation import Score
from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch, Buffers, Learner, TrainState
from rnn_tui.presets.lane_settings import LaneSettings, RecurrentLane
from rnn_tui.presets.preset import Preset
from rnn_tui.session.diagnosis import Gradient, gradient, limits_of_h
from rnn_tui.session.evaluation import label
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import ForwardTimeline
from rnn_tui.session.trained_net import TrainedNet, trained_net
from rnn_tui.session.tried_updates import tried_updates
from rnn_tui.tasks import Floor, Reference
from rnn_tui.tasks.solved import exact_loss, is_solved

if TYPE_CHECKING:
    from rnn_tui.session.evaluation import Trained

TRIED = 16  # batches on which updates are tried
MOST_SEQUENCES = 32  # held-out sequences over which states are looked at
CLOSE = 0.05  # of the way from one floor to the other: a loss so near to a floor is at the floor


@dataclass(frozen=True, eq=False)
class LaneRecord:
    """What rules read of a lane at one step; immutable, so that any thread can apply them.

    What costs time is computed when a rule asks for it.

    Attributes:
        lane: its number, from 0. label: its name, with its window.
        losses, norms: of every update's batch; empty if they were not recorded.
        held_out_losses: at fixed steps.
        known_score: on all held-out sequences, if it was computed before.
        floor: of its own window. memoryless: of x_t alone. best: of all inputs. None if unknown.
        learner, state: with which training continues; the learner has buffers of its own.
        draw: returns the batch of a step; any thread may call it.
        diverged: whether its next update is not finite.
    """

    preset: Preset
    lane: int
    step: int
    label: str
    losses: MetricHistory
    norms: MetricHistory
    held_out_losses: HeldOutHistory
    known_score: Score | None
    floor: Floor | None
    memoryless: Floor | None
    best: Floor | None
    references: Sequence[Reference]
    net: TrainedNet
    learner: Learner
    state: TrainState
    draw: Callable[[int], Batch]
    diverged: bool = False

    @property
    def settings(self) -> LaneSettings:
        return self.preset.lanes[self.lane]

    @property
    def recurrent(self) -> RecurrentLane | None:
        """The settings of a recurrent lane; None for a feed-forward net."""
        return self.settings if isinstance(self.settings, RecurrentLane) else None

    def key(self, name: str) -> str:
        """Return the dotted key of one of the lane's settings."""
        return f"lanes.{self.lane}.{name}"

    @cached_property
    def score(self) -> Score:
        """The score on all held-out sequences."""
        return self.known_score or self.net.score()

    @property
    def loss(self) -> float:
        """The held-out loss; infinite if it is not finite."""
        return self.score.loss if isfinite(self.score.loss) else inf

    @property
    def worst(self) -> float:
        """The highest loss of a predictor without a net."""
        return max((reference.loss for reference in self.references), default=inf)

    @property
    def asked(self) -> int | None:
        """The lag that the task asks for; None if it is not one lag, or the present input."""
        return self.net.asked or None

    @cached_property
    def at_memoryless_floor(self) -> bool:
        """Is the loss at the floor that a net without memory has, although memory would help?"""
        here, lowest = exact_loss(self.memoryless), exact_loss(self.best)
        if here is None or lowest is None or here - lowest <= CLOSE * max(here, CLOSE):
            return False
        return abs(self.loss - here) <= CLOSE * (here - lowest)

    @cached_property
    def progress(self) -> float:
        """The share of the loss that the last half of the updates took off; 0 if it did not fall."""
        begin = self.losses.mean(self.step // 4, self.step // 2)
        end = self.losses.mean(self.step * 3 // 4, self.step)
        return max(0.0, (begin - end) / begin) if begin > 0 else 0.0

    @cached_property
    def solved(self) -> bool:
        """Has it reached the floor of its own inputs?"""
        lowest = exact_loss(self.floor)
        return lowest is not None and is_solved(self.net.task.loss, lowest, self.worst, self.loss, self.score.accuracy)

    @cached_property
    def gradient(self) -> Gradient | None:
        """How far its gradient reaches; None if that is undefined."""
        found = gradient(self.net)
        return None if isinstance(found, Undefined) else found

    @property
    def is_cut(self) -> bool:
        """Is the gradient cut before the lag that the task asks for?"""
        return self.recurrent is not None and self.asked is not None and 0 < self.net.truncation <= self.asked

    @property
    def arriving(self) -> float | None:
        """The gradient at the lag that the task asks for, as a share of that at the answer; None if it is unknown, or
        cut before.
        """
        if self.recurrent is None or self.asked is None or self.is_cut or self.gradient is None:
            return None
        by_lag = self.gradient.by_lag.by_lag
        return float(by_lag[self.asked]) if self.asked < len(by_lag) else None

    @cached_property
    def tried(self) -> Mapping[float, Array]:
        """How the next updates change the loss on their own batches (n,), by factor of the learning rate."""
        return tried_updates(self.learner, self.state, self._next_batches)

    def tried_at(self, factor: float) -> Array:
        """Return how the next updates, at ``factor`` times the rate, change the loss on their own batches (n,)."""
        return tried_updates(self.learner, self.state, self._next_batches, (factor,))[factor]

    @cached_property
    def _next_batches(self) -> list[Batch]:
        return [self.draw(self.step + ahead) for ahead in range(TRIED)]

    @cached_property
    def states(self) -> Array:
        """(T, H, B) h_t over held-out sequences."""
        found = hidden_states(self.net.model, self.net.parameters, self.net.held_out.x[..., :MOST_SEQUENCES])
        return np.asarray(found[:, : self.net.units])

    @cached_property
    def saturated(self) -> float | None:
        """The share of all h_t that are saturated; None for an activation without limits."""
        found = saturated_share(self.states, limits_of_h(self.settings))
        return None if isinstance(found, Undefined) else float(found.mean())


def lane_record(
    experiment: Experiment,
    lane: int,
    timeline: ForwardTimeline,
    diverged: bool = False,
    score: Score | None = None,
) -> LaneRecord:
    """Return the record of a lane in its present state.

    Args:
        diverged: whether its next update is not finite.
        score: on all held-out sequences, if it is known.
    """
    preset, step = experiment.preset, timeline.step
    exact = not experiment.task.data  # floors of data are estimates, which no rule reads, and may take a second
    return LaneRecord(
        preset=preset,
        lane=lane,
        step=step,
        label=label(preset.names[lane], preset.lanes[lane]),
        losses=timeline.losses.cut(step),
        norms=timeline.norms.cut(step),
        held_out_losses=timeline.held_out.until(step),
        known_score=score,
        floor=experiment.floor(lane) if exact else None,
        memoryless=experiment.memoryless_floor if exact else None,
        best=experiment.best_floor if exact else None,
        references=experiment.references,
        net=trained_net(experiment, lane, timeline, readout=False),
        learner=replace(timeline.learner, buffers=Buffers()),
        state=timeline.state,
        draw=experiment.fresh_batch,
        diverged=diverged,
    )


def lane_records(run: "Trained", diverged: int | None = None) -> list[LaneRecord]:
    """Return the records of all lanes; ``diverged``: the lane whose next update is not finite."""
    lanes = enumerate(run.timelines)
    return [lane_record(run.experiment, lane, timeline, lane == diverged) for lane, timeline in lanes]
