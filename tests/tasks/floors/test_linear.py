import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.tasks.floors.linear import MOST_NUMBERS, held_out_error


def by_hand(earlier, later, window, ahead, known=None):
    """The same by the normal equations, over rows built one by one."""
    known = known or ([True] * len(earlier), [True] * len(later))

    def system(rows, is_known):
        seen, following = [], []
        for t in range(window - 1, len(rows) - ahead):
            if is_known[t + ahead]:
                seen.append([1.0] + [float(rows[t - k][i]) for k in range(window) for i in range(len(rows[t]))])
                following.append(float(rows[t + ahead][0]))
        return np.array(seen), np.array(following)

    seen, following = system(earlier, known[0])
    weights = np.linalg.solve(seen.T @ seen, seen.T @ following)
    seen, following = system(later, known[1])
    return np.mean((following - seen @ weights) ** 2)


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("ahead", [1, 3])
@pytest.mark.parametrize(("window", "columns"), [(1, 1), (4, 1), (1, 3), (3, 2)])
def test_it_is_least_squares_on_the_earlier_rows_measured_on_the_later_ones(window, columns, ahead, gaps):
    rng = np.random.default_rng(window)
    earlier, later = rng.normal(size=(200, columns)).cumsum(0), rng.normal(size=(60, columns)).cumsum(0)
    known = (rng.random(200) < 0.7, rng.random(60) < 0.7) if gaps else None
    found = held_out_error(earlier, later, window, ahead, known)
    assert found == pytest.approx(by_hand(earlier, later, window, ahead, known), rel=1e-8)


def test_with_one_row_it_is_the_straight_line_that_polyfit_draws():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=100).cumsum(), rng.normal(size=40).cumsum()
    line = np.polyfit(x[:-1], x[1:], 1)
    expected = np.mean((np.polyval(line, y[:-1]) - y[1:]) ** 2)
    assert held_out_error(x[:, None], y[:, None], 1, 1) == pytest.approx(expected)


def test_a_sine_needs_two_values_and_no_more():
    x = np.sin(0.3 * np.arange(400))[:, None]  # x_{t+1} = 2 cos(0.3) x_t − x_{t−1}
    assert held_out_error(x[:300], x[300:], 2, 1) < 1e-20
    # from one value cos(0.3) x_t is best, which leaves the part sin(0.3) of a right angle ahead
    assert held_out_error(x[:300], x[300:], 1, 1) == pytest.approx(np.sin(0.3) ** 2 / 2, rel=0.05)


def test_a_further_column_is_used_where_it_tells_something():
    other = np.random.default_rng(0).normal(size=401)
    rows = np.column_stack([np.roll(other, 1), other])[1:]  # the target is the other column one row later
    assert held_out_error(rows[:300], rows[300:], 1, 1) < 1e-20
    assert held_out_error(rows[:300, :1], rows[300:, :1], 1, 1) > 0.5


@pytest.mark.parametrize("size", [0.0, *10.0 ** np.arange(-15, -6)])
def test_a_column_that_is_almost_another_decides_nothing(size):
    # the cut at small singular values of numpy.linalg.lstsq lies amid these: by then .8154 becomes .8158 and .8041
    rng = np.random.default_rng(0)
    walk, noise = rng.normal(size=(2, 1000, 1))
    walk = walk.cumsum(axis=0)
    rows = np.column_stack([walk, walk + size * noise])
    nudged = rows * (1 + 2.0**-52 * rng.integers(-1, 2, rows.shape))  # as another machine might have it
    found = held_out_error(rows[:800], rows[800:], 1, 1)
    assert found == pytest.approx(held_out_error(walk[:800], walk[800:], 1, 1), rel=2e-3)
    assert found == pytest.approx(held_out_error(nudged[:800], nudged[800:], 1, 1), rel=1e-7)


def test_unknown_targets_are_never_looked_at():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(100, 2))
    known = np.ones(100, bool)
    known[-1] = False  # the last row is no input, but it would be a target
    bad = rows.copy()
    bad[-1] = 1e9
    expected = held_out_error(rows[:-1], rows[:-1], 2, 1)
    assert held_out_error(bad, bad, 2, 1, (known, known)) == expected
    assert held_out_error(bad, rows, 2, 1) != expected


@pytest.mark.parametrize(("rows", "columns", "works"), [(9, 1, False), (10, 1, True), (13, 2, False), (14, 2, True)])
def test_fewer_than_two_rows_for_each_weight_are_too_few(rows, columns, works):
    # a window of 2 and a horizon of 3: the first 4 rows are no targets; 2 · columns + 1 weights
    values = np.random.default_rng(0).normal(size=(rows, columns))
    assert (held_out_error(values, values, 2, 3) is not None) is works


def test_nothing_to_score_is_none():
    rows = np.random.default_rng(0).normal(size=(50, 1))
    assert held_out_error(rows, rows[:2], 2, 1) is None
    assert held_out_error(rows, rows[:3], 2, 1) is not None
    assert held_out_error(rows, rows, 2, 1, (np.ones(50, bool), np.zeros(50, bool))) is None


def test_of_very_many_rows_those_nearest_to_the_cut_count():
    values = np.random.default_rng(0).normal(size=(MOST_NUMBERS // 2 + 1000, 1))
    near = MOST_NUMBERS // 2 + 1
    known = np.random.default_rng(1).random(len(values)) < 0.1
    expected = held_out_error(values[-near:], values[:near], 1, 1, (known[-near:], known[:near]))
    assert held_out_error(values, values, 1, 1, (known, known)) == expected


@given(
    values=st.lists(st.sampled_from([0.0, 1.0, -1.0, 1e-9, 3.5, 1e6]), max_size=40),
    window=st.integers(1, 5),
    ahead=st.integers(1, 4),
)
def test_any_rows_give_a_finite_error_or_none(values, window, ahead):
    rows = np.array(values)[:, None]
    found = held_out_error(rows, rows, window, ahead)
    assert found is None or (np.isfinite(found) and found >= 0)


def test_a_system_that_would_take_seconds_is_not_solved():
    rows = np.random.default_rng(0).standard_normal((20_000, 12))
    assert held_out_error(rows[:16_000], rows[16_000:], 200, 1) is None
    assert held_out_error(rows[:16_000], rows[16_000:], 10, 1) is not None
