"""The plainest way through time: from step 0, one update after the other, nothing kept but the present."""

from dataclasses import dataclass, replace
from math import inf, isnan

from rnn_tui.engine.evaluation import evaluate
from rnn_tui.engine.held_out_history import is_measured
from rnn_tui.engine.parameters import Parameters
from rnn_tui.interventions import spelled
from rnn_tui.interventions.altered_pass import in_effect
from rnn_tui.presets.preset import parse
from rnn_tui.session.experiment import Experiment


@dataclass(frozen=True)
class Bits:
    """A lane at a step, to the last bit."""

    parameters: bytes
    losses: tuple[float, ...]
    held_out: tuple[tuple[int, float], ...]  # (step, loss), but for step 0, which the first update measures


def run_straight(preset, steps, edits=()):
    """Each lane's Bits after ``steps`` updates; ``edits`` are (step, changes of the preset from there on)."""
    return every_step(preset, steps, edits)[-1]


def every_step(preset, steps, edits=()):
    """The same for each step from 0 to ``steps``."""
    lanes = [_lane(preset, lane, steps, dict(edits)) for lane in range(len(preset.lanes))]
    return [list(bits) for bits in zip(*lanes, strict=True)]


def _lane(preset, lane, steps, edits):
    run = Experiment(preset)
    state, learner, losses, held_out = run.start(lane), run.learner(lane), (), ()
    if 0 in edits:
        preset, learner, state = _edited(preset, edits[0], lane, state)
    found = [Bits(bits_of(state.parameters.views), losses, held_out)]
    for step in range(steps):
        state, metrics = learner.step(state, run.batch(step))
        losses = (*losses, metrics.loss)
        if state.step in edits:
            preset, learner, state = _edited(preset, edits[state.step], lane, state)
        if is_measured(state.step):
            _, score = evaluate(learner.model, state.parameters, learner.loss, run.held_out)
            held_out = (*held_out, (state.step, inf if isnan(score.loss) else score.loss))
        found.append(Bits(bits_of(state.parameters.views), losses, held_out))
    return found


def _edited(preset, changes, lane, state):
    """What an edit makes of a preset, a learner and a state: interventions that are new also change the parameters."""
    after = preset.with_changes(changes)
    before, now = (each.lanes[lane].interventions for each in (preset, after))
    new = [text for text in now if text not in before]
    entered = Parameters(state.parameters.layout, state.parameters.flat.copy())
    for each in in_effect([spelled(text) for text in new]):
        each.alter_weights(entered.views, after.lanes[lane].target(after.task))
    return after, Experiment(after).learner(lane), replace(state, parameters=entered if new else state.parameters)


def bits_of(weights):
    return b"".join(weights[name].tobytes() for name in sorted(weights))


def shown(session):
    """The same of a session, by way of its frame: what has been learnt up to the present step."""
    frame = session.frame()
    return [
        Bits(bits_of(lane.weights), tuple(lane.losses[: frame.step].tolist()), _held_out(lane, frame.step))
        for lane in frame.lanes
    ]


def _held_out(lane, step):
    found = lane.held_out_losses.until(step)
    return tuple((at, loss) for at, loss in zip(found.steps.tolist(), found.losses.tolist(), strict=True) if at)


def carried(*lanes, count=3, **training):
    """The same with sequences that go on through ``count`` batches, shorter than the last lane's window."""
    lanes = lanes or (
        {"kind": "rnn", "hidden_size": 3},
        {"kind": "lstm", "hidden_size": 2, "forget_bias": 1.0},
        {"kind": "fnn", "hidden_size": 2, "window": 6},
    )
    return small(*lanes, training={"sequence_length": 4, "batches_per_sequence": count, **training})


def small(*lanes, **more):
    """A preset whose steps take some 0.1 ms."""
    lanes = lanes or ({"kind": "rnn", "hidden_size": 3}, {"kind": "fnn", "hidden_size": 2})
    training = {"sequence_length": 6, "batch_size": 2, **more.pop("training", {})}
    document = {"task": {"kind": "xor"}, "training": training, "lanes": list(lanes), **more}
    return parse(document, "small")


def diverging(*others):
    """A preset whose last lane does not stay finite, after some updates."""
    return small(
        *others,
        {"kind": "rnn", "activation": "relu", "gain": 30.0},
        training={"optimizer": "sgd", "learning_rate": 1000, "clip_norm": 0, "sequence_length": 20},
        task={"kind": "wave"},
    )
