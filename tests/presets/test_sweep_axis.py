"""The values of a key in a sweep: lists and ranges."""

import pytest

from rnn_tui.presets.sweep_axis import Range, axis, looks_like_range


@pytest.mark.parametrize(
    ("text", "whole", "values"),
    [
        ("log:1e-4..1e-1:4", False, [0.0001, 0.001, 0.01, 0.1]),
        ("log:1e-4..1e-1:7", False, [0.0001, 0.000316228, 0.001, 0.00316228, 0.01, 0.0316228, 0.1]),
        ("log:4..64:5", True, [4, 8, 16, 32, 64]),
        ("log:1..4:9", True, [1, 2, 3, 4]),  # rounded, each once
        ("lin:0..1:5", False, [0, 0.25, 0.5, 0.75, 1]),
        ("lin:-1..1:3", False, [-1, 0, 1]),
        ("range:4..16:4", True, [4, 8, 12, 16]),
        ("range:1..2:0.3", False, [1, 1.3, 1.6, 1.9]),
        ("range:0..1:0.1", False, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]),
    ],
)
def test_a_range_has_its_ends_and_short_numbers(text, whole, values):
    found = Range.parse(text).values(whole)
    assert found == values
    assert all(isinstance(value, int) == whole for value in found)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("lgo:1..2:3", "unknown range; did you mean 'log'"),
        ("abc:1..2:3", "must be one of log:, lin:, range:"),
        ("log:1..2:3:4", "must be like log:1e-4..1e-1:7"),
        ("log:1e-4:7", "must be like"),
        ("lin:a..b:7", "must be like lin:0..1:5"),
        ("log:0..1:3", "begin above 0"),
        ("lin:2..1:3", "less than the second"),
        ("lin:1..2:1", "whole number from 2"),
        ("lin:1..2:2.5", "whole number from 2"),
        ("range:1..2:0", "step must be greater than 0"),
        ("log:1..1e999:3", "too large"),
        ("lin:-1e308..1e308:3", "too large"),
        ("lin:1..2:1e999", "too large"),
        ("lin:1..2:20000", "20,000 values; at most 10,000"),
        ("range:0..1:0.00001", "100,001 values"),
        ([], "at least one value"),
        ([1, 2, 1], "the value 1 more than once"),
        (3, "must be a list of values, or a range"),
    ],
)
def test_a_mistake_is_named_with_what_is_right(written, problem):
    with pytest.raises(ValueError, match=problem):
        axis(written)


def test_a_text_is_taken_for_a_range_if_it_is_meant_as_one():
    assert looks_like_range("log:1e-4..1e-1:7")
    assert looks_like_range("lgo:1..2:3")
    assert not looks_like_range("rnn,gru")
    assert not looks_like_range("0.1,0.2")


def test_a_value_drawn_from_a_range_is_in_it():
    drawn = Range.parse("log:1e-4..1e-1")
    assert drawn.drawn(0, False) == 1e-4
    assert drawn.drawn(2 / 3, False) == pytest.approx(1e-2, rel=1e-5)
