"""A lesson as a handout."""

import pytest
from support.lesson_documents import ALL, CHOICE, NUMBER, PLAIN, PREDICTION, TRAIN, lesson_of

from rnn_tui.session.session import Session
from rnn_tui.ui.lessons.handout import SolvedPage, handout, plain
from rnn_tui.ui.lessons.quantities import Situation
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.svg_picture import Picture


def solved(lesson, pictures=()):
    """Its pages: each begins at step 0 and ends at step 3."""
    session = Session(lesson.file.preset)
    begin = Situation(ViewState(session.frame(), "echo"))
    session.forward(3)
    end = Situation(ViewState(session.frame(), "echo"))
    drawn = {number: Picture(f"<svg>{number}</svg>", "a panel", 100) for number in pictures}
    return [SolvedPage(page, begin, end, drawn.get(number)) for number, page in enumerate(lesson.pages)]


def test_a_handout_has_the_questions_on_the_pages_and_the_answers_at_the_end():
    lesson = lesson_of(*ALL)
    text = handout(lesson, solved(lesson), "floor")["floor.md"]
    pages, answers = text.split("## Answers and results")
    assert "# The floor" in pages
    assert "`rnn-tui -p echo` opens the lab" in pages
    assert "- a) three bits\n- b) one bit" in pages
    assert "Hint: Has it learned anything yet?\n\nPress s twice.\n\nHint: b goes back." in pages, "after a prediction"
    for said in ("1: Step 3.", "No, its window is 1.", "It fell less often."):
        assert said not in pages
        assert said in answers
    assert "2 a) wrong. No, its window is 1." in answers
    assert "2 b) right. Yes." in answers
    assert "4: 89. Yes." in answers, "the number itself"


def test_pictures_are_beside_the_handout_and_named_after_their_pages():
    lesson = lesson_of(CHOICE, TRAIN, PREDICTION.replace("then =", 'show = "loss"\nthen ='))
    files = handout(lesson, solved(lesson, pictures=[1, 2]), "floor")
    assert [*files] == ["floor.md", "floor-2.svg", "floor-3.svg"]
    assert files["floor-2.svg"] == "<svg>1</svg>"
    pages, results = files["floor.md"].split("## Answers and results")
    assert "![loss on page 2](floor-2.svg)" in pages
    assert "![loss on page 3](floor-3.svg)" in results, "the outcome of a prediction"


@pytest.mark.parametrize(
    ("stem", "link"),
    [
        ("a b(c)", "a%20b%28c%29"),
        ("two\nlines", "two%0Alines"),
        ("ü", "%C3%BC"),
        ("a#b?", "a%23b%3F"),
    ],
)
def test_a_name_with_any_characters_can_be_followed(stem, link):
    lesson = lesson_of(CHOICE, TRAIN)
    files = handout(lesson, solved(lesson, pictures=[1]), stem)
    assert f"{stem}-2.svg" in files
    assert f"]({link}-2.svg)" in files[f"{stem}.md"]


def test_a_lesson_without_questions_has_no_answers():
    lesson = lesson_of(PLAIN)
    assert "## Answers" not in handout(lesson, solved(lesson), "floor")["floor.md"]
    assert "Your answer: ______" in handout(lesson_of(NUMBER), solved(lesson_of(NUMBER)), "n")["n.md"]


@pytest.mark.parametrize("text", ["W_hh h_(t-1)", "a * b", "[x]", "# 1", "<b>", "`s`", "a|b", "x~y", "\\"])
def test_no_character_of_a_text_is_markdown(text):
    escaped = plain(text)
    assert escaped.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == text
    assert all(escaped[at - 1] == "\\" for at, each in enumerate(escaped) if each in "`*_[]<>#|~")
