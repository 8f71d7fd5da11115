from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rnn_tui.tasks.echo import Echo


@given(delay=st.integers(0, 10), length=st.integers(1, 20), size=st.integers(1, 4), seed=st.integers(0, 2**32))
def test_every_scored_target_is_the_input_delay_steps_ago(delay, length, size, seed):
    batch = Echo(delay=delay).batch(np.random.default_rng(seed), size, length) if delay < length else None
    if batch is None:
        assert Echo(delay=delay).problems(length)
        return
    for t in range(length):
        for b in range(size):
            assert batch.mask[t, b] == (t >= delay)
            if t >= delay:
                assert batch.target[t, 0, b] == batch.x[t - delay, 0, b]


@pytest.mark.parametrize(("delay", "length", "works"), [(3, 4, True), (3, 3, False), (0, 1, True), (5, 2, False)])
def test_the_delay_must_be_less_than_the_length(delay, length, works):
    problems = Echo(delay=delay).problems(length)
    assert (problems == []) is works
    if not works:
        assert len(problems) == 1
        assert problems[0].startswith(f"task.delay = {delay}: ")
        assert str(length) in problems[0]


@pytest.mark.parametrize("delay", [-1, 1001, 2.0, "3", True])
def test_a_delay_is_a_whole_number_from_0_to_1000(delay):
    with pytest.raises(ValidationError):
        Echo.model_validate({"delay": delay})


@pytest.mark.parametrize("delay", [0, 1, 3])
@pytest.mark.parametrize("window", [1, 2, 3, 4, 5])
def test_the_floor_is_what_a_table_of_all_windows_leaves_open(delay, window):
    rng = np.random.default_rng(0)
    batch = Echo(delay=delay).batch(rng, 1, 20_000)
    x, target = batch.x[:, 0, 0], batch.target[:, 0, 0]
    table = {}
    for t in range(10, len(x)):
        table.setdefault(tuple(x[t - window + 1 : t + 1]), []).append(target[t])
    entropy = 0.0
    for answers in table.values():
        for p in (np.mean(answers), 1 - np.mean(answers)):
            entropy -= len(answers) * p * log(p) if p else 0
    assert Echo(delay=delay).floor(window, 20).loss == pytest.approx(entropy / (len(x) - 10), abs=2e-3)


def test_who_hears_all_can_answer_all():
    assert Echo(delay=7).floor(None, 20).loss == 0


def test_chance_is_a_coin():
    (chance,) = Echo().references(20)
    assert chance.loss == log(2)
