import re
from collections import Counter
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.examples import fewer_examples

from rnn_tui.tasks.counting import Counting

LONG = 10_000  # so long that the start hardly counts


def texts(task, rng, size, length):
    codes = task.batch(rng, size, length).x.argmax(axis=1)
    return ["".join("ab"[code] for code in word) for word in codes.T]


@pytest.mark.parametrize("longest", [1, 2, 5, 20])
def test_a_text_is_runs_with_as_many_bs_as_as_and_each_number_equally_often(longest):
    size, share, numbers = 4000, 1 / longest, Counter()
    for text in texts(Counting(longest=longest), np.random.default_rng(0), size, 4 * longest + 1):
        runs = re.findall("a+b*", text)
        assert all(run == "a" * (len(run) // 2) + "b" * (len(run) // 2) for run in runs[:-1])  # the last one is cut
        numbers.update(len(run) // 2 for run in runs[:2])  # two at least are whole
    assert set(numbers) == set(range(1, longest + 1))
    for count in numbers.values():
        assert count == pytest.approx(2 * size * share, abs=5 * np.sqrt(2 * size * share * (1 - share)))


@given(longest=st.integers(1, 20), seed=st.integers(0, 2**32))
@fewer_examples
def test_every_text_begins_with_a_run(longest, seed):
    for said in texts(Counting(longest=longest), np.random.default_rng(seed), 3, 2 * longest):
        n = len(re.match("a+", said).group())
        assert n <= longest
        assert said[n : 2 * n] == n * "b"


@pytest.mark.parametrize("longest", [1, 2, 3, 5, 20])
def test_who_can_count_is_surprised_once_in_a_run(longest):
    best = log(longest) / (longest + 1)  # of 2 n letters, longest + 1 on average
    assert Counting(longest=longest).floor(None, LONG).loss == pytest.approx(best, abs=1e-3)


@pytest.mark.parametrize("longest", [2, 3, 4, 5])
def test_a_window_must_tell_the_longest_run_from_the_second_longest(longest):
    task = Counting(longest=longest)
    best = task.floor(None, 200).loss
    assert task.floor(2 * longest - 1, 200).loss == pytest.approx(best, abs=1e-12)
    assert task.floor(2 * longest - 2, 200).loss > best + 1e-3


def test_a_window_no_longer_than_the_bs_does_not_see_their_number():
    task = Counting(longest=8)
    best = task.floor(None, 500).loss
    floors = [task.floor(window, 500).loss for window in range(1, 9)]
    assert all(less > more for less, more in zip(floors, [*floors[1:], best], strict=True))


def test_losses_are_split_by_the_letter_now_and_the_next_one():
    task = Counting()
    batch = task.batch(np.random.default_rng(0), 5, 30)
    role, stream = task.role(batch), np.concatenate([batch.x.argmax(axis=1), batch.target[-1:]])
    assert task.alphabet == ("a", "b")
    assert task.split_by == "step"
    for t in range(30):
        for b in range(5):
            assert task.roles[role[t, b]] == f"{'ab'[stream[t, b]]}→{'ab'[stream[t + 1, b]]}"


@pytest.mark.parametrize("longest", [0, 21, 5.0, "5", True])
def test_the_greatest_number_is_a_whole_one_from_1_to_20(longest):
    with pytest.raises(ValidationError):
        Counting.model_validate({"longest": longest})
