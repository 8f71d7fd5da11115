"""Updates that are tried: their effect on their own batch, and that nothing is made of them."""

from dataclasses import replace

import numpy as np
from support.lab_driver import preset

from rnn_tui.engine.training import Batch
from rnn_tui.session.session import Session
from rnn_tui.session.tried_updates import FACTORS, tried_updates

SMALL = {"sequence_length": 8, "batch_size": 4, "optimizer": "sgd", "learning_rate": 0.1}


def test_an_update_is_tried_at_several_rates_as_the_learner_makes_it():
    timeline = Session(preset(training=SMALL, lanes=[{"kind": "rnn", "hidden_size": 3}]).preset).timelines[0]
    learner, state, batch = timeline.learner, timeline.state, timeline.batch
    before = state.parameters.flat.copy()
    unscored = Batch(batch.x, batch.target, np.zeros_like(batch.mask))
    tried = tried_updates(learner, state, [batch, unscored])
    assert [*tried] == [*FACTORS]
    for factor, changes in tried.items():
        optimizer = replace(learner.optimizer, learning_rate=0.1 * factor)
        following, metrics = replace(learner, optimizer=optimizer).step(state, batch)
        _, after = learner.step(following, batch)
        assert changes == [(after.loss - metrics.loss) / metrics.loss]
    assert tried[0.1] > tried[1.0] > tried[10.0], "the loss falls further with a longer step down the slope"
    assert (state.parameters.flat == before).all()


def test_an_update_after_which_the_loss_is_not_finite_is_infinitely_bad():
    timeline = Session(preset(training=SMALL, lanes=[{"kind": "rnn", "hidden_size": 3}]).preset).timelines[0]
    learner = replace(timeline.learner, optimizer=replace(timeline.learner.optimizer, learning_rate=np.inf))
    assert np.isinf(tried_updates(learner, timeline.state, [timeline.batch])[1.0]).all()
