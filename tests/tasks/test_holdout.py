from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.tasks.holdout import HoldoutSplit
from rnn_tui.tasks.own_data.file_task import absolute


@given(count=st.integers(0, 10_000))
def test_the_last_fifth_is_held_out(count):
    split = HoldoutSplit(np.arange(count))
    assert len(split.held_out) == count // 5 == HoldoutSplit.fits(count)
    np.testing.assert_array_equal(np.concatenate([split.earlier, split.held_out]), np.arange(count))


@st.composite
def windows(draw):
    count = draw(st.integers(10, 300))
    return count, draw(st.integers(1, count // 5)), draw(st.integers(1, 20)), draw(st.integers(0, 2**32))


@given(asked=windows())
def test_drawn_windows_lie_in_the_earlier_part_and_are_of_one_piece(asked):
    count, length, size, seed = asked
    found = HoldoutSplit(np.arange(count)).draw(np.random.default_rng(seed), size, length)
    assert found.shape == (length, size)
    assert found.max() < HoldoutSplit.cut(count)
    np.testing.assert_array_equal(found, found[0] + np.arange(length)[:, None])


@given(asked=windows())
def test_held_out_windows_lie_in_the_later_part_are_of_one_piece_and_differ(asked):
    count, length, size, _ = asked
    found = HoldoutSplit(np.arange(count)).later(size, length)
    assert len(found) == length
    assert 1 <= found.shape[1] <= size
    assert found.min() >= HoldoutSplit.cut(count)
    np.testing.assert_array_equal(found, found[0] + np.arange(length)[:, None])
    assert len(set(found[0])) == found.shape[1]


@given(asked=windows())
def test_enough_held_out_windows_leave_no_value_out(asked):
    count, length, *_ = asked
    found = HoldoutSplit(np.arange(count)).later(1000, length)
    assert set(found.ravel()) == set(range(HoldoutSplit.cut(count), count))


def test_of_rows_with_several_values_windows_keep_them_together():
    rows = np.arange(100)[:, None] * [1, 10, 100]
    split = HoldoutSplit(rows)
    for found in (split.draw(np.random.default_rng(0), 5, 4), split.later(5, 4)):
        assert found.shape == (4, 5, 3)
        np.testing.assert_array_equal(
            found, found[:1, :, :1] * [1, 10, 100] + np.arange(4)[:, None, None] * [1, 10, 100]
        )


def test_every_place_of_the_earlier_part_is_drawn():
    found = HoldoutSplit(np.arange(20)).draw(np.random.default_rng(0), 1000, 4)
    assert set(found[0]) == set(range(16 - 4 + 1))


def test_a_relative_path_starts_at_the_folder_that_is_given():
    assert absolute("data.csv", "/some/presets") == "/some/presets/data.csv"
    assert absolute("/else/data.csv", "/some/presets") == "/else/data.csv"


def test_a_relative_folder_starts_here():
    assert absolute("data.csv", ".") == str(Path.cwd() / "data.csv")


def test_a_tilde_is_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert absolute("~/data.csv", "/p") == str(tmp_path / "data.csv")


@pytest.mark.parametrize("path", ["~nobody-of-this-name/data.csv", "a\0b", "x" * 5000])
def test_a_path_that_cannot_be_is_kept_for_whoever_opens_it(path):
    assert absolute(path, "/p").endswith(path)
