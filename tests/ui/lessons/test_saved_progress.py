"""How the lab saves how far the learner is, also if that fails for a while."""

from pathlib import Path

import pytest

from rnn_tui.ui.lessons import progress_file
from rnn_tui.ui.lessons.progress_file import Bookmark, Progress
from rnn_tui.ui.lessons.saved_progress import SavedProgress


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RNN_TUI_HOME", str(tmp_path))
    return tmp_path / "lessons"


def test_what_could_not_be_saved_is_saved_with_the_next_change_and_the_failure_is_told_once(folder: Path) -> None:
    told: list[str] = []
    folder.write_text("in the way")
    saved = SavedProgress(told.append)
    saved.update(lambda progress: progress.finished("floor"))
    saved.update(lambda progress: progress.at("gates", Bookmark(1)))
    here = Progress(done=("floor",), begun={"gates": Bookmark(1)}, open="gates")
    assert (saved.present, saved.is_saved) == (here, False)
    (said,) = told
    assert "how far you are is not saved" in said
    saved.read()
    assert saved.present == here, "a file that cannot be read does not make it forget"
    folder.unlink()
    progress_file.update(lambda progress: progress.finished("bptt"))  # another lab
    saved.read()
    assert saved.present == Progress(done=("bptt", "floor"), begun={"gates": Bookmark(1)}, open="gates")
    saved.update(Progress.left)
    assert saved.is_saved
    assert progress_file.read() == Progress(done=("bptt", "floor"), begun={"gates": Bookmark(1)})
    assert len(told) == 1
    folder.rename(folder.with_name("away"))
    folder.write_text("in the way again")
    saved.update(Progress.left)
    assert len(told) == 2


def test_a_lab_that_forgets_neither_reads_nor_writes() -> None:
    progress_file.update(lambda progress: progress.finished("floor"))
    saved = SavedProgress(pytest.fail)
    saved.forget()
    saved.update(lambda progress: progress.finished("gates"))
    saved.read()
    assert saved.present == Progress(done=("gates",))
    assert progress_file.read().done == ("floor",)
