"""Forward and loss: the numbers that a lesson shows are those of the net, and follow from each other."""

import re
from math import log

import numpy as np
import pytest
from support.widget_hosts import slowed

from rnn_tui.ui.panels.equation_terms import composed, summed
from rnn_tui.ui.slow_motion.forward_text import forward, loss

KINDS = ["rnn", "gru", "lstm", "fnn"]
TASKS = ["echo", "letters", "wave"]  # bits, classes, numbers


def numbers(text):
    return [float(found.replace("−", "-").replace(",", "")) for found in re.findall(r"−?[\d.,]*\d(?:e−?\d+)?", text)]


@pytest.mark.parametrize("kind", KINDS)
def test_forward_has_the_cells_equations_and_the_state_under_the_cursor(kind):
    slow = slowed({"kind": kind})
    text = forward(slow, 3, 1, 76)
    assert text.formula[-1] == "y_t = W_hy h_t + b_y"
    assert text.lines[0].startswith("u1: h_t = ")
    assert text.lines[1].startswith("t = 3:")
    assert numbers(text.lines[1])[-1] == pytest.approx(slow.lane.hidden[3, 1], abs=0.005)


def test_forward_says_what_a_memory_is_and_what_has_none():
    words = {kind: forward(slowed({"kind": kind}), 0, 0, 76).words for kind in KINDS}
    assert all("memory" in words[kind] for kind in ("rnn", "gru", "lstm"))
    assert "nothing is passed" in words["fnn"]
    assert "last 4 inputs" in forward(slowed({"kind": "fnn", "window": 4}), 0, 0, 76).words
    scored = slowed({"kind": "rnn"})
    assert "No answer is scored" in forward(scored, 1, 0, 76).words  # the echo is three steps late
    assert "l_t" in forward(scored, 5, 0, 76).words


@pytest.mark.parametrize("kind", ["rnn", "lstm", "fnn"])
def test_a_sequence_that_goes_on_begins_with_what_was_left(kind):
    lane = {"kind": kind, **({"window": 3} if kind == "fnn" else {})}
    slow = slowed(lane, steps=1, training={"batches_per_sequence": 3})
    assert slow.lane.before
    if kind == "lstm":
        made = composed(slow.frame, slow.lane, "c", 0, 0)
        f, before, i, g = (part.value for part in made if not isinstance(part, str))
        assert before == slow.lane.before["c"][-1, 0]
        assert f * before + i * g == pytest.approx(slow.lane.states["c"][0, 0])
        return
    for t in (0, 1, 2):
        assert np.tanh(summed(slow.frame, slow.lane, 0, t).value) == pytest.approx(slow.lane.hidden[t, 0])
    assert "previous batch" in forward(slow, 0, 0, 76).words or kind == "fnn"


@pytest.mark.parametrize("task", TASKS)
def test_the_example_is_the_loss_at_the_last_scored_time_step(task):
    slow = slowed({"kind": "rnn"}, task=task)
    t = slow.last_scored
    l, slope, mean = loss(slow, t).lines
    assert numbers(l)[-1] == pytest.approx(slow.losses[t], abs=1e-4)
    output = int(slow.frame.target[t]) if task == "letters" else 0
    assert numbers(slope)[-1] == pytest.approx(slow.dy[t, output], rel=0.01)
    own, others, count, N, L = numbers(mean.replace("L = ", ""))
    assert (count, N) == (2, slow.scored)
    assert pytest.approx(slow.loss, abs=1e-4) == L
    assert (own + others) / N == pytest.approx(L, rel=0.01)
    assert own == pytest.approx(np.nansum(slow.losses), rel=0.01)


def test_the_example_of_a_class_is_minus_the_logarithm_of_its_probability():
    slow = slowed({"kind": "rnn"}, task="letters")
    l, slope, _ = loss(slow, 4).lines
    e, target = np.exp(slow.lane.logits[4]), int(slow.frame.target[4])
    p = numbers(l)[-2]
    assert -log(p) == pytest.approx(slow.losses[4], rel=0.01)
    assert p == pytest.approx(e[target] / e.sum(), rel=0.01)
    assert (p - 1) / slow.scored == pytest.approx(numbers(slope)[-1], rel=0.02)


def test_the_words_say_over_how_many_sequences_the_mean_goes():
    assert (
        "all 15 answers in the 3 sequences of the batch; the first one is shown"
        in loss(slowed({"kind": "rnn"}), 7).words
    )
    alone = slowed({"kind": "rnn"}, training={"batch_size": 1})
    assert "sequences" not in loss(alone, 7).words
    assert "other" not in loss(alone, 7).lines[-1]
