"""Lanes that are scored on a tenth of the sequences, for tests that need no exact scores."""

from contextlib import contextmanager

import pytest

from rnn_tui.session import experiment


@contextmanager
def few_held_out():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(experiment, "MOST_HELD_OUT", 24)
        yield
