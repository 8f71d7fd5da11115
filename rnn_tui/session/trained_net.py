"""A lane's net at one step, with the sequences on which it is diagnosed and the interventions that act on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from rnn_tui.engine import diagnostics
from rnn_tui.engine.evaluation import Score, score
from rnn_tui.engine.models import Model, RecurrentModel
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Batch
from rnn_tui.interventions import Intervention, Target
from rnn_tui.interventions.altered_pass import AlteredPass, altered_input, altered_parameters, pass_over
from rnn_tui.interventions.altered_states import known_states
from rnn_tui.interventions.applied import acting
from rnn_tui.presets.lane_settings import LaneSettings, RecurrentLane
from rnn_tui.session.evaluation import label
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import ForwardTimeline
from rnn_tui.tasks import Task
from rnn_tui.tasks.metrics import evaluated

MOST_TIME = 256  # time steps of the probe that are diagnosed: the cost grows with their square
BEYOND = 3  # lags that are shown beyond the one that the task asks for


@dataclass(frozen=True, eq=False)
class TrainedNet:
    """A lane's net at one step, and the sequences on which it is diagnosed.

    Attributes:
        label: the lane's name, with its window.
        parameters: with the interventions; those of the first time step if they differ.
        held_out: the first sequence is the probe, unless the user has typed one of their own; with the interventions
            on the input.
        own: that sequence, likewise; None: there is none.
        readout_inputs: (T, I, B) x of the sequences for the memory curve.
        lags: K of the memory curve, the same for all lanes.
        truncation: time steps after which training cuts the gradient, also between batches; 0: never.
        target: the intact net, as what interventions act on.
        interventions: with which it is diagnosed.
    """

    label: str
    settings: LaneSettings
    model: Model
    parameters: Parameters
    task: Task
    held_out: Batch
    readout_inputs: Array
    lags: int
    truncation: int
    seed: int
    target: Target
    interventions: tuple[Intervention, ...] = ()
    own: Batch | None = None

    def at(self, parameters: Parameters) -> "TrainedNet":
        """Return the net of the same lane at another step, with the same interventions."""
        target = replace(self.target, parameters=parameters)
        target = replace(target, applied=acting(target.applied, target))
        if self.interventions:
            parameters = altered_parameters(self.interventions, target)
        return replace(self, parameters=parameters, target=target)

    def altered(self, interventions: Sequence[Intervention]) -> "TrainedNet":
        """Return the intact net with interventions."""
        if not interventions:
            return self
        target, own = self.target, self.own
        acting = [each for each in interventions if not each.problem(replace(target, own=None))]
        held_out = replace(self.held_out, x=altered_input(acting, target, self.held_out.x))
        if own is not None:
            own = replace(
                own, x=altered_input([each for each in interventions if not each.problem(target)], target, own.x)
            )
        net = replace(self, held_out=held_out, own=own, interventions=tuple(interventions))
        return net.at(self.parameters)

    def over(self, x: Array, *more: Intervention) -> AlteredPass:
        """Return what the net does, with ``more`` interventions, over x (T, I, B), on which its own ones acted already.

        Like all diagnostics, it computes in float64.
        """
        assert self.target.parameters is not None
        target = replace(self.target, parameters=diagnostics.precise(self.target.parameters))
        return pass_over([*self.interventions, *more], target, altered_input(more, target, x))

    def states(self, x: Array) -> Array:
        """Return what the net knows of the past (T, N, B) after each time step of x (T, I, B), as it is read."""
        if self.reads_what_it_computes:
            return diagnostics.hidden_states(self.model, self.parameters, x)
        return known_states(self.over(x), self.target)

    @property
    def reads_what_it_computes(self) -> bool:
        """Is every state read as the net computed it?"""
        return not self.interventions and all(each.on != "state" for each in self.target.applied)

    @cached_property
    def probe_pass(self) -> AlteredPass | None:
        """What the net does over the probe if an intervention acts at a time step, so that ``parameters`` do not tell
        it; otherwise None.
        """
        if not self.interventions:
            return None
        passed = self.over(self.probe[..., None])
        is_plain = len(passed.segments) == 1 and not passed.segments[0].memory.any()
        return None if is_plain or not self.is_recurrent else passed

    @property
    def has_one_map(self) -> bool:
        """Have all time steps the same parameters?"""
        return self.probe_pass is None or all(
            segment.parameters is self.probe_pass.segments[0].parameters for segment in self.probe_pass.segments
        )

    @property
    def sequences(self) -> tuple[int, int]:
        """A value that differs for nets that are diagnosed on other sequences; interventions on these do not count."""
        return id(self.held_out.mask), id(None if self.own is None else self.own.mask)

    @property
    def probe(self) -> Array:
        """(T, I) the probe, at most ``MOST_TIME`` time steps of it."""
        return (self.own or self.held_out).x[:MOST_TIME, :, 0]

    @property
    def scored(self) -> Array:
        """(T,) True where the probe's answer is scored."""
        return (self.own or self.held_out).mask[:MOST_TIME, 0] > 0

    def first(self, sequences: int | None) -> Batch:
        """Return the first ``sequences`` held-out sequences, or all."""
        part, batch = slice(0, sequences), self.held_out
        return Batch(batch.x[..., part], batch.target[..., part], batch.mask[:, part])

    def score(self, batch: Batch | None = None, *more: Intervention) -> Score:
        """Return the score on held-out sequences, all if not given, with ``more`` interventions."""
        batch = batch or self.held_out
        if not self.interventions and not more:
            with np.errstate(all="ignore"):
                return evaluated(self.task, self.model, self.parameters, batch)[1]
        return score(self.task.loss, self.over(batch.x, *more).y, batch)

    @property
    def units(self) -> int:
        """H, the number of hidden units."""
        return self.settings.hidden_size

    @property
    def is_recurrent(self) -> bool:
        """Does it carry a state from one time step to the next?"""
        return isinstance(self.model, RecurrentModel)

    @property
    def asked(self) -> int | None:
        """The lag that the task asks for; None if it is not one lag."""
        return self.task.steps_back


def trained_net(
    experiment: Experiment,
    lane: int,
    timeline: ForwardTimeline,
    own: Batch | None = None,
    readout: bool = True,
) -> TrainedNet:
    """Return a lane in its present state.  It costs nothing, except where further sequences must be drawn.

    Args:
        own: the probe, if it is a sequence of the user's own.
        readout: whether the memory curve will be computed, for which further sequences may be needed.
    """
    preset = experiment.preset
    settings, training, model = preset.lanes[lane], preset.training, timeline.learner.model
    cut = settings.truncation if isinstance(settings, RecurrentLane) else 0
    lags = shared_lags(experiment) if readout else 0
    return TrainedNet(
        label=label(preset.names[lane], settings),
        settings=settings,
        model=model,
        parameters=timeline.state.parameters,
        task=experiment.task,
        held_out=experiment.held_out,
        readout_inputs=experiment.readout_inputs(diagnostics.state_size(model), lags)
        if readout
        else experiment.held_out.x,
        lags=lags,
        truncation=cut or (training.sequence_length if training.batches_per_sequence > 1 else 0),
        seed=training.seed,
        own=own,
        target=intervention_target(experiment, lane, timeline, None if own is None else own.x),
    )


def intervention_target(
    experiment: Experiment, lane: int, timeline: ForwardTimeline | None = None, own: Array | None = None
) -> Target:
    """Return a lane's net as what interventions act on.

    ``timeline``: with its present parameters.  ``own``: (T, I, 1) the probe, if it is a sequence of the user's own.
    """
    target = replace(experiment.targets[lane], own=own)
    return target if timeline is None else replace(target, parameters=timeline.state.parameters)


def shared_lags(experiment: Experiment) -> int:
    """Return K for all lanes: twice as many lags as the largest state has numbers, and beyond what the task asks for;
    at most half of the sequence, or as far as the task asks.
    """
    T, preset, asked = len(experiment.held_out.x), experiment.preset, experiment.task.steps_back
    sizes = [diagnostics.state_size(lane.model(experiment.task)) for lane in preset.lanes]
    return min(T - 1, max(diagnostics.default_lags(T, max(sizes)), 0 if asked is None else asked + BEYOND))
