import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.engine import metric_history
from rnn_tui.engine.metric_history import HIGH, LOW, MEAN, Log, MetricHistory


@pytest.fixture(scope="module", autouse=True)
def small_limits():
    """Steps enough for blocks, and for blocks of these, are few."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"EXACT": 40, "SLACK": 20, "WIDTH": 4, "MOST_BLOCKS": 8, "LEAST_ROOM": 16}.items():
            patch.setattr(metric_history, name, value)
        yield


def log_of(values, log=None):
    log = Log() if log is None else log
    for value in values:
        log.append(value)
    return log


def fresh(count, seed=0):
    return np.random.default_rng(seed).lognormal(size=count)


def assert_tells_of(history, values):
    """What it says of each step is true, and of the latest it says all."""
    assert len(history) == len(values)
    np.testing.assert_array_equal(history.values, values[history.first :])
    for i, row in enumerate(history.blocks):
        block = values[i * history.width : (i + 1) * history.width]
        assert (row[LOW], row[HIGH]) == (block.min(), block.max())
        assert row[MEAN] == pytest.approx(block.mean())
    for step, value in enumerate(values):
        low, high = history.bounds(step)
        assert low <= value <= high


@given(st.integers(0, 60))
def test_of_the_latest_steps_each_number_is_there_to_the_bit(count):
    values = fresh(count)
    assert log_of(values).history.exact.tobytes() == values.tobytes()


@given(st.integers(0, 2000))
def test_of_steps_before_them_there_are_blocks_with_the_range_and_the_mean(count):
    history = log_of(fresh(count)).history
    assert_tells_of(history, fresh(count))
    assert len(history.values) >= min(count, 40)


def test_memory_does_not_grow_without_end():
    log, most = Log(), 0
    for count in (1000, 10_000, 40_000):
        log_of(fresh(count - len(log)), log)
        assert sum(array.nbytes for array in log.arrays) <= 3 * 8 * (metric_history.MOST_BLOCKS + 2) + 8 * 2**14
        most = max(most, len(log.history.blocks))
    assert most <= metric_history.MOST_BLOCKS + 1
    assert len(log) == 40_000


def test_a_history_cannot_be_written_to_and_stays_what_it_was():
    log = log_of(range(50))
    history = log.history
    assert np.shares_memory(history.values, log.history.values)
    with pytest.raises(ValueError, match="read-only"):
        history.values[0] = 1
    log_of(range(500), log)
    np.testing.assert_array_equal(history, np.arange(50))
    with pytest.raises(ValueError, match="read-only"):
        log.history.blocks[0] = 1


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 100))
def test_a_log_that_was_cut_and_the_whole_go_their_own_ways(count, at, more):
    values = fresh(count)
    log = log_of(values)
    short = log.cut(at)
    known, first = min(at, count), log.history.first
    log_of(fresh(more, 1), short)
    log_of(fresh(more, 2), log)
    assert_tells_of(log.history, np.concatenate([values, fresh(more, 2)]))
    assert len(short) == known + more
    if known >= first:
        assert_tells_of(short.history, np.concatenate([values[:known], fresh(more, 1)]))
    elif there := min(more, len(short.history.values)):
        np.testing.assert_array_equal(short.history.values[-there:], fresh(more, 1)[-there:])


def test_of_a_block_that_is_cut_apart_nothing_is_known_any_more():
    log = log_of(fresh(100))
    width, whole = log.history.width, log.history.first // log.history.width - 1
    short = log.cut(whole * width + 1)
    assert len(short) == whole * width + 1
    assert np.isnan(short.history.bounds(whole * width)).all()
    assert short.history.bounds(whole * width - 1) == log.history.bounds(whole * width - 1)
    log_of([1.0] * 200, short)
    assert np.isfinite(short.history.blocks).all(axis=1).sum() >= len(short.history.blocks) - 1
    assert np.isfinite(short.history.mean(0, len(short)))


def test_logs_of_the_same_length_share_their_numbers_until_one_is_added():
    log = log_of(range(30))
    twin = log.cut(30)
    log.append(1.0)
    assert np.shares_memory(log.history.values, twin.history.values)
    twin.append(2.0)
    assert (log.history.exact[-1], twin.history.exact[-1]) == (1.0, 2.0)
    assert not np.shares_memory(log.history.values, twin.history.values)


def test_a_log_of_a_history_goes_on_behind_it_and_leaves_it_alone():
    history = MetricHistory(np.arange(3.0))
    log = log_of([9.0], Log(history))
    assert log.history.exact.tolist() == [0, 1, 2, 9]
    assert history.exact.tolist() == [0, 1, 2]
    assert_tells_of(log_of(fresh(300), Log(log_of(fresh(300)).history)).history, np.tile(fresh(300), 2))
    assert_tells_of(Log(MetricHistory(fresh(900))).history, fresh(900))


def test_exact_numbers_are_refused_where_there_are_blocks():
    history = log_of(fresh(200)).history
    for asked in (lambda: history.exact, lambda: history[5], lambda: np.asarray(history)):
        with pytest.raises(ValueError, match="are stored as blocks of"):
            asked()


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_mean_of_exact_numbers_is_their_mean(begin, end):
    values, history = fresh(50), log_of(fresh(50)).history
    found = history.mean(begin, end)
    part = values[begin:end]
    assert found == pytest.approx(part.mean()) if len(part) else np.isnan(found)


def test_a_mean_over_blocks_counts_each_by_its_steps():
    values, history = fresh(300), log_of(fresh(300)).history
    assert len(history.blocks) > 4
    assert history.mean(0, 300) == pytest.approx(values.mean())
    assert history.mean(history.width, 300) == pytest.approx(values[history.width :].mean())
    within = values[: history.width].mean()
    assert history.mean(1, 3) == pytest.approx(within)


def test_a_shortened_history_keeps_its_latest_numbers_in_arrays_of_its_own():
    log = log_of(fresh(55))
    short = log.history.shortened(10)
    assert_tells_of(short, fresh(55))
    assert 10 <= len(short.values) < 10 + short.width
    assert not np.shares_memory(short.values, log.history.values)
    assert short.same_as(log.history.shortened(10))
    assert not short.same_as(log.history)


def test_no_number_is_too_large_for_a_mean():
    history = log_of([1.5e308] * 100).history
    assert (history.blocks == 1.5e308).all()
