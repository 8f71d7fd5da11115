"""What is remembered of lessons between labs."""

from pathlib import Path

import pytest
from support.lesson_documents import PLAIN, lesson_of
from support.widget_hosts import frame_of

from rnn_tui.errors import DataError
from rnn_tui.ui.lessons import progress_file
from rnn_tui.ui.lessons.lesson_store import LessonEntry
from rnn_tui.ui.lessons.progress_file import Bookmark, Progress
from rnn_tui.ui.panels.view_state import ViewState


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RNN_TUI_HOME", str(tmp_path))
    return tmp_path


def test_two_labs_note_their_own_lessons_in_one_file() -> None:
    assert progress_file.read() == Progress()
    one, other = Bookmark(2, t=3, unit=1, lane=1, page="remember", panel="memory"), Bookmark(1)
    progress_file.update(lambda progress: progress.at("floor", one))
    progress_file.update(lambda progress: progress.at("gates", other))
    assert progress_file.read() == Progress(begun={"floor": one, "gates": other}, open="gates")
    progress_file.update(lambda progress: progress.finished("floor"))
    progress_file.update(lambda progress: progress.finished("floor").left())
    assert progress_file.read() == Progress(done=("floor",), begun={"gates": other})


@pytest.mark.parametrize(
    "text", ["{", '{"done": 3}', '{"begun": {"floor": {"number": -1}}}', '{"begun": {"a": {"page": "x"}}}']
)
def test_a_broken_file_is_reported_and_not_replaced(home: Path, text: str) -> None:
    path = home / "lessons" / progress_file.NAME
    path.parent.mkdir()
    path.write_text(text)
    for use in (progress_file.read, lambda: progress_file.update(Progress.left)):
        with pytest.raises(DataError, match=r"progress\.json"):
            use()
    assert path.read_text() == text


def test_a_bookmark_brings_the_cursor_back_as_far_as_there_is_a_place() -> None:
    frame = frame_of("echo")
    view = ViewState(frame, "echo", t=5, unit=2, lane=1)
    there = Bookmark.of(3, view, "loss")
    assert there == Bookmark(3, 5, 2, 1, "learn", "loss")
    back = there.restored(ViewState(frame, "echo"))
    assert (back.t, back.unit, back.lane) == (5, 2, 1)
    far = Bookmark(0, t=999, unit=999, lane=9).restored(view)
    assert (far.t, far.lane) == (frame.length - 1, 1)
    assert far.unit == frame.lanes[1].hidden.shape[1] - 1


def test_a_lesson_that_has_fewer_pages_now_was_left_on_its_last_one(home: Path) -> None:
    progress = Progress(begun={"mine": Bookmark(99)})
    assert progress.page_of(LessonEntry("mine", home, lesson=lesson_of(PLAIN, PLAIN))) == 1
    assert progress.page_of(LessonEntry("other", home, lesson=lesson_of(PLAIN))) is None
    assert progress.page_of(LessonEntry("mine", home, problem="title: missing")) == 99


def test_each_page_has_its_run(home: Path) -> None:
    assert progress_file.saved_page("floor", 3) is None
    for page in (0, 2, 5):
        path = progress_file.run_path("floor", page)
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert [progress_file.saved_page("floor", page) for page in range(6)] == [0, 0, 2, 2, 2, 5]
    progress_file.delete_runs("floor", range(1, 9))
    assert [each.name for each in (home / "lessons").iterdir()] == ["floor.page-1.safetensors"]
