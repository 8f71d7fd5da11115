"""What if: the lanes with interventions beside the intact ones.  It changes nothing of the session (a lens)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from rnn_tui.engine.evaluation import Score
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.errors import FileError, nearest
from rnn_tui.interventions import Intervention, SpellingError, Target, spelled
from rnn_tui.interventions.altered_pass import Segment, altered_pass
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import ForwardTimeline
from rnn_tui.session.probe_reading import ProbeReading, frozen, reading
from rnn_tui.session.trained_net import TrainedNet, intervention_target, trained_net
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
    found, problems, names = [], [], experiment.preset.names
    targets = [intervention_target(experiment, lane) for lane in range(len(names))]
    for text in texts:
        try:
            one = parsed_text(text, names)
        except SpellingError as error:
            problems.append(f"{text!r}: {error}")
            continue
        found.append(one)
        problems += [f"{text!r}: {line}" for line in problems_of(one, targets, names)]
    if problems:
        raise FileError("--what-if", problems)
    return tuple(found)


def parsed_text(text: str, names: Sequence[str]) -> LaneIntervention:
    """Return the intervention that one text spells, on one of the lanes with these names or on all.

    Raises SpellingError.
    """
    for number, name in enumerate(names):
        if text.endswith(f"@{name}"):
            return LaneIntervention(spelled(text.removesuffix(f"@{name}")), number)
    spelling, _, lane = text.rpartition("@")
    if not spelling or not lane or "=" in lane:  # x:7=@ chooses a symbol, and x:7.a@b=0 names an input
        return LaneIntervention(spelled(text))
    if lane.isdecimal() and int(lane) < len(names):
        return LaneIntervention(spelled(spelling), int(lane))
    known = nearest(lane, names) or f"; there {'is' if len(names) == 1 else 'are'} {', '.join(names)}"
    raise SpellingError(f"there is no lane {lane!r}{known}")


def with_another(what_if: WhatIf, one: LaneIntervention) -> WhatIf:
    """Return the interventions with one more, without those that no longer act: the last one on a unit does."""
    slot = one.intervention.slot
    rest = [
        each for each in what_if if slot is None or each.intervention.slot != slot or one.lane not in (None, each.lane)
    ]
    return (*rest, one)


def acts_on(one: LaneIntervention, experiment: Experiment) -> list[int]:
    """Return the numbers of the lanes on which an intervention acts."""
    return acting_lanes(one, [intervention_target(experiment, lane) for lane in range(len(experiment.preset.lanes))])


def acting_lanes(one: LaneIntervention, targets: Sequence[Target]) -> list[int]:
    """Return the numbers of the lanes on which an intervention acts; ``targets``: of all lanes."""
    return [
        lane for lane, target in enumerate(targets) if one.lane in (None, lane) and not one.intervention.problem(target)
    ]


def why_not(one: LaneIntervention, experiment: Experiment, lane: int) -> str:
    """Return why an intervention does not act on a lane; empty if it does."""
    if one.lane not in (None, lane):
        return f"it acts on {experiment.preset.names[one.lane or 0]}"
    return one.intervention.problem(intervention_target(experiment, lane))


def problems_of(one: LaneIntervention, targets: Sequence[Target], names: Sequence[str]) -> list[str]:
    """Return why no lane can do it, one line for each reason; none if one can."""
    if acting_lanes(one, targets):
        return []
    why: dict[str, list[str]] = {}
    for lane in range(len(names)) if one.lane is None else [one.lane]:
        why.setdefault(one.intervention.problem(targets[lane]), []).append(names[lane])
    return [reason if len(why) == 1 else f"{', '.join(who)}: {reason}" for reason, who in why.items()]


def renamed_lanes(what_if: WhatIf, before: Sequence[str], after: Sequence[str]) -> WhatIf:
    """Return the interventions for other lanes: one on a lane stays with its name, and is dropped without it."""
    found = []
    for one in what_if:
        if one.lane is None:
            found.append(one)
        elif before[one.lane] in after:
            found.append(replace(one, lane=list(after).index(before[one.lane])))
    return tuple(found)


def on_lane(what_if: WhatIf, experiment: Experiment, lane: int) -> list[Intervention]:
    """Return the interventions that act on a lane."""
    return [one.intervention for one in what_if if lane in acts_on(one, experiment)]


@dataclass(frozen=True, eq=False, slots=True)
class AlteredLane:
    """A lane with interventions.

    Attributes:
        interventions: those that act on it.
        inputs: (T, I) the probe as it was read.
        probe: states and answers over it. score: on all held-out sequences, likewise altered; the targets are those
            of the intact sequences.
        segments: of the pass over the probe, each with its parameters.
        trained: the net, with what diagnostics need; None unless it is demanded.
    """

    interventions: tuple[Intervention, ...]
    inputs: Array
    probe: ProbeReading
    score: Score
    segments: tuple[Segment, ...]
    trained: TrainedNet | None = None


def altered_lane(
    experiment: Experiment,
    lane: int,
    timeline: ForwardTimeline,
    what_if: WhatIf,
    own: Batch | None = None,
    diagnosed: bool = False,
) -> AlteredLane | None:
    """Return a lane in its present state with the interventions that act on it; None if none does.

    Args:
        own, diagnosed: as in ``read_with``.
    """
    target = intervention_target(experiment, lane, own=None if own is None else own.x)
    chosen = [one.intervention for one in what_if if one.lane in (None, lane) and not one.intervention.problem(target)]
    return read_with(chosen, experiment, lane, timeline, own, diagnosed) if chosen else None


def read_with(
    interventions: Sequence[Intervention],
    experiment: Experiment,
    lane: int,
    timeline: ForwardTimeline,
    own: Batch | None = None,
    diagnosed: bool = False,
) -> AlteredLane:
    """Return a lane in its present state with interventions, or with none.

    Args:
        own: a sequence of the user's own, which is the probe; scores are those on the held-out sequences all the same,
            with the interventions that can act there.
        diagnosed: whether diagnostics of the altered net are wanted.
    """
    batch, task = experiment.held_out, experiment.task
    target = intervention_target(experiment, lane, timeline)
    passed = altered_pass([each for each in interventions if not each.problem(target)], target, batch.x)
    on_probe, probe = passed, batch
    if own is not None:
        on_probe, probe = altered_pass(interventions, replace(target, own=own.x), own.x), own
    return AlteredLane(
        interventions=tuple(interventions),
        inputs=frozen(on_probe.x[..., 0]),
        probe=reading(task, on_probe.states, on_probe.y, probe),
        score=task_score(task, passed.y, batch),
        segments=on_probe.segments,
        trained=trained_net(experiment, lane, timeline, own).altered(interventions) if diagnosed else None,
    )


def altered_net(experiment: Experiment, lane: int, timeline: ForwardTimeline, what_if: WhatIf) -> TrainedNet:
    """Return a lane's net for diagnostics with the interventions that act on it."""
    return trained_net(experiment, lane, timeline).altered(on_lane(what_if, experiment, lane))
