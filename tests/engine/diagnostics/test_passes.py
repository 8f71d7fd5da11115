import numpy as np
import pytest
from support.numeric_gradients import CELL_KINDS, random_parameters

from rnn_tui.engine.cells import RNNCell
from rnn_tui.engine.diagnostics import gradient_by_lag, hidden_states, state_size, truncated
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel


@pytest.mark.parametrize("kind", [*CELL_KINDS, "fnn"])
def test_the_size_of_a_state_is_that_of_the_states(kind):
    model = FeedForwardModel(1, 3, 1, 2) if kind == "fnn" else RecurrentModel(CELL_KINDS[kind](1, 3), 1)
    parameters = random_parameters(model, np.random.default_rng(0))
    assert hidden_states(model, parameters, np.ones((4, 1, 2))).shape == (4, state_size(model), 2)


def test_a_truncated_model_is_another_one_with_the_same_weights_and_a_shorter_gradient():
    model = RecurrentModel(RNNCell(1, 3), 1, truncation=4)
    parameters, x = random_parameters(model, np.random.default_rng(0)), np.ones((12, 1))
    reaches = {k: np.flatnonzero(gradient_by_lag(truncated(model, k), parameters, x).by_lag)[-1] for k in (0, 2, 4)}
    assert reaches == {0: 11, 2: 1, 4: 3}
    assert model.truncation == 4
    assert truncated(model, 4) is model
    feed_forward = FeedForwardModel(1, 3, 1)
    assert truncated(feed_forward, 2) is feed_forward
