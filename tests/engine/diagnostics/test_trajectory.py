import numpy as np
import pytest
from support.linear_nets import rotation

from rnn_tui.engine.diagnostics import Undefined, principal_plane


def test_the_plane_of_states_that_lie_in_one_is_that_plane():
    rng = np.random.default_rng(0)
    axes = rotation(rng, 5)[:2]
    flat = rng.standard_normal((2, 400)) * [[3.0], [1.0]]
    states = (axes.T @ flat + np.arange(5.0)[:, None]).reshape(5, 20, 20).transpose(1, 0, 2)
    found = principal_plane(states)
    assert found.shares.sum() == pytest.approx(1, abs=1e-12)
    assert found.shares[0] == pytest.approx(0.9, abs=0.02)
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(2), atol=1e-12)
    rows = states.transpose(0, 2, 1)
    back = found.project(rows) @ found.axes + found.mean
    np.testing.assert_allclose(back, rows, atol=1e-10)


def test_axes_and_shares_are_those_of_the_singular_value_decomposition():
    states = np.random.default_rng(1).standard_normal((7, 4, 9)) * [[1.0], [2.0], [3.0], [4.0]]
    rows = states.transpose(0, 2, 1).reshape(-1, 4)
    _, sizes, right = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    found = principal_plane(states)
    np.testing.assert_allclose(np.abs(found.axes), np.abs(right[:2]), atol=1e-10)
    np.testing.assert_allclose(found.shares, (sizes**2 / (sizes**2).sum())[:2], atol=1e-12)
    assert (found.axes[[0, 1], np.abs(found.axes).argmax(axis=1)] > 0).all()


def test_states_on_a_line_have_a_plane_with_nothing_on_its_second_axis():
    states = np.linspace(0, 1, 6)[:, None, None] * np.array([3.0, 4.0, 0.0])[:, None]
    found = principal_plane(states)
    np.testing.assert_allclose(found.axes[0], [0.6, 0.8, 0], atol=1e-12)
    np.testing.assert_allclose(found.shares, [1, 0], atol=1e-12)


def test_one_unit_and_states_that_do_not_move_have_no_plane():
    assert principal_plane(np.random.default_rng(0).standard_normal((5, 1, 2))) == Undefined(
        "a state of one unit has no plane"
    )
    assert principal_plane(np.full((5, 3, 2), 0.7)) == Undefined("the hidden state never varies")
