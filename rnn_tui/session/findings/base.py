"""The base of rules that find what is wrong with a run, or what limits it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf, isfinite
from typing import Any, ClassVar, Literal

import numpy as np

from rnn_tui.engine.diagnostics import Undefined, hidden_states, saturated_share
from rnn_tui.engine.evaluation import Score
from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch, Learner, TrainState
from rnn_tui.presets.lane_settings import LaneSettings, RecurrentLane
from rnn_tui.presets.preset import Preset
from rnn_tui.session.diagnosis import Gradient, TrainedNet, gradient
from rnn_tui.tasks import Floor, Reference
from rnn_tui.tasks.solved import exact_loss, is_solved

CLOSE = 0.05  # of the way from one floor to the other: a loss so near to a floor is at the floor
EARLY = 50  # updates before which nothing is said of how far learning has come


@dataclass(frozen=True)
class Remedy:
    """Changes of settings that may help.

    Attributes:
        said: what they do, in words that begin with a verb: "cut the learning rate to 0.001".
        changes: the values by dotted key.
    """

    said: str
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a lane, or that limits it.

    Attributes:
        rule: the name of the rule. lane: its number, from 0.
        evidence: what was measured, with numbers. reason: what that means, in one sentence.
        remedy: what may help; None if nothing is wrong, or if it is unknown.
    """

    rule: str
    lane: int
    evidence: str
    reason: str
    remedy: Remedy | None = None


@dataclass(frozen=True, eq=False)
class LaneRecord:
    """What rules read of a lane at one step; immutable, so that any thread can apply them.

    Attributes:
        lane: its number, from 0. label: its name, with its window.
        losses, norms: of every update's batch; empty if they were not recorded.
        held_out_losses: at fixed steps.
        score: on all held-out sequences.
        floor: of its own window. memoryless: of x_t alone. best: of all inputs. None if unknown.
        learner, state: with which training goes on. batches: some that come next.
        diverged: its next update is not finite.
    """

    preset: Preset
    lane: int
    step: int
    label: str
    losses: MetricHistory
    norms: MetricHistory
    held_out_losses: HeldOutHistory
    score: Score
    floor: Floor | None
    memoryless: Floor | None
    best: Floor | None
    references: Sequence[Reference]
    net: TrainedNet
    learner: Learner
    state: TrainState
    batches: Sequence[Batch] = field(default=())
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
        """Has it reached the task's best floor?"""
        lowest = exact_loss(self.best)
        return lowest is not None and is_solved(self.net.task.loss, lowest, self.worst, self.loss, self.score.accuracy)

    @cached_property
    def gradient(self) -> Gradient | None:
        """How far its gradient reaches; None if that is undefined."""
        found = gradient(self.net)
        return None if isinstance(found, Undefined) else found

    @cached_property
    def states(self) -> Array:
        """(T, H, B) h_t over held-out sequences."""
        found = hidden_states(self.net.model, self.net.parameters, self.net.held_out.x[..., :MOST_SEQUENCES])
        return np.asarray(found[:, : self.net.units])

    @cached_property
    def saturated(self) -> float | None:
        """The share of all h_t that are saturated; None for an activation without limits."""
        state = self.settings.architecture.states["h"]
        limits = (
            state._replace(function=self.settings.options["activation"]) if state.function == "f" else state
        ).limits
        found = saturated_share(self.states, limits)
        return None if isinstance(found, Undefined) else float(found.mean())


MOST_SEQUENCES = 32  # held-out sequences over which states are looked at


class Rule(ABC):
    """A rule with its threshold.

    Attributes:
        name: of the rule, in findings and documents. source: where its threshold comes from.
        kind: "fault": something is wrong; "limit": it can get no further as it is; "done": nothing is left to learn.
    """

    name: ClassVar[str]
    source: ClassVar[str]
    kind: ClassVar[Literal["fault", "limit", "done"]] = "fault"

    @abstractmethod
    def find(self, record: LaneRecord) -> Finding | None:
        """Return what is found in a lane; None if the rule does not apply."""

    def finding(self, record: LaneRecord, evidence: str, reason: str, remedy: Remedy | None = None) -> Finding:
        return Finding(self.name, record.lane, evidence, reason, remedy)
