from math import inf

import pytest

from rnn_tui.ui.training.rate_limiter import RateLimiter


@pytest.fixture
def limiter(clock):
    return RateLimiter(clock)


def test_nothing_is_due_before_one_plays(limiter):
    assert limiter.due(10) == inf
    assert not limiter.playing


def test_updates_are_due_at_the_pace_from_the_start_on(limiter, clock):
    limiter.start(True)
    assert limiter.due(10) == pytest.approx(0.1)
    clock.now += 0.25
    assert limiter.due(10) == 0
    limiter.made()
    limiter.made()
    assert limiter.due(10) == pytest.approx(0.05)
    limiter.start(False)
    assert limiter.due(10) == inf


def test_flat_out_something_is_always_due(limiter):
    limiter.start(True)
    for _ in range(3):
        assert limiter.due(0) == 0
        limiter.made()


def test_what_cannot_be_kept_up_with_is_not_caught_up_later(limiter, clock):
    limiter.start(True)
    clock.now += 0.4
    limiter.skip_missed(10)
    assert limiter.due(10) == 0
    clock.now += 5
    limiter.skip_missed(10)
    assert limiter.due(10) == pytest.approx(0.1)
    limiter.skip_missed(0)
