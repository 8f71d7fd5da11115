from math import sqrt

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.examples import fewer_examples

from rnn_tui.engine.optimizers import OPTIMIZERS, SGD, Adam, Momentum, RMSprop, clip_by_global_norm, global_norm

RATE = 0.1


def plain_sgd(theta, gradients, scales):
    for g, scale in zip(gradients, scales, strict=True):
        theta = theta - scale * RATE * g
    return theta


def plain_momentum(theta, gradients, scales):
    velocity = 0.0
    for g, scale in zip(gradients, scales, strict=True):
        velocity = 0.9 * velocity + g
        theta = theta - scale * RATE * velocity
    return theta


def plain_rmsprop(theta, gradients, scales):
    square = 0.0
    for g, scale in zip(gradients, scales, strict=True):
        square = 0.99 * square + 0.01 * g**2
        theta = theta - scale * RATE * g / (sqrt(square) + 1e-8)
    return theta


def plain_adam(theta, gradients, scales):
    m = v = 0.0
    for n, (g, scale) in enumerate(zip(gradients, scales, strict=True), start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        theta = theta - scale * RATE * (m / (1 - 0.9**n)) / (sqrt(v / (1 - 0.999**n)) + 1e-8)
    return theta


PLAIN = {"sgd": plain_sgd, "momentum": plain_momentum, "rmsprop": plain_rmsprop, "adam": plain_adam}
every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


def run(optimizer, theta, gradients, scales=None):
    slots = optimizer.slots(theta)
    for g, scale in zip(gradients, scales or len(gradients) * [1.0], strict=True):
        theta, slots = optimizer.update(theta, g, slots, scale)
    return theta, slots


updates = st.tuples(st.floats(-10, 10).filter(lambda g: abs(g) > 1e-6), st.floats(0, 2))  # a gradient and a scale


@every_optimizer
@given(theta=st.floats(-10, 10), updates=st.lists(updates, min_size=1, max_size=12))
@example(theta=0.0, updates=[(1e-8, 1.0), (-3e-8, 0.5)])  # where ε is of the gradients' own size
@fewer_examples
def test_several_updates_are_the_formula_in_plain_numbers(name, theta, updates):
    gradients, scales = zip(*updates, strict=True)
    found, _ = run(OPTIMIZERS[name](RATE), np.array([theta]), [np.array([g]) for g in gradients], scales)
    assert found[0] == pytest.approx(PLAIN[name](theta, gradients, scales), rel=1e-9, abs=1e-9)


@every_optimizer
def test_without_a_scale_the_learning_rate_is_what_the_optimizer_was_made_with(name):
    optimizer, gradient = OPTIMIZERS[name](RATE), np.array([0.3])
    theta, _ = optimizer.update(np.array([1.0]), gradient, optimizer.slots(gradient))
    assert theta[0] == pytest.approx(PLAIN[name](1.0, [0.3], [1.0]), rel=1e-12)


@every_optimizer
def test_what_is_remembered_does_not_depend_on_the_scale(name):
    gradients = list(np.random.default_rng(0).standard_normal((4, 3)))
    (_, one), (_, other) = (
        run(OPTIMIZERS[name](RATE), np.ones(3), gradients, scales) for scales in ([1, 1, 1, 1], [1, 0.5, 0.1, 0])
    )
    assert one.keys() == other.keys()
    for key in one:
        np.testing.assert_array_equal(one[key], other[key])


@every_optimizer
def test_every_parameter_is_updated_on_its_own(name):
    gradients = np.random.default_rng(0).standard_normal((5, 3))
    found, _ = run(OPTIMIZERS[name](RATE), np.array([1.0, 2.0, 3.0]), gradients)
    expected = [PLAIN[name](i + 1.0, gradients[:, i], 5 * [1.0]) for i in range(3)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@every_optimizer
def test_no_array_is_changed_in_place(name):
    optimizer = OPTIMIZERS[name](RATE)
    theta, slots = run(optimizer, np.ones(3), [np.full(3, 0.5)] * 2)
    gradient = np.full(3, 0.25)
    kept = theta.copy(), gradient.copy(), {key: slot.copy() for key, slot in slots.items()}
    optimizer.update(theta, gradient, slots)
    np.testing.assert_array_equal(theta, kept[0])
    np.testing.assert_array_equal(gradient, kept[1])
    for key, slot in slots.items():
        np.testing.assert_array_equal(slot, kept[2][key])


@every_optimizer
def test_slots_go_by_the_names_that_the_optimizer_tells(name):
    optimizer = OPTIMIZERS[name](RATE)
    _, slots = run(optimizer, np.ones(3), [np.ones(3)])
    assert set(optimizer.slots(np.ones(3))) == set(slots) == optimizer.slot_names


def test_no_two_optimizers_share_their_slot_names():
    assert len({kind.slot_names for kind in OPTIMIZERS.values()}) == len(OPTIMIZERS)


@every_optimizer
def test_float32_stays_float32(name):
    theta, slots = run(OPTIMIZERS[name](RATE), np.ones(3, np.float32), [np.ones(3, np.float32)] * 3)
    assert theta.dtype == np.float32
    assert all(slot.dtype == np.float32 for key, slot in slots.items() if key != "count")


@every_optimizer
def test_a_parameter_whose_gradient_was_always_zero_never_moves(name):
    theta, _ = run(OPTIMIZERS[name](RATE), np.array([0.0, 3.0]), [np.zeros(2)] * 4)
    np.testing.assert_array_equal(theta, [0.0, 3.0])


def test_the_first_step_of_adam_is_the_learning_rate_whatever_the_gradient():
    theta, _ = run(Adam(RATE), np.zeros(4), [np.array([1e-3, 1.0, -1.0, 1e6])])
    np.testing.assert_allclose(theta, [-RATE, -RATE, RATE, -RATE], rtol=1e-4)


def test_the_velocity_of_a_constant_gradient_grows_to_its_geometric_sum():
    _, slots = run(Momentum(RATE), np.zeros(1), [np.ones(1)] * 200)
    assert slots["velocity"][0] == pytest.approx(1 / (1 - 0.9))


def test_the_defaults_are_those_of_pytorch():
    assert (Adam(RATE).beta1, Adam(RATE).beta2, Adam(RATE).epsilon) == (0.9, 0.999, 1e-8)
    assert (RMSprop(RATE).alpha, RMSprop(RATE).epsilon) == (0.99, 1e-8)
    assert SGD(RATE).learning_rate == RATE


@given(
    gradient=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6),
    limit=st.floats(0.01, 100),
)
@example([3.0, 5e-324], 1.5)
def test_clipping_bounds_the_norm_and_keeps_the_direction(gradient, limit):
    before = np.array(gradient)
    clipped = before.copy()
    norm = clip_by_global_norm(clipped, limit)
    length = sqrt(sum(g * g for g in gradient))
    assert norm == pytest.approx(length)
    assert sqrt(sum(g * g for g in clipped)) <= limit * (1 + 1e-12)
    expected = before if length <= limit else before * limit / (length + 1e-6)
    np.testing.assert_allclose(clipped, expected, rtol=1e-9, atol=1e-300)  # the smallest numbers have no nine digits


@pytest.mark.parametrize(("gradient", "limit"), [([3.0, 4.0], 0.0), ([3.0, 4.0], 5.0), ([0.0, 0.0], 1.0)])
def test_what_is_within_the_limit_is_left_alone(gradient, limit):
    clipped = np.array(gradient)
    assert clip_by_global_norm(clipped, limit) == sqrt(sum(g * g for g in gradient))
    np.testing.assert_array_equal(clipped, gradient)


@pytest.mark.parametrize(
    ("dtype", "scale"),
    [
        *((np.float32, scale) for scale in (1e20, 1e37, 1e-25, 1e-44)),
        *((np.float64, scale) for scale in (1e160, 1e300, 1e-170, 1e-310)),
    ],
)
def test_a_norm_is_right_where_the_squares_leave_the_range_of_the_precision(dtype, scale):
    gradient = np.array([3 * scale, -4 * scale, 0], dtype)
    with np.errstate(over="ignore", under="ignore"):
        norm = clip_by_global_norm(gradient, 0)
    assert norm == pytest.approx(np.hypot(float(gradient[0]), float(gradient[1])), rel=1e-6)


@pytest.mark.parametrize(("dtype", "scale"), [(np.float32, 6e37), (np.float64, 3e307)])
@pytest.mark.parametrize("limit", [1e-6, 1.0, 1e30])
def test_a_gradient_of_any_finite_norm_is_clipped(dtype, scale, limit):
    gradient = np.array([3 * scale, -4 * scale], dtype)
    with np.errstate(over="ignore"):
        clip_by_global_norm(gradient, limit)
    np.testing.assert_allclose(gradient, [0.6 * limit, -0.8 * limit], rtol=1e-5)


def test_a_norm_in_the_ordinary_range_is_the_root_of_the_plain_sum_to_the_last_bit():
    rng = np.random.default_rng(0)
    for scale in (1e-10, 1.0, 1e12):
        for dtype in ("float32", "float64"):
            values = (scale * rng.standard_normal(200)).astype(dtype)
            assert global_norm(values) == sqrt(values.dot(values))


@pytest.mark.parametrize("junk", [np.inf, np.nan])
def test_a_gradient_that_is_not_finite_has_a_norm_that_is_not_either(junk):
    gradient = np.array([1.0, junk])
    assert not np.isfinite(clip_by_global_norm(gradient, 1.0))
    assert gradient[0] == 1
