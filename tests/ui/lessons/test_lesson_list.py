"""The lines of the list of lessons, and the lesson to do next."""

from support.lesson_documents import PLAIN, lesson_of

from rnn_tui.ui.lessons.lesson_list import about, next_entry, row
from rnn_tui.ui.lessons.lesson_store import LessonEntry
from rnn_tui.ui.lessons.progress_file import Bookmark, Progress

ONE, TWO = (LessonEntry(name, None, number, lesson_of(PLAIN, PLAIN)) for number, name in enumerate("ab", 1))
OWN = LessonEntry("own", None, None, lesson_of(PLAIN))
BROKEN = LessonEntry("broken", None, None, problem="broken.toml: pages: missing")


def words(*arguments):
    return " ".join(row(*arguments, columns=20).split())


def test_a_line_has_the_number_the_title_the_minutes_and_what_was_done():
    progress = Progress(done=("a",), begun={"b": Bookmark(1)})
    assert words(ONE, progress, False) == "✓ 1 The floor 3 min"
    assert words(TWO, progress, True) == "▸ 2 The floor 3 min p. 2"
    assert words(OWN, progress, False) == "The floor 3 min"
    assert row(OWN, progress, False, 5) == "      The …  3 min"
    assert words(BROKEN, progress, False) == "! broken"
    assert "You have done it. 2 pages" in about(ONE, progress).plain
    assert "pages: missing" in about(BROKEN, progress).plain


def test_the_next_lesson_is_the_next_of_the_course_that_is_not_done():
    every = [ONE, TWO, OWN, BROKEN]
    assert next_entry(every, Progress()) is ONE
    assert next_entry(every, Progress(done=("a",)), "a") is TWO
    assert next_entry(every, Progress(done=("b",)), "b") is ONE
    assert next_entry(every, Progress(done=("a", "b")), "b") is None
    assert next_entry([OWN, BROKEN], Progress()) is None
