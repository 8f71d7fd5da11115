"""The way back: the shares that are shown add up, and the words say what happens to the gradient there."""

import re

import numpy as np
import pytest
from support.widget_hosts import slowed

from rnn_tui.ui.slow_motion.backward_text import backward, of_last_answer

RNN = {"kind": "rnn"}


def number(text):
    return float(text.replace("−", "-"))


def last(text):
    return number(re.findall(r"−?\d[\d.]*(?:e−?\d+)?", text)[-1])


@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm"])
def test_the_share_of_the_answer_and_that_of_later_make_up_the_gradient(kind):
    slow = slowed({"kind": kind})
    for t in range(7):
        line = backward(slow, t, 2, 76).lines[0]
        own, sign, later, whole = re.fullmatch(
            rf"u2: ∂L/∂h_t = (\S+) from y_t ([+−]) (\S+) from t = {t + 1} = (\S+)", line
        ).groups()
        total = number(own) + (1 if sign == "+" else -1) * number(later)
        assert total == pytest.approx(number(whole), abs=2e-5 + 0.01 * abs(number(own)))
        assert number(whole) == pytest.approx(slow.dh[t, 2], rel=0.01)


def test_few_columns_get_the_same_shares_in_fewer_words():
    slow = slowed(RNN)
    assert len(backward(slow, 4, 2, 76).lines[0]) > 56
    short = backward(slow, 4, 2, 56).lines[0]
    assert len(short) <= 56
    assert last(short) == pytest.approx(slow.dh[4, 2], rel=0.01)


def test_what_comes_back_through_the_weights_is_shown_term_by_term():
    slow = slowed(RNN)
    names, line = backward(slow, 4, 2, 10_000).lines[2:4]
    assert names.split(" = ")[1].startswith("W_hhᵀ·∂L/∂z_(t+1)[u0]")
    assert names.endswith("…[u7]")
    pairs = re.findall(r"([+−]?) ?(−?[\d.e−]+?)·(−?[\d.]+(?:e−\d+)?)", line.partition("= ")[2])
    total = sum((-1 if sign == "−" else 1) * number(w) * number(dz) for sign, w, dz in pairs)
    assert len(pairs) == 8
    assert total == pytest.approx(last(line), abs=1e-5)
    np.testing.assert_allclose(last(line), slow.lane.weights["W_hh"][:, 2] @ slow.dz[5], rtol=0.01)


def test_of_a_single_sequence_the_sum_over_time_is_the_weights_gradient():
    slow = slowed(RNN, training={"batch_size": 1})
    assert last(backward(slow, 0, 3, 76).lines[-1]) == pytest.approx(slow.gradient["W_hh"][3, 3], rel=0.01)
    fnn = slowed({"kind": "fnn"}, training={"batch_size": 1})
    assert last(backward(fnn, 0, 3, 76).lines[-1]) == pytest.approx(fnn.gradient["b_h"][3], rel=0.01)


def test_from_h_back_to_z_it_goes_through_the_slope():
    slow = slowed({"kind": "rnn", "activation": "sigmoid"})
    line = next(line for line in backward(slow, 5, 1, 76).lines if line.startswith("u1: ∂L/∂z_t"))
    h = slow.lane.hidden[5, 1]
    assert number(line.split(" = ")[2].split("·")[0]) == pytest.approx(h * (1 - h), rel=0.01)
    assert last(line) == pytest.approx(slow.dz[5, 1], rel=0.01)


def test_the_length_is_compared_with_the_one_before_on_the_way():
    slow = slowed(RNN)
    assert f"{slow.norms[3] / slow.norms[4]:.3g} times that at t = 4" in backward(slow, 3, 0, 76).lines[1]
    assert "times" not in backward(slow, 7, 0, 76).lines[1]


def test_without_a_memory_the_gradient_does_not_travel():
    text = backward(slowed({"kind": "fnn"}), 4, 0, 76)
    assert "does not travel from t to t-1" in text.words
    assert text.lines[0].endswith("nothing from later")
    assert "W_hh" not in "".join(text.formula)


def test_a_cut_is_told_where_it_is():
    slow = slowed({"kind": "rnn", "truncation": 3})
    cut = [t for t in range(8) if "(BPTT) is cut" in backward(slow, t, 0, 76).words]
    assert cut == list(slow.cuts) == [2, 5]
    assert "0 from t = 3" in backward(slow, 2, 0, 76).lines[0]
    assert "cut" in backward(slow, 2, 0, 76).lines[2]


def test_the_words_follow_where_the_gradient_comes_from():
    slow = slowed(RNN)
    assert "Backpropagation through time (BPTT), from right to left" in backward(slow, 7, 0, 76).words
    assert "its own answer, and h_(t+1)" in backward(slow, 5, 0, 76).words
    assert "No answer is scored here" in backward(slow, 1, 0, 76).words


@pytest.mark.parametrize(("gain", "word"), [(0.2, "vanished"), (1.0, "can learn"), (3.0, "exploded")])
def test_at_the_end_the_words_say_what_has_become_of_it(gain, word):
    lane = {"kind": "rnn", "activation": "identity", "initializer": "identity", "gain": gain}
    slow = slowed(lane, task="adding", steps=0, training={"sequence_length": 10})
    assert slow.norms[0] / slow.norms[-1] == pytest.approx(gain**9, rel=1e-6)
    np.testing.assert_allclose(slow.last.reach, slow.norms, rtol=1e-9)  # the last answer is the only one
    assert word in backward(slow, 0, 0, 76).words


@pytest.mark.parametrize("steps", [0, 300])
def test_an_error_is_said_to_have_exploded_only_where_one_error_alone_has_grown(steps):
    """However sure the last answer is, and so however short the gradient begins."""
    lane = {"kind": "rnn", "activation": "identity", "initializer": "identity", "gain": 1.0}
    slow = slowed(lane, task="echo", steps=steps, training={"sequence_length": 10})
    assert slow.last.reach[0] / slow.last.reach[-1] < 100
    assert "exploded" not in backward(slow, 0, 0, 76).words


def test_the_clip_that_is_set_is_not_advised():
    lane = {"kind": "rnn", "activation": "identity", "initializer": "identity", "gain": 3.0}
    for clip, said in ((1.0, "The clip limits the step"), (0.0, "A clip would help")):
        slow = slowed(lane, task="adding", steps=0, training={"sequence_length": 10, "clip_norm": clip})
        assert said in backward(slow, 0, 0, 76).words


def test_of_an_lstm_the_way_along_c_counts():
    slow = slowed({"kind": "lstm"}, task="adding", steps=0, training={"sequence_length": 10})
    assert "‖∂L/∂c_t‖ at t = 0" in backward(slow, 0, 0, 76).words


def test_of_the_last_answer_alone_the_terms_and_the_name_are_its_own():
    slow = slowed(RNN)
    alone, T = slow.of_last_answer(), slow.last_scored
    np.testing.assert_allclose(alone.dh[T], slow.dy[T] @ slow.lane.weights["W_hy"])  # no error comes from later
    text = of_last_answer(slow, 4, 2, 200)
    assert f"The answer at T = {T} alone" in text.words
    assert f"{alone.norms[4] / alone.norms[T]:.3g} times that at t = {T}" in text.words
    assert text.lines[0].startswith("u2: ∂L_T/∂h_t = 0 from y_t + ") or "0 from y_t − " in text.lines[0]
    assert last(text.lines[0]) == pytest.approx(alone.dh[4, 2], rel=0.01)
    assert "∂L_T/∂z_t = f'(z_t)·∂L_T/∂h_t" in text.formula[0]
    assert "∂L/" not in " ".join((*text.formula, *text.lines))


def test_each_text_that_uses_bptt_spells_it_out_once():
    slow = slowed({"kind": "rnn", "truncation": 3})
    for t in range(8):
        words = backward(slow, t, 0, 76).words
        assert words.count("BPTT") == words.count("ackpropagation through time (BPTT)") <= 1


@pytest.mark.parametrize("kind", ["rnn", "fnn"])
def test_z_is_defined_where_its_gradient_appears(kind):
    formula = " ".join(backward(slowed({"kind": kind}), 4, 0, 76).formula)
    assert "∂L/∂z_t" in formula
    assert "z_t: the sum inside f" in formula


@pytest.mark.parametrize("width", [56, 76, 116])
@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm", "fnn"])
def test_the_scale_of_the_bars_is_said_in_numbers_at_every_width(kind, width):
    slow = slowed({"kind": kind})
    for tell in (backward, of_last_answer):
        for t in range(8):
            line = tell(slow, t, 1, width).lines[1]
            assert len(line) <= width
            assert re.search(r"1(e−\d+)? … |0.1 … ", line)
