"""The values of a key as an axis."""

import pytest

from rnn_tui.ui.sweeps.key_axis import KeyAxis, key_names, untied


def axis(*values):
    return KeyAxis.of("task.delay", "delay", values)


def test_numbers_ascend_and_words_keep_their_order():
    assert axis(8, 2, 4, 2).values == (2, 4, 8)
    assert axis("tanh", "relu", "tanh").values == ("tanh", "relu")
    assert axis(1, True).values == (1, True)  # which are not the same, and not both numbers
    assert axis(8, 2).index(8) == 1
    assert axis(8, 2).index(3) == -1


@pytest.mark.parametrize(
    ("values", "log"),
    [((4, 8, 16, 32), True), ((2, 4, 6, 8), False), ((1e-4, 1e-3, 1e-2), True), ((0, 1, 10), False), ((1, 10), False),
     (("a", "b", "c"), False), ((2, 3, 5, 8, 13), True)],
)  # fmt: skip
def test_the_scale_is_the_one_on_which_the_values_are_more_even(values, log):
    assert axis(*values).log is log
    assert axis(*values).title == ("delay (log)" if log else "delay")


def test_values_are_at_their_share_of_the_axis():
    assert axis(4, 8, 16).shares == pytest.approx([0, 0.5, 1])
    assert axis(0, 1, 2, 6).shares == pytest.approx([0, 1 / 6, 1 / 3, 1])
    assert axis(3).shares == pytest.approx([0.5])
    assert axis("a", "b").shares == pytest.approx([0, 1])


def test_labels_are_short_but_tell_the_values_apart():
    assert axis(0.001, 0.1 + 0.2).labels == ("0.001", "0.3")
    assert axis(0.12341, 0.12342).labels == ("0.12341", "0.12342")
    assert axis(True, False).labels == ("true", "false")


def test_keys_are_named_by_their_last_word_and_by_more_where_that_is_ambiguous():
    keys = ["lanes.0.hidden_size", "lanes.1.hidden_size", "task.delay", "training.seed", "lanes.0.seed"]
    assert key_names(keys, ["RNN", "GRU"]) == {
        "lanes.0.hidden_size": "RNN hidden size", "lanes.1.hidden_size": "GRU hidden size", "task.delay": "delay",
        "training.seed": "training seed", "lanes.0.seed": "RNN seed",
    }  # fmt: skip


def test_keys_that_follow_from_others_or_do_not_vary_have_no_axis():
    points = [{"a": 1, "b": 10, "c": 0, "d": 5}, {"a": 2, "b": 20, "c": 0, "d": 5}, {"a": 1, "b": 10, "c": 1, "d": 5}]
    assert untied(points, ["a", "b", "c", "d"]) == ["a", "c"]
