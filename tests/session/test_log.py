import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.session.log import Log


def log_of(values):
    log = Log()
    for value in values:
        log.append(value)
    return log


@given(st.lists(st.floats(allow_nan=True), max_size=3000))
def test_what_was_appended_is_there_to_the_bit(values):
    assert log_of(values).view.tobytes() == np.array(values, float).tobytes()
    assert len(log_of(values)) == len(values)


def test_a_view_is_no_copy_cannot_be_written_to_and_stays_what_it_was():
    log = log_of(range(10))
    view = log.view
    assert np.shares_memory(view, log.view)
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 1
    for value in range(5000):
        log.append(value)
    np.testing.assert_array_equal(view, np.arange(10))


def test_what_is_appended_to_a_cut_log_does_not_show_in_views_of_the_whole():
    log = log_of(range(100))
    view, short = log.view, log.cut(40)
    short.append(-1.0)
    assert short.view.tolist() == [*range(40), -1.0]
    assert view[40] == 40
    assert len(log) == 100


def test_a_log_of_given_values_goes_on_behind_them_and_leaves_them_alone():
    values = np.arange(3.0)
    log = Log(values)
    log.append(9.0)
    assert log.view.tolist() == [0, 1, 2, 9]
    assert values.tolist() == [0, 1, 2]
    assert Log(np.zeros(0)).view.tolist() == []


def test_a_million_numbers_take_eight_bytes_each_and_some_room_to_grow():
    log = Log(np.zeros(1_000_000))
    log.append(1.0)
    assert log.view.base.nbytes <= 2 * 8 * 1_000_001
