from math import inf

import pytest

from rnn_tui.ui.training.rate_limiter import Pacer


@pytest.fixture
def pacer(clock):
    return Pacer(clock)


def test_nothing_is_due_before_one_plays(pacer):
    assert pacer.due(10) == inf
    assert not pacer.playing


def test_updates_are_due_at_the_pace_from_the_start_on(pacer, clock):
    pacer.start(True)
    assert pacer.due(10) == pytest.approx(0.1)
    clock.now += 0.25
    assert pacer.due(10) == 0
    pacer.made()
    pacer.made()
    assert pacer.due(10) == pytest.approx(0.05)
    pacer.start(False)
    assert pacer.due(10) == inf


def test_flat_out_something_is_always_due(pacer):
    pacer.start(True)
    for _ in range(3):
        assert pacer.due(0) == 0
        pacer.made()


def test_what_cannot_be_kept_up_with_is_not_caught_up_later(pacer, clock):
    pacer.start(True)
    clock.now += 0.4
    pacer.forgive(10)
    assert pacer.due(10) == 0
    clock.now += 5
    pacer.forgive(10)
    assert pacer.due(10) == pytest.approx(0.1)
    pacer.forgive(0)
