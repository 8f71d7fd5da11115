"""A lesson under way: pages, questions, predictions, and what is said."""

import pytest
from support.lesson_documents import ALL, CHOICE, NUMBER, PLACE, PLAIN, PREDICTION, TRAIN, lesson_of

from rnn_tui.session.session import Session
from rnn_tui.ui.lessons.lesson_state import LessonState
from rnn_tui.ui.lessons.quantities import Situation
from rnn_tui.ui.panels.view_state import ViewState


@pytest.fixture(scope="module")
def at():
    """Situations of the lesson's preset, by step and time step."""
    session = Session(lesson_of(PLAIN).file.preset)
    frames = {}
    for step in range(5):
        session.forward(step - session.step)
        frames[step] = session.frame()
    return lambda step=0, t=0: Situation(ViewState(frames[step], "echo", t=t))


def said(state, at):
    return state.verdict.said(at) if state.verdict else ""


def test_a_page_waits_until_its_condition_is_met_and_stays_met(at):
    state = LessonState(lesson_of(TRAIN, PLAIN))
    assert state.waits
    assert not state.is_complete
    assert state.looked(at(2)) is state
    met = state.looked(at(3))
    assert met.is_complete
    assert met.outcome == "met"
    assert met.looked(at(0)).met
    assert state.hint().hinted
    assert not state.hint().looked(at(3)).hinted, "the hint is no longer needed"
    assert said(met, at(3)) == "Step 3."


def test_a_text_says_keys_and_present_values(at):
    state = LessonState(lesson_of(TRAIN))
    here = at(1)
    loss = here.view.frame.lanes[0].held_out_losses.losses[-1]
    assert state.text.said(here) == f"Press space. The RNN is at {loss:.3g}."


def test_a_wrong_answer_says_why_and_another_one_can_be_given(at):
    state = LessonState(lesson_of(CHOICE))
    assert state.asks
    assert state.marked is None
    wrong = state.mark().choose(0)
    assert (wrong.outcome, said(wrong, at()), wrong.is_complete) == ("wrong", "No, its window is 1.", False)
    right = wrong.mark()
    assert right.marked == 1
    right = right.choose(right.marked)
    assert (right.outcome, said(right, at()), right.is_complete) == ("right", "Yes.", True)
    assert right.choose(0) is right
    assert right.mark() is right


def test_marking_goes_around_in_both_directions():
    state = LessonState(lesson_of(CHOICE))
    assert [state.mark().marked, state.mark().mark().marked, state.mark().mark().mark().marked] == [0, 1, 0]
    assert state.mark(-1).marked == 1


def test_a_prediction_is_judged_only_when_its_condition_is_met(at):
    state = LessonState(lesson_of(PREDICTION)).acted("run.step").acted("run.step").looked(at())
    assert state.asks, "what was done before the answer does not count"
    assert state.text.said(at()) == "How often will the loss fall?"
    predicted = state.choose(0)
    assert predicted.waits
    assert predicted.outcome == ""
    assert predicted.verdict is None
    assert predicted.given == "twice"
    assert predicted.text.said(at()) == "Press s twice."
    once = predicted.acted("run.step").looked(at(1))
    assert once.waits
    assert once.progress(at(1)) == "1 of 2"
    judged = once.acted("run.step").looked(at(2))
    assert (judged.outcome, said(judged, at(2)), judged.is_complete) == ("wrong", "It fell less often.", True)
    assert judged.text.said(at()) == "How often will the loss fall?"


def test_a_hint_of_the_question_is_gone_after_the_answer_and_another_one_is_about_what_to_do(at):
    asked = LessonState(lesson_of(PREDICTION)).hint()
    assert asked.hinted
    assert asked.hint_text.said(at()) == "Has it learned anything yet?"
    predicted = asked.choose(0)
    assert not predicted.hinted
    assert predicted.hint().hint_text.said(at()) == "b goes back."
    wrong = LessonState(lesson_of(CHOICE.replace("solution", 'hint = "Count."\nsolution'))).hint().choose(0)
    assert wrong.hinted, "the question is still open"


def test_the_answer_that_was_given_is_known_in_words(at):
    assert LessonState(lesson_of(NUMBER)).give(12.5, at()).given == "12.5"
    assert LessonState(lesson_of(PLACE)).point(at(t=2)).given == "t = 2, u0"


def test_a_page_that_waits_for_a_preset_asks_for_it():
    page = '\n[[pages]]\ntext = "Open xor."\nuntil = "preset = xor"\n'
    assert LessonState(lesson_of(page)).asks_for_preset
    assert not LessonState(lesson_of(TRAIN)).asks_for_preset


def test_a_number_is_right_within_its_tolerance(at):
    state = LessonState(lesson_of(NUMBER))
    here = at()
    count = here.view.frame.lanes[0].parameters
    assert state.give(count, here).outcome == "right"
    assert said(state.give(count + 1, here), here) == "No: count the biases too."
    near = LessonState(
        lesson_of('\n[[pages]]\ntext = "a"\nnumber = { right = 0.3, tolerance = 0.1, say = "y", wrong = "n" }')
    )
    found = {given: near.give(given, here).outcome for given in (0.2, 0.4, 0.41, 0.19, float("nan"), float("inf"))}
    assert found == {
        0.2: "right",
        0.4: "right",
        0.41: "wrong",
        0.19: "wrong",
        **dict.fromkeys(list(found)[4:], "wrong"),
    }


def test_a_place_is_right_if_the_cursor_is_there(at):
    state = LessonState(lesson_of(PLACE))
    assert said(state.point(at(t=2)), at(t=2)) == "That is t = 2."
    assert state.point(at(t=3)).outcome == "right"


def test_pages_turn_within_the_lesson_and_begin_anew(at):
    state = LessonState(lesson_of(*ALL))
    assert state.turned(-1).number == 0
    turned = state.looked(at(3)).hint().turned(1)
    assert (turned.number, turned.met, turned.hinted, turned.asks) == (1, False, False, True)
    last = state.turned(99)
    assert last.is_last
    assert last.is_complete
    assert last.turned(1).number == last.number


def test_a_hint_is_shown_and_hidden_and_a_page_without_one_has_none():
    state = LessonState(lesson_of(TRAIN, PLAIN))
    assert state.hint().hinted
    assert not state.hint().hint().hinted
    assert not state.turned(1).hint().hinted


def test_an_answer_of_another_kind_changes_nothing(at):
    for pages in (TRAIN, PLAIN, CHOICE):
        state = LessonState(lesson_of(pages))
        assert state.give(3.0, at()) is state
        assert state.point(at()) is state
    state = LessonState(lesson_of(NUMBER))
    assert state.mark() is state
    assert state.choose(0) is state
