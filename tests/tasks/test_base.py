from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rnn_tui.engine.losses import cross_entropy, mean_squared_error
from rnn_tui.tasks import TASKS
from rnn_tui.tasks.base import binary_entropy, bits

LENGTH = 20


@pytest.fixture(params=TASKS)
def task(request, tmp_path):
    """One task of each kind."""
    options = {}
    if TASKS[request.param].model_fields.keys() >= {"path"}:
        file = tmp_path / "data"
        file.write_text("\n".join(str(i * i % 37) for i in range(200)))
        options = {"path": str(file)}
    return TASKS[request.param](**options)


def arrays(batch):
    return batch.x, batch.target, batch.mask


def test_every_task_goes_by_the_name_of_its_kind(task):
    assert TASKS[task.kind] is type(task)


def test_the_default_options_have_no_problems(task):
    assert task.problems(LENGTH) == []


def test_the_same_generator_state_gives_the_same_bits_and_another_one_others(task):
    one, same, other = (task.batch(np.random.default_rng(seed), 8, LENGTH) for seed in (1, 1, 2))
    for array, again in zip(arrays(one), arrays(same), strict=True):
        assert array.tobytes() == again.tobytes()
    assert one.x.tobytes() != other.x.tobytes()


@pytest.mark.parametrize("make", ["batch", "held_out"])
def test_batches_have_the_shapes_that_the_engine_wants(task, make):
    batch = getattr(task, make)(np.random.default_rng(0), 4, LENGTH)
    B = batch.x.shape[2]
    assert 1 <= B <= 4
    assert batch.x.shape == (LENGTH, task.input_size, B)
    assert batch.mask.shape == (LENGTH, B)
    assert batch.target.shape == ((LENGTH, B) if task.loss is cross_entropy else (LENGTH, task.output_size, B))
    assert set(np.unique(batch.mask)) <= {0, 1}
    assert batch.mask.any()


def test_the_arrays_of_a_batch_are_its_own(task):
    batch = task.batch(np.random.default_rng(0), 4, LENGTH)
    target = batch.target.copy()
    batch.x[...] = -5
    np.testing.assert_array_equal(batch.target, target)
    again = task.batch(np.random.default_rng(0), 4, LENGTH)
    assert (again.x != -5).any()


def test_more_inputs_never_raise_an_exact_floor(task):
    floors = [task.floor(window, LENGTH) for window in (1, 2, 3, 4, None)]
    exact = [floor.loss for floor in floors if floor is not None and floor.exact]
    assert all(more <= less + 1e-12 for less, more in pairwise(exact))
    assert exact or task.loss is mean_squared_error or hasattr(task, "path")


def test_what_answers_without_a_network_is_not_under_the_floor_of_all_inputs(task):
    floor = task.floor(None, LENGTH)
    assert floor is not None or hasattr(task, "path") or task.kind == "mackey-glass"
    for reference in task.references(LENGTH):
        assert np.isfinite(reference.loss)
        assert floor is None or reference.loss >= floor.loss


def test_unknown_options_are_refused(task):
    with pytest.raises(ValidationError):
        type(task).model_validate({**task.model_dump(), "unknown": 1})


def test_options_cannot_be_changed(task):
    with pytest.raises(ValidationError):
        task.kind = "other"
    with pytest.raises(ValidationError):
        del task.kind


def test_a_coin_is_fair_and_has_two_sides():
    flips = bits(np.random.default_rng(0), 100, 100)
    assert set(np.unique(flips)) == {0.0, 1.0}
    assert flips.mean() == pytest.approx(0.5, abs=4 * 0.5 / 100)


@given(p=st.floats(0.001, 0.999))
def test_binary_entropy_is_its_formula(p):
    assert binary_entropy(p) == pytest.approx(-p * log(p) - (1 - p) * log(1 - p))


def test_binary_entropy_of_certainty_is_zero():
    np.testing.assert_array_equal(binary_entropy(np.array([0.0, 1.0])), [0, 0])
