import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_tui.tasks.columns import Column

VALUES = st.lists(st.one_of(st.just(np.nan), st.sampled_from([0.0, 1.0, -2.5, 7.0, 1e299])), max_size=30)


@given(values=VALUES.filter(lambda values: any(np.isfinite(values))))
@settings(deadline=None)
def test_each_gap_is_filled_with_the_last_known_value_or_else_the_first(values):
    expected, last = [], next(value for value in values if np.isfinite(value))
    for value in values:
        last = value if np.isfinite(value) else last
        expected.append(last)
    column = Column("x", np.array(values))
    np.testing.assert_array_equal(column.filled, expected)
    assert column.missing == len([value for value in values if np.isnan(value)])


def test_the_scale_is_of_what_is_known_and_trained_on():
    column = Column("x", np.array([1, np.nan, 3, np.nan, np.nan, 5, 7, 9, 1000, np.nan]))
    mean, deviation = column.scale
    assert mean == 5
    assert deviation == pytest.approx(np.sqrt((16 + 4 + 0 + 4 + 16) / 5))
    np.testing.assert_allclose(column.normalised * deviation + mean, [1, 1, 3, 3, 3, 5, 7, 9, 1000, 1000])


@given(values=VALUES.filter(len))
@settings(deadline=None, max_examples=200)
def test_a_column_has_a_problem_in_one_line_or_finite_values(values):
    column = Column("x", np.array(values))
    if problem := column.problem():
        assert "column 'x'" in problem
        assert problem.isprintable()
    else:
        assert np.isfinite(column.normalised).all()
        assert np.isfinite(np.square(column.normalised).sum())
