"""A lesson without a terminal: its solution is pressed key by key, for handouts and checks."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from textual.events import Key
from textual.geometry import Size
from textual.pilot import Pilot

from rnn_tui.errors import RnnTuiError
from rnn_tui.session.session import Session
from rnn_tui.ui.headless_lab import HeadlessLab, settle
from rnn_tui.ui.input.key_names import typed
from rnn_tui.ui.lessons.flow import OpenLesson
from rnn_tui.ui.lessons.handout import SolvedPage
from rnn_tui.ui.lessons.lesson import Lesson
from rnn_tui.ui.lessons.lesson_state import LessonState
from rnn_tui.ui.lessons.lesson_store import LessonEntry
from rnn_tui.ui.lessons.quantities import Situation
from rnn_tui.ui.render.svg_picture import Picture

SIZE = Size(120, 36)
QUIET = 40  # looks at a lab in which nothing happens, after which nothing will
MOST_STEPS = 5_000  # of training on one page
MOMENT = 0.005  # seconds between two looks while something happens
PATIENCE = 0.01  # seconds between two looks otherwise


class SolutionError(RnnTuiError):
    """The keys of a page's solution do not lead to its end."""


def solved(entry: LessonEntry, with_pictures: bool = False) -> list[SolvedPage]:
    """Go through a lesson by its solution, and return its pages.  The user's progress is neither read nor changed.

    Raises:
        SolutionError: a page is done before its solution, or is not done by it.
    """
    return asyncio.run(solve(entry, with_pictures))


async def solve(entry: LessonEntry, with_pictures: bool = False) -> list[SolvedPage]:
    """Do as ``solved`` does, in a running event loop."""
    lesson = _fast(entry)
    app = HeadlessLab(lesson.file, Session(lesson.file.preset), dark=False)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.lab.lessons.progress.forget()
        app.lab.lessons.begin(replace(entry, lesson=lesson), restart=True, is_present=True)
        return [page async for page in _Solver(app, pilot, with_pictures).pages()]


def _fast(entry: LessonEntry) -> Lesson:
    """Return the lesson, with training as fast as possible.  Raises RnnTuiError if it has problems."""
    lesson = entry.required()
    file = lesson.file
    return replace(lesson, file=replace(file, preset=file.preset.with_changes({"training.speed": 0})))


class _Solver:
    """Presses the solution of each page."""

    def __init__(self, app: HeadlessLab, pilot: Pilot[None], with_pictures: bool) -> None:
        self._app, self._pilot, self._with_pictures = app, pilot, with_pictures
        self._begun, self._number = app.lab.lessons.opened, 0  # the lesson, and the page under way

    @property
    def _open(self) -> OpenLesson:
        """The lesson as it is now.  Raises SolutionError if it is no longer open."""
        found = self._app.lab.lessons.opened
        assert self._begun is not None
        if found is None or found.entry is not self._begun.entry:
            name = self._begun.lesson.name
            raise SolutionError(
                f"{name}: the solution of page {self._number + 1} leaves the lesson, or opens another one"
            )
        return found

    @property
    def _state(self) -> LessonState:
        return self._open.state

    @property
    def _situation(self) -> Situation:
        return Situation(self._app.lab.seen)

    @property
    def _follows_keys(self) -> bool:
        """Return whether a key, or a command that it has sent, is not done yet."""
        lab = self._app.lab
        return lab.channel.busy or lab.seen.goal is not None or not self._app.terminal_events.idle

    async def pages(self) -> AsyncIterator[SolvedPage]:
        """Yield each page when it is done.  Raises SolutionError."""
        for number, page in enumerate(self._open.lesson.pages):
            self._number = number
            state, begin = self._state, self._situation
            self._check(state.number == number, "is not reached: the page before turns by itself or not at all")
            self._check(
                not (state.is_complete and (page.until or page.question)),
                "is done before its solution: what it waits for already holds when it begins",
            )
            for key in page.solution:
                await self._press(key)
            await self._until_complete()
            picture = await self._picture(page.panel) if self._with_pictures else None
            yield SolvedPage(page, begin, self._situation, picture)
            await self._press("N")
        self._check(self._open.is_over, "is the last page, but the lesson is not done")

    def _check(self, holds: bool, problem: str) -> None:
        if not holds:
            raise SolutionError(f"{self._open.lesson.name}: page {self._state.number + 1} {problem}")

    async def _press(self, key: str) -> None:
        """Press a key, and return when its commands are done; training may go on."""
        self._app.terminal_events.offer(Key(key, typed(key)))  # the pilot would wait until nothing trains
        await asyncio.sleep(0)
        begin = self._app.lab.seen.frame.step
        while self._follows_keys:
            self._check(self._app.lab.seen.frame.step < begin + MOST_STEPS, "goes to a step too far away")
            await asyncio.sleep(MOMENT)

    async def _until_complete(self) -> None:
        """Wait until the page is done.  Raises SolutionError if nothing happens any more."""
        quiet, begin = 0, self._app.lab.seen.frame.step
        while not self._state.is_complete:
            self._check(self._state.outcome != "wrong" or bool(self._state.page.until), "gets a wrong answer")
            quiet = 0 if self._follows_keys or self._app.lab.seen.playing else quiet + 1
            self._check(quiet < QUIET, f"is not done by its solution {' '.join(self._state.page.solution)!r}")
            self._check(self._app.lab.seen.frame.step < begin + MOST_STEPS, f"is not done after {MOST_STEPS:,} updates")
            # the pilot returns when every widget has handled its messages, which takes longer than most keys
            await (self._pilot.pause(PATIENCE) if quiet else asyncio.sleep(MOMENT))

    async def _picture(self, panel: str) -> Picture | None:
        """Return a picture of a panel; None if it is not visible."""
        if not panel or len(self._app.screen_stack) > 1 or panel not in self._app.lab.panels.visible:
            return None
        await settle(self._app, self._pilot)
        return self._app.lab.picture.of(panel)
