"""The texts of ``rnn-tui sweep``."""

from rnn_tui.cli.sweep_report import aligned, fitted, point_said, short_keys, value_said


def test_a_key_is_named_by_its_last_word_if_that_is_unique():
    keys = ["lanes.0.hidden_size", "lanes.1.hidden_size", "task.delay"]
    assert list(short_keys(keys).values()) == ["lanes.0.hidden_size", "lanes.1.hidden_size", "delay"]
    assert point_said({"task.delay": 3, "training.seed": 1}, ["task.delay"]) == "delay 3, seed 1"


def test_values_are_short():
    assert [value_said(value) for value in (0.000316228, 8, True, "gru", {"kind": "echo"})] == [
        "0.000316228", "8", "true", "gru", '{"kind": "echo"}',
    ]  # fmt: skip
    assert len(value_said("x" * 100)) < 30


def test_a_narrow_table_leaves_columns_out():
    rows = [["delay", "runs", "loss", "quartiles"], ["1", "8 of 8", "0.1", "0.1 to 0.2"]]
    assert aligned(fitted(rows, 80)) == "delay  runs    loss  quartiles\n1      8 of 8  0.1   0.1 to 0.2"
    assert fitted(rows, 20) == [["delay", "runs", "loss"], ["1", "8 of 8", "0.1"]]
    assert fitted(rows, 5) == [["delay", "loss"], ["1", "0.1"]]
