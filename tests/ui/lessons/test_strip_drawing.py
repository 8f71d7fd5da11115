"""What the strip of a lesson shows, for every state of a page, at any width."""

from dataclasses import replace

import pytest
from support.lesson_documents import ALL, CHOICE, NUMBER, PLACE, PLAIN, PREDICTION, TRAIN, lesson_of
from support.widget_hosts import view_of

from rnn_tui.ui.input.keymap import DEFAULT_KEYMAP, Keymap
from rnn_tui.ui.lessons.lesson_state import LessonState
from rnn_tui.ui.lessons.lesson_store import LessonEntry
from rnn_tui.ui.lessons.quantities import Situation
from rnn_tui.ui.lessons.strip_drawing import Look, draw_end, draw_offer, draw_page
from rnn_tui.ui.render.ascii_filter import plain
from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.widgets.text_widgets import rows_of_text

WIDTHS = pytest.mark.parametrize("width", [60, 80, 120, 200])


@pytest.fixture(scope="module")
def at():
    return Situation(view_of("echo"), "loss")


def look(width=120, keys=DEFAULT_KEYMAP, in_ascii=False):
    return Look(palette(dark=True), Canvas(ascii=in_ascii), keys, width)


def shown(state, at, width=120, **options):
    drawing = draw_page(state, "Lesson 2, The floor", at, look(width, **options))
    return drawing.title.plain, drawing.body.plain.split("\n")


def state_of(*pages):
    return LessonState(lesson_of(*pages))


def test_a_page_that_waits_says_for_what_and_how_far_that_is(at):
    title, lines = shown(state_of(TRAIN, PLAIN), at)
    assert title.startswith("─ Lesson 2, The floor ─ page 1 of 2 ─")
    assert "h hint · V hide · G restore · L lessons ─" in title
    assert "N next" not in title  # not yet
    assert lines[0].startswith("Press space. The RNN is at ")
    assert lines[1:] == ["○ waiting: step ≥ 3, now 0"]
    title, lines = shown(state_of(TRAIN, PLAIN).warn().hint(), at)
    assert "N skip" in title
    assert lines[1:] == ["○ waiting: step ≥ 3, now 0 · N again skips this page", "Hint: Press s for one update."]


def test_a_page_that_is_done_says_so_and_which_key_goes_on(at):
    met = Situation(view_of("echo", steps=3))
    title, lines = shown(state_of(TRAIN, PLAIN).looked(met), met)
    assert "N next · h hint" in title
    assert lines[1:] == ["✓ Step 3."]
    assert "N finish" in shown(state_of(PLAIN), at)[0]


def test_answers_are_told_apart_without_color(at):
    state = state_of(CHOICE)
    title, lines = shown(state, at)
    assert "J mark · V hide" in title
    assert lines[1:] == [" ○ three bits     ○ one bit ", "J marks an answer."]
    title, lines = shown(state.mark(), at)
    assert "J mark · N answer" in title
    assert lines[1:] == [" ● three bits     ○ one bit ", "J marks an answer, N gives it."]
    wrong = state.mark().choose(0)
    assert shown(wrong, at)[1][1:] == [" ✗ three bits     ○ one bit ", "✗ No, its window is 1."]
    assert shown(wrong.warn(), at)[1][-1].startswith("Not right yet. J marks an answer")
    assert shown(wrong.mark(), at)[1][1:] == [" ✗ three bits     ● one bit ", "✗ No, its window is 1."], (
        "no sign of it yet"
    )
    title, lines = shown(wrong.choose(1), at)
    assert lines[1:] == [" ○ three bits     ✓ one bit ", "✓ Yes."]
    assert "N finish" in title


def test_a_prediction_is_judged_when_it_has_been_tried(at):
    state = state_of(PREDICTION).mark().choose(0)
    _, lines = shown(state, at)
    assert lines == ["Press s twice.", "You predicted: twice", "○ waiting: Step (s), 0 of 2 times"]
    title, lines = shown(state.hint(), at)
    assert "h hint" in title
    assert lines[-1] == "Hint: b goes back."
    title, lines = shown(state.acted("run.step").acted("run.step").looked(at), at)
    assert lines == ["How often will the loss fall?", " ✗ twice     ○ never ", "✗ It fell less often."]


def test_other_questions_say_how_to_answer(at):
    assert shown(state_of(NUMBER), at)[1][-1] == "N asks for your number."
    assert shown(state_of(PLACE), at)[1][-1] == "Go there, then press N."
    assert shown(state_of(PLACE).point(at), at)[1][-1] == "✗ That is t = 0."


@WIDTHS
@pytest.mark.parametrize("page", ALL)
def test_it_keeps_its_height_whatever_is_said(page, width, at):
    """Only hints and warnings make it higher."""
    first = state_of(page)
    after = [first, first.mark(), first.looked(Situation(view_of("echo", steps=3))), first.point(at), first.give(1, at)]
    after += [first.mark().choose(number) for number in (0, 1)]
    drawings = [draw_page(state, "Lesson 2, The floor", at, look(width)) for state in after]
    assert len({drawing.rows for drawing in drawings}) == 1
    for drawing in drawings:
        assert drawing.title.cell_length == width
        assert 1 + rows_of_text(drawing.body, width - 2) <= drawing.rows


@WIDTHS
def test_a_long_name_leaves_room_for_the_place_and_what_goes_on(width, at):
    long = draw_page(state_of(PLAIN), "Lesson 10, " + "word " * 11, at, look(width))
    assert long.title.cell_length == width
    assert "page 1 of 1" in long.title.plain


def test_keys_are_those_in_force_and_ascii_is_plain(at):
    keys = Keymap({"lesson.next": "f5", "lesson.mark": "x"})
    assert "x mark" in shown(state_of(CHOICE), at, keys=keys)[0]
    assert shown(state_of(CHOICE).mark(), at, keys=keys)[1][-1] == "x marks an answer, f5 gives it."
    _, lines = shown(state_of(PLACE), at, in_ascii=True)
    assert "?" not in plain("\n".join(lines))


def test_a_page_that_does_not_fit_names_the_key_that_scrolls(at):
    state, most = state_of(TRAIN).hint(), look(60)
    rows = 1 + rows_of_text(draw_page(state, "Lesson", at, most).body, 58)
    assert "more" not in draw_page(state, "Lesson", at, replace(most, most=rows)).title.plain
    assert "pgdn more · h hint" in draw_page(state, "Lesson", at, replace(most, most=rows - 1)).title.plain
    there = replace(most, most=3, reads="slow.read_on")
    assert "shift+↓ more" in draw_page(state, "Lesson", at, there).title.plain


def test_what_is_not_visible_is_said_to_be_elsewhere(at):
    drawing = draw_page(state_of(TRAIN), "Lesson", at, look(), where="▸ 4 shows panel 4, loss")
    assert drawing.body.plain.split("\n")[1] == "▸ 4 shows panel 4, loss"
    assert drawing.rows == draw_page(state_of(TRAIN), "Lesson", at, look()).rows + 1


@WIDTHS
def test_the_end_proposes_the_next_lesson_and_the_offer_is_one_line(width):
    following = LessonEntry("gates", None, 7, lesson_of(PLAIN))
    end = draw_end("Lesson 2, The floor", following, look(width))
    assert "✓ Done. Next: Lesson 7, The floor, 3 minutes. N begins it." in end.body.plain
    assert draw_end("Lesson 2, The floor", None, look()).body.plain == "✓ Done. L lists all lessons."
    offer = draw_offer(following, None, look(width))
    assert (offer.rows, offer.body.plain, offer.title.cell_length) == (1, "", width)
    assert "New here? Lesson 7, The floor" in offer.title.plain
    assert "N begins it" in offer.title.plain
    assert "page 4" in draw_offer(following, 3, look()).title.plain
