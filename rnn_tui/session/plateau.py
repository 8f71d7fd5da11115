"""Detect updates that change nothing: a schedule that has ended, or a learning rate too small to change any weight."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.number_format import counted
from rnn_tui.presets.training_settings import TrainingSettings
from rnn_tui.session.evaluation import Trained
from rnn_tui.session.session import Session

NOTHING = 1e-12  # a smaller factor of the initial learning rate has no visible effect


def first_idle(training: TrainingSettings, first: int, end: int) -> int | None:
    """Return the first step in [first, end) at which the schedule's factor is below NOTHING; None if there is none."""
    steps = range(first, end)
    at = bisect_left(steps, True, key=lambda step: training.falling(step) < NOTHING)
    return steps[at] if at < len(steps) else None


def schedule_end(training: TrainingSettings, step: int) -> str:
    """Return a message if the schedule has reduced the learning rate to almost nothing; otherwise an empty text."""
    if training.falling(step) >= NOTHING:
        return ""
    rate, since = training.learning_rate_at(step), first_idle(training, 0, step + 1) or 0
    left = f"{rate:.0e}" if rate else "0"
    if training.schedule == "cosine":
        return f"the cosine schedule ends at step {since:,}; from then on the learning rate is {left}"
    return f"the {training.schedule} schedule has reduced the learning rate to {left} since step {since:,}"


def unmoved(before: Sequence[Parameters], run: Trained) -> list[int]:
    """Return the lanes whose weights have the same bits as ``before``."""
    now = [timeline.state.parameters.flat for timeline in run.timelines]
    return [lane for lane, (old, new) in enumerate(zip(before, now, strict=True)) if _same(old.flat, new)]


def why_unmoved(run: Trained, lanes: Sequence[int], since: int) -> str:
    """Return a message that these lanes' weights have not changed since a step, and why."""
    training, step = run.preset.training, run.step
    names = " and ".join(run.preset.names[lane] for lane in lanes)
    said = f"no weight of {names} has changed in {counted(step - since, 'update')}"
    lines = [run.timelines[lane] for lane in lanes]
    if not any(line.norms[since:step].any() for line in lines):
        scored = any(line.losses[since:step].any() for line in lines)
        return f"{said}: {'the gradient is 0' if scored else 'nothing was scored'}"
    return f"{said}: a learning rate of {training.learning_rate:g} is too small for {training.precision}"


def parameters_of(run: Trained) -> list[Parameters]:
    """Return the present parameters of each lane."""
    return [timeline.state.parameters for timeline in run.timelines]


@dataclass
class PlateauWatch:
    """Detects that a session at the end of its history learns nothing; reports it once, and again after ``begin``."""

    _session: Session | None = None
    _step: int = 0
    _parameters: list[Parameters] = field(default_factory=list)
    _told: TrainingSettings | None = None

    def begin(self, session: Session) -> None:
        """Report a plateau again if there still is one."""
        self.look(session)
        self._told = None

    def look(self, session: Session) -> str:
        """Return a message after some updates; empty unless a new plateau was detected."""
        known = session is self._session and len(self._parameters) == len(session.timelines)
        since, before, step = self._step, self._parameters, session.step
        if known and step == since:
            return ""
        self._session, self._step, self._parameters = session, step, parameters_of(session)
        if not known or step < since or step != session.last_step or session.preset.training == self._told:
            return ""
        said = schedule_end(session.preset.training, step - 1)
        if said:
            said += ", so updates change nothing; choose a longer period or the constant schedule in the controls"
        elif len(same := unmoved(before, session)) == len(before):
            said = why_unmoved(session, same, since)
        if said:
            self._told = session.preset.training
        return said


def _same(one: Array, other: Array) -> bool:
    return one is other or bool(one[0] == other[0] and np.array_equal(one, other))
