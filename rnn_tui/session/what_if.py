"""What if: the lanes with interventions beside the intact ones.  It changes nothing of the session (a lens)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from rnn_tui.engine.evaluation import Score
from rnn_tui.errors import FileError, nearest
from rnn_tui.interventions import Intervention, SpellingError, Target, spelled
from rnn_tui.interventions.altered_pass import altered_input, altered_parameters, altered_pass
from rnn_tui.session.diagnosis import TrainedNet, trained_net
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import ForwardTimeline
from rnn_tui.session.probe_reading import ProbeReading, reading
from rnn_tui.tasks.metrics import task_score


@dataclass(frozen=True)
class LaneIntervention:
    """An intervention on one lane, or on every lane that it can act on."""

    intervention: Intervention
    lane: int | None = None

    def spelling(self, names: Sequence[str]) -> str:
        """Return the text that spells it; ``names``: of the lanes."""
        return self.intervention.spelling + ("" if self.lane is None else f"@{names[self.lane]}")

    def said(self, names: Sequence[str]) -> str:
        """Return what has been done, as words in a list."""
        return self.intervention.said + ("" if self.lane is None or len(names) == 1 else f" in {names[self.lane]}")


WhatIf: TypeAlias = tuple[LaneIntervention, ...]


def parsed(texts: Sequence[str], experiment: Experiment) -> WhatIf:
    """Return the interventions that texts spell: ``silence:u3``, or ``silence:u3@RNN`` on one lane.

    Raises:
        FileError: with all problems: a text that spells nothing, or one that no lane can do.
    """
    found, problems = [], []
    for text in texts:
        try:
            one = _parsed(text, experiment.preset.names)
        except SpellingError as error:
            problems.append(f"{text!r}: {error}")
            continue
        found.append(one)
        if not acts_on(one, experiment):
            problems += [f"{text!r}: {line}" for line in _problems(one, experiment)]
    if problems:
        raise FileError("--what-if", problems)
    return tuple(found)


def _parsed(text: str, names: Sequence[str]) -> LaneIntervention:
    spelling, at, lane = text.rpartition("@")
    if not at or not lane:  # x:7=@ chooses a symbol
        return LaneIntervention(spelled(text))
    if lane in names:
        return LaneIntervention(spelled(spelling), list(names).index(lane))
    if lane.isdigit() and int(lane) < len(names):
        return LaneIntervention(spelled(spelling), int(lane))
    known = nearest(lane, names) or f"; there {'is' if len(names) == 1 else 'are'} {', '.join(names)}"
    raise SpellingError(f"there is no lane {lane!r}{known}")


def acts_on(one: LaneIntervention, experiment: Experiment) -> list[int]:
    """Return the numbers of the lanes on which an intervention acts."""
    return [
        lane
        for lane in range(len(experiment.preset.lanes))
        if one.lane in (None, lane) and not one.intervention.problem(target_of(experiment, lane))
    ]


def _problems(one: LaneIntervention, experiment: Experiment) -> list[str]:
    """Return why no lane can do it, one line for each reason."""
    names = experiment.preset.names
    lanes = range(len(names)) if one.lane is None else [one.lane]
    why: dict[str, list[str]] = {}
    for lane in lanes:
        why.setdefault(one.intervention.problem(target_of(experiment, lane)), []).append(names[lane])
    return [reason if len(why) == 1 else f"{', '.join(who)}: {reason}" for reason, who in why.items()]


def target_of(experiment: Experiment, lane: int, timeline: ForwardTimeline | None = None) -> Target:
    """Return a lane's net as what interventions act on; ``timeline``: with its present parameters."""
    target = replace(experiment.preset.lanes[lane].target(experiment.task), x=experiment.held_out.x)
    return target if timeline is None else replace(target, parameters=timeline.state.parameters)


def on_lane(what_if: WhatIf, experiment: Experiment, lane: int) -> list[Intervention]:
    """Return the interventions that act on a lane."""
    return [one.intervention for one in what_if if lane in acts_on(one, experiment)]


@dataclass(frozen=True, eq=False, slots=True)
class AlteredLane:
    """A lane with interventions.

    Attributes:
        interventions: those that act on it.
        probe: states and answers over the altered probe; score: on all held-out sequences, likewise altered; the
            targets are those of the intact sequences.
    """

    interventions: tuple[Intervention, ...]
    probe: ProbeReading
    score: Score


def altered_lane(experiment: Experiment, lane: int, timeline: ForwardTimeline, what_if: WhatIf) -> AlteredLane | None:
    """Return a lane in its present state with the interventions that act on it; None if none does."""
    interventions = on_lane(what_if, experiment, lane)
    if not interventions:
        return None
    batch, task = experiment.held_out, experiment.task
    passed = altered_pass(interventions, target_of(experiment, lane, timeline), batch.x)
    return AlteredLane(
        tuple(interventions), reading(task, passed.states, passed.y, batch), task_score(task, passed.y, batch)
    )


def altered_net(experiment: Experiment, lane: int, timeline: ForwardTimeline, what_if: WhatIf) -> TrainedNet:
    """Return a lane's net for diagnostics with the interventions that change its parameters or its input.

    Those that act at a time step (a reset, noise) are not in it.
    """
    net, target = trained_net(experiment, lane, timeline), target_of(experiment, lane, timeline)
    interventions = on_lane(what_if, experiment, lane)
    held_out = replace(net.held_out, x=altered_input(interventions, target, net.held_out.x))
    return replace(net, parameters=altered_parameters(interventions, target), held_out=held_out)
