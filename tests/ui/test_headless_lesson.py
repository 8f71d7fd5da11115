"""The solutions of lessons, pressed key by key: of one with every kind of page, and of each bundled one."""

from pathlib import Path

import pytest
from support.lesson_documents import ALL, ROW, written

from rnn_tui.ui.headless_lesson import solve
from rnn_tui.ui.lessons import lesson_store, progress_file

pytestmark = pytest.mark.usefixtures("drawn_when_looked_at")

BUNDLED = [name for name, path in lesson_store.paths().items() if path.parent == lesson_store.bundled_folder()]


async def test_every_kind_of_page_is_done_by_its_solution_and_not_before(home: Path) -> None:
    pages = "".join([*ALL, ROW]).replace("J N s s", "J J N s s")  # the right answer
    solved = await solve(written(home, pages))
    assert len(solved) == len(ALL) + 1
    assert not progress_file.progress_path().exists(), "what the learner has done is something else"


@pytest.mark.parametrize("name", BUNDLED)
async def test_each_bundled_lesson_is_done_by_its_solution(name: str) -> None:
    await solve(lesson_store.entry(name, lesson_store.find(name)))
