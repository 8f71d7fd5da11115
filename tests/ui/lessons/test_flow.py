"""Lessons in the lab, pressed with real keys."""

from pathlib import Path

import pytest
from support.lesson_driver import drive

from rnn_tui.ui.lessons import lesson_store
from rnn_tui.ui.lessons.lesson_store import LessonEntry

FILES = Path(__file__).parent / "files"
BUNDLED = [name for name, path in lesson_store.paths().items() if path.parent == lesson_store.bundled_folder()]


def lesson(name: str) -> LessonEntry:
    path = FILES / f"{name}.toml"
    return lesson_store.entry(name, path)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RNN_TUI_HOME", str(tmp_path))
    return tmp_path


async def test_a_lesson_is_done_by_its_solution_and_not_before() -> None:
    await drive(lesson("small-floor"))


@pytest.mark.parametrize("name", BUNDLED)
async def test_each_bundled_lesson_is_done_by_its_solution(name: str) -> None:
    await drive(lesson_store.entry(name, lesson_store.find(name)))
