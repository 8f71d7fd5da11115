import re
from collections import Counter
from math import log

import numpy as np
import pytest
from pydantic import ValidationError

from rnn_tui.engine.cells import RNNCell
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.optimizers import Adam
from rnn_tui.engine.training import Learner
from rnn_tui.tasks.letters import Letters
from rnn_tui.tasks.metrics import task_score

LONG = 30_000  # so long that the start hardly counts


def texts(task, size, length):
    codes = task.batch(np.random.default_rng(0), size, length).x.argmax(axis=1)
    return ["".join(task.alphabet[code] for code in word) for word in codes.T]


@pytest.mark.parametrize("consonants", [2, 3, 4, 5])
def test_a_text_is_syllables_that_begin_with_each_consonant_equally_often(consonants):
    allowed = ["ba", "dii", "guuu", "keeee", "pooooo"][:consonants]
    size, share, begun = 3000, 1 / consonants, Counter()
    for text in texts(Letters(consonants=consonants), size, 2 * (consonants + 1) + 1):
        *whole, _ = re.split("(?=[bdgkp])", text)  # the last one may be cut
        assert whole[0] == ""
        assert set(whole[1:]) <= set(allowed)
        begun.update(re.findall("[bdgkp]", text)[:2])
    for syllable in allowed:
        assert begun[syllable[0]] == pytest.approx(2 * size * share, abs=5 * np.sqrt(2 * size * share * (1 - share)))


@pytest.mark.parametrize(("window", "published"), [(1, 0.7324), (2, 0.5202), (3, 0.3662), (None, 0.3662)])
def test_the_published_floors_of_a_long_stream(window, published):
    assert round(Letters().floor(window, LONG).loss, 4) == published


def test_one_letter_of_a_long_stream_leaves_open_what_is_counted_by_hand():
    # of nine letters one is an a (any consonant follows), two are an i (the second one or a consonant), three are a u
    after_i = log(2) + log(3) / 2
    after_u = -2 / 3 * log(2 / 3) - 1 / 3 * log(1 / 3) + log(3) / 3
    expected = (log(3) + 2 * after_i + 3 * after_u) / 9
    assert Letters().floor(1, LONG).loss == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("consonants", [2, 3, 4, 5])
def test_a_window_as_long_as_the_vowels_knows_all_but_the_consonant(consonants):
    task = Letters(consonants=consonants)
    best = log(consonants) / ((consonants + 3) / 2)  # one choice in a syllable, of 2, 3, … letters
    assert task.floor(None, 5000).loss == pytest.approx(best, abs=1e-3)
    assert task.floor(consonants, 5000).loss == pytest.approx(best, abs=1e-3)
    assert task.floor(consonants - 1, 5000).loss > best + 0.05


@pytest.mark.parametrize("consonants", [1, 6, 3.0, "3"])
def test_there_are_two_to_five_consonants(consonants):
    with pytest.raises(ValidationError):
        Letters.model_validate({"consonants": consonants})


def test_a_trained_rnn_is_surprised_by_consonants_alone():
    task = Letters()
    model = RecurrentModel(RNNCell(6, 12), 6, "orthogonal")
    learner = Learner(model, task.loss, Adam(0.02), 1.0)
    state = learner.start(model.initial(np.random.default_rng(0)))
    for step in range(300):
        state, _ = learner.step(state, task.batch(np.random.default_rng([0, step]), 16, 20))
    batch = task.held_out(np.random.default_rng(99), 500, 20)
    y = model.forward(state.parameters, batch.x, model.trace(20, 500))
    found = task_score(task, y, batch)
    by_letter = dict(zip(task.roles, found.loss_by_role, strict=True))
    for letter, loss in by_letter.items():
        assert loss == pytest.approx(log(3) if letter in "bdg" else 0, abs=0.15)
    assert task.floor(None, 20).loss - 0.01 < found.loss < task.floor(2, 20).loss - 0.05
