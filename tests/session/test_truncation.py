"""How far back the gradient must reach: the cliff that a learner is to see."""

import pytest

from rnn_tui.engine.evaluation import score
from rnn_tui.presets.preset import parse
from rnn_tui.session.experiment import Experiment

UPDATES = 200


def accuracies(depths, seed):
    """By depth: how many bits of five steps ago are right after training side by side, the memory carried over."""
    training = {"sequence_length": 40, "batches_per_sequence": 5, "learning_rate": 0.05, "seed": seed}
    lanes = [{"kind": "rnn", "hidden_size": 16, "truncation": depth} for depth in depths]
    run = Experiment(parse({"task": {"kind": "echo", "delay": 5}, "training": training, "lanes": lanes}, "cliff"))
    learners = [run.learner(lane) for lane in range(len(depths))]
    states = [run.start(lane) for lane in range(len(depths))]
    for step in range(UPDATES):
        states = [learner.step(state, run.batch(step))[0] for learner, state in zip(learners, states, strict=True)]
    found, batch = {}, run.held_out
    for depth, learner, state in zip(depths, learners, states, strict=True):
        y = learner.model.forward(state.parameters, batch.x, learner.trace(batch, state.parameters))
        found[depth] = score(run.task.loss, y, batch).accuracy
    return found


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_an_echo_of_five_steps_is_learnt_by_a_gradient_that_reaches_back_ten_and_not_by_one_of_five(seed):
    found = accuracies((1, 5, 10), seed)
    assert found[1] < 0.65
    assert found[5] < 0.65
    assert found[10] > 0.95
