"""A lab with a lesson under test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from support.lab_driver import Lab, lab

from rnn_tui.ui.app import LabApp
from rnn_tui.ui.lessons.flow import OpenLesson
from rnn_tui.ui.lessons.lesson_store import LessonEntry


@asynccontextmanager
async def lesson_lab(entry: LessonEntry, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Lab]:
    """Open a lab with a lesson, which trains as fast as possible."""
    assert entry.lesson, entry.problem
    file = entry.lesson.file
    fast = replace(file, preset=file.preset.with_changes({"training.speed": 0}))
    lesson = replace(entry, lesson=replace(entry.lesson, file=fast))
    async with lab(app=LabApp(fast, lesson=lesson), size=size) as it:
        yield it


def opened(it: Lab) -> OpenLesson:
    found = it.app.lab.lessons.opened
    assert found is not None, it.notices()
    return found
