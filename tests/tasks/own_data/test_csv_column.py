import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.tasks.own_data.csv_column import CsvColumn, sentinels

VALUES = st.lists(st.one_of(st.just(np.nan), st.sampled_from([0.0, 1.0, -2.5, 7.0, 1e299])), max_size=30)


@given(values=VALUES.filter(lambda values: any(np.isfinite(values))))
def test_each_gap_is_filled_with_the_last_known_value_or_else_the_first(values):
    expected, last = [], next(value for value in values if np.isfinite(value))
    for value in values:
        last = value if np.isfinite(value) else last
        expected.append(last)
    column = CsvColumn("x", np.array(values))
    np.testing.assert_array_equal(column.filled, expected)
    assert column.missing == len([value for value in values if np.isnan(value)])


def test_the_scale_is_of_what_is_known_and_trained_on():
    column = CsvColumn("x", np.array([1, np.nan, 3, np.nan, np.nan, 5, 7, 9, 1000, np.nan]))
    mean, deviation = column.scale
    assert mean == 5
    assert deviation == pytest.approx(np.sqrt((16 + 4 + 0 + 4 + 16) / 5))
    np.testing.assert_allclose(column.normalized * deviation + mean, [1, 1, 3, 3, 3, 5, 7, 9, 1000, 1000])


@given(values=VALUES.filter(len))
def test_a_column_has_a_problem_in_one_line_or_finite_values(values):
    column = CsvColumn("x", np.array(values))
    if problem := column.problem():
        assert "column 'x'" in problem
        assert problem.isprintable()
    else:
        assert np.isfinite(column.normalized).all()
        assert np.isfinite(np.square(column.normalized).sum())


ORDINARY = [5.0, 12.5, 25.0, 18.0, 7.5] * 20


@pytest.mark.parametrize("odd", [-999.0, -9999.0, 9999.0, 99999.0, 1e20, -99.9, 999.9, -32768.0, 65535.0])
@pytest.mark.parametrize("often", [1, 30])
def test_a_value_that_programs_write_for_a_missing_one_is_pointed_out(odd, often):
    assert sentinels(np.array(ORDINARY + [odd] * often)) == [(odd, often)]
    told = CsvColumn("TT", np.array(ORDINARY + [odd] * often)).sentinel_note()
    assert f"{often} are {odd:g}, far outside the others (5 to 25)" in told
    assert f"--missing {odd:.15g}" in told


def test_any_value_that_is_often_and_far_outside_is_pointed_out():
    assert sentinels(np.array([*range(1000, 1040), 0, 0, 0.0])) == [(0, 3)]
    assert sentinels(np.array([*range(1000, 1040), 0, 0.0])) == []


def test_several_values_may_stand_for_missing_ones():
    assert sentinels(np.array([*ORDINARY, -999.0, -9999.0, -999.0])) == [(-9999, 1), (-999, 2)]


@pytest.mark.parametrize("values", [ORDINARY, [*ORDINARY, 39.0], [0.0, 1.0], [9.0] * 9, [0.0, 1, 2, 3.5]])
def test_ordinary_values_are_not_pointed_out(values):
    assert sentinels(np.array(values)) == []
    assert CsvColumn("x", np.array(values)).sentinel_note() == ""
