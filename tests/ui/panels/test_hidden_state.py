"""The values of the heat map: states, or the gradient of the next update."""

import numpy as np
from support.widget_hosts import preset_of

from rnn_tui.session.session import Session
from rnn_tui.ui.panels.hidden_state import shown_values
from rnn_tui.ui.panels.view_state import SENT_BACK, ViewState


def test_a_training_sequence_that_is_shorter_than_the_probe_leaves_later_time_steps_empty():
    training = {"sequence_length": 6, "batch_size": 3, "batches_per_sequence": 4}
    session = Session(preset_of({"kind": "rnn", "hidden_size": 3}, training=training))
    session.forward(2)
    view = ViewState(session.frame(), "echo", wanted=SENT_BACK)
    values, (middle, reach) = shown_values(view)
    sent = session.trace_update(0).dh
    assert view.frame.length == 24
    np.testing.assert_array_equal(values[:, :6], sent.T)
    assert np.isnan(values[:, 6:]).all()
    assert (middle, reach) == (0.0, np.abs(sent).max()), "the colors reach to the greatest gradient"
