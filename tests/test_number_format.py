"""Numbers as people read them."""

from math import inf, isfinite, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.number_format import (
    brief,
    counted,
    difference,
    duration,
    loss_text,
    percent,
    power_of_ten,
    report_number,
    short_count,
    signed,
    significant,
    spoken_loss,
)


def plain(text):
    return float(text.replace("−", "-"))


@given(st.floats(-1e5, 1e5), st.integers(0, 6))
def test_a_number_has_its_digits_and_a_true_minus_sign(value, digits):
    text = signed(value, digits)
    assert "-" not in text
    assert plain(text) == pytest.approx(value, abs=0.5001 * 10**-digits)
    assert len(text.partition(".")[2]) == digits


@given(st.floats())
def test_any_number_is_short(value):
    assert len(signed(value)) <= 10
    if abs(value) < 1e300:
        assert plain(signed(value)) == pytest.approx(value, abs=0.0051, rel=0.0051)


@given(st.floats(0, 1e307) | st.floats(0, 1e5) | st.floats(0, 0.1))
def test_a_loss_has_at_most_seven_characters_and_four_decimals_or_two_digits(loss):
    text = loss_text(loss)
    assert len(text) <= 7
    if 0.0001 <= loss < 10:
        assert plain(text) == pytest.approx(loss, rel=0, abs=5.1e-5)
    elif 1e-99 < loss < 9.9e99:
        assert plain(text) == pytest.approx(loss, rel=0.051, abs=0)
    else:
        assert plain(text) == pytest.approx(loss, rel=0.51, abs=1e-307)


def test_a_loss_that_is_no_number_says_so():
    assert [loss_text(loss) for loss in (float("nan"), float("inf"))] == ["NaN", "∞"]


@given(st.floats())
def test_any_loss_has_a_text(loss):
    text = loss_text(loss)
    assert (text in ("NaN", "∞")) == (isnan(loss) or not isfinite(loss))


@pytest.mark.parametrize(
    ("right", "of", "digits", "said"),
    [(1, 1, 1, "100.0%"), (9995, 10000, 1, "99.9%"), (999_999, 1_000_000, 1, "99.9%"), (3, 4, 1, "75.0%"),
     (0, 5, 1, "0.0%"), (1, 10_000, 1, "0.1%"), (399, 400, 0, "99%"), (400, 400, 0, "100%"), (1, 400, 0, "1%")],
)  # fmt: skip
def test_all_are_said_to_be_right_only_where_all_are_and_none_only_where_none_is(right, of, digits, said):
    assert percent(right / of, digits) == said


@given(st.floats(-1e5, 1e5))
def test_significant_digits_are_four_with_a_true_minus_sign(value):
    text = significant(value)
    assert plain(text) == pytest.approx(value, rel=5.1e-4, abs=1e-307)
    assert "-" not in text


@pytest.mark.parametrize("write", [significant, brief])
def test_what_is_no_number_has_a_sign_of_its_own(write):
    assert [write(value) for value in (nan, inf, -inf)] == ["NaN", "∞", "−∞"]


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (brief, -4.1e-7, "−4.1e−7"), (brief, 12345.6, "12,346"), (brief, -0.0, "0"), (brief, 0.01234, "0.0123"),
        (significant, 0.00012344, "0.0001234"),
        (spoken_loss, 0.0, "0"), (spoken_loss, 0.25, "0.250"), (spoken_loss, 2e-5, "2.0e−5"),
        (spoken_loss, 3e7, "3.0e7"),
        (report_number, None, "–"), (report_number, nan, "not finite"), (report_number, 0.5, "0.5000"),
        (report_number, 1.23e190, "1.23e+190"),
        (difference, None, "–"), (difference, inf, "–"), (difference, -0.00001, "+0.0000"),
        (difference, -0.5, "−0.5000"),
        (difference, 25.0, "+25.000"), (difference, -1234.0, "−1.2e+03"),
        (power_of_ten, -3, "1e−3"), (power_of_ten, 1, "10"), (power_of_ten, -1, "0.1"), (power_of_ten, 0, "1"),
        (short_count, 99_999, "99,999"), (short_count, 100_000, "100k"), (short_count, 12_000_000, "12M"),
    ],
)  # fmt: skip
def test_a_number_is_written_so(write, value, text):
    assert write(value) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 lines"), (1, "1 line"), (2000, "2,000 lines")])
def test_a_noun_follows_its_number(number, text):
    assert counted(number, "line") == text


@given(st.floats())
def test_a_distance_fits_into_its_column(value):
    assert len(difference(value)) <= 8


@given(st.integers(0, 10**9))
def test_a_count_fits_into_its_column(number):
    assert len(short_count(number)) <= 6


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (0.5, "0.5"), (-0.012345, "−0.0123"), (4.1234e-7, "4.12e−7"), (-2e-12, "−2e−12"),
        (12345.6, "12,346"), (3e9, "3e9"), (float("nan"), "NaN"), (float("inf"), "∞"), (float("-inf"), "−∞"),
    ],
)  # fmt: skip
def test_a_brief_number_has_three_digits_however_small_it_is(value, text):
    assert brief(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "1 s"), (7.2, "8 s"), (18.0, "20 s"), (88.0, "90 s"), (125.0, "2 min"), (5000.0, "83 min"),
        (7800.0, "2 h 10 min"), (400_000.0, "5 days"),
    ],
)  # fmt: skip
def test_a_duration_is_as_precise_as_an_estimate_is(seconds, text):
    assert duration(seconds) == text
