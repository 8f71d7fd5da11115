"""A sequence of the user's own: what is typed, and what it is scored against."""

import numpy as np
import pytest

from rnn_tui.errors import DataError
from rnn_tui.presets.store import find, load
from rnn_tui.session.own_sequence import MOST_TYPED, how_to_type, own_sequence, typed_text

PRESETS = ("echo", "xor", "parity", "letters", "wave", "adding", "flip-flop", "copy", "temporal-xor")


@pytest.mark.parametrize("name", PRESETS)
def test_what_a_task_draws_can_be_typed_and_then_has_the_same_targets(name):
    task = load(find(name)).preset.task
    batch = task.batch(np.random.default_rng(1), 3, 24)
    found = own_sequence(task, typed_text(task, batch.x[..., 0])).batch
    assert found.x.shape == (24, task.input_size, 1)
    np.testing.assert_allclose(found.x[..., 0], batch.x[..., 0], atol=2e-3 * np.abs(batch.x).max())
    scored = (found.mask * batch.mask[:, :1]) > 0
    assert scored.any() == (name != "copy")  # where the symbols to copy begin does not follow from any input
    if scored.any():
        target, told = batch.target.reshape(24, -1, 3)[..., 0], found.target.reshape(24, -1)
        np.testing.assert_allclose(told[scored[:, 0]], target[scored[:, 0]], atol=0.02)


def test_numbers_have_the_units_and_the_names_of_the_user():
    adding = load(find("adding")).preset.task
    found = own_sequence(adding, "0.5,1  0.25,1 0.1,0").batch
    assert found.x[..., 0].tolist() == [[0.5, 1], [0.25, 1], [0.1, 0]]
    assert found.target[-1, 0, 0] == 0.75
    assert found.mask[:, 0].tolist() == [0, 0, 1]
    assert "value,mark" in how_to_type(adding)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("echo", "", "at least one"),
        ("echo", "01x", "not a number"),
        ("echo", "1" * (MOST_TYPED + 1), "1 to 500"),
        ("adding", "0.5 0.2", "has 1 of 2 inputs: value, mark"),
        ("wave", "0.1,0.2", "spaces between numbers"),
        ("wave", "0.1 nan", "not finite"),
        ("letters", "bax", "'x' is not a symbol"),
    ],
)
def test_what_is_wrong_with_a_typed_sequence_is_said(name, text, problem):
    with pytest.raises(DataError, match=problem):
        own_sequence(load(find(name)).preset.task, text)
