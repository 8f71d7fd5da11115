"""The dialog that asks for a number: what it repeats, and what it takes."""

import pytest

from rnn_tui.ui.lessons.answer_dialog import number_of, problem_with, question_in


def test_only_the_question_is_repeated():
    assert question_in("h_1 is 0.67. The sum is 0.43·x_2 + 0.43. What is z?") == "What is z?"
    assert question_in("What is z?") == "What is z?"


@pytest.mark.parametrize(("text", "number"), [("0.63", 0.63), (" −1,5 ", -1.5), ("z", None), ("", None)])
def test_numbers_are_taken_with_either_minus_sign_and_a_decimal_comma(text, number):
    assert number_of(text) == number


def test_what_is_no_number_is_refused_but_nothing_skips_the_question():
    assert problem_with("about 1") == "type a number, such as 0.69"
    assert (problem_with(" "), problem_with("1")) == ("", "")
