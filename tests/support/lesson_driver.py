"""A lesson under test: its solution is pressed with real keys, page by page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from support.lab_driver import Lab, lab

from rnn_tui.ui.app import LabApp
from rnn_tui.ui.lessons.flow import OpenLesson
from rnn_tui.ui.lessons.lesson_store import LessonEntry

QUIET = 40  # looks at a lab in which nothing happens, after which nothing will
MOST_STEPS = 20_000  # of training on one page
MOMENT = 0.01


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


async def drive(entry: LessonEntry) -> None:
    """Go through a lesson: each page is done by its solution, and not before."""
    async with lesson_lab(entry) as it:
        for number in range(len(opened(it).lesson.pages)):
            await solve(it, number)
            await it.press("N")
        assert opened(it).is_over, it.screen_text()


async def solve(it: Lab, number: int) -> None:
    """Press the solution of a page, and wait until it is done."""
    page, state = opened(it).state.page, opened(it).state
    where = f"page {number + 1} of {opened(it).lesson.name}"
    assert state.number == number, f"{where} was not reached"
    assert not (state.is_complete and (page.until or page.question)), f"{where} is done before its solution"
    for key in page.solution:
        await it.press(key)
        await _settled(it)
    quiet, begin = 0, it.view.frame.step
    while not opened(it).state.is_complete:
        quiet = 0 if it.view.playing or it.app.lab.channel.busy else quiet + 1
        assert quiet < QUIET, f"{where} is not done by its solution:\n{it.screen_text()}"
        assert it.view.frame.step < begin + MOST_STEPS, f"{where} trains on and on"
        await it.pilot.pause(MOMENT)
    assert opened(it).state.outcome != "wrong", f"{where}: its solution is a wrong answer"


async def _settled(it: Lab) -> None:
    """Return when the commands of a key are done, and it has not only begun to go to a step."""
    begin = it.view.frame.step
    while it.app.lab.channel.busy or it.view.goal is not None:
        assert it.view.frame.step < begin + MOST_STEPS
        await it.pilot.pause(MOMENT)
