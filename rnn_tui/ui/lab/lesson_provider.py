"""Lessons in the command palette, found by number, name and title."""

import asyncio
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from rnn_tui.presets.search import contains, words_of
from rnn_tui.ui.lab.screen import LabScreen
from rnn_tui.ui.lessons.lesson_store import LessonEntry, entries
from rnn_tui.ui.lessons.strip_drawing import entry_name

BY_WORDS = 0.4  # the score of a lesson that all words fit


class LessonProvider(Provider):
    """Provides lessons, read in a thread when the palette opens; those that cannot be opened are omitted."""

    async def startup(self) -> None:
        self._reading = asyncio.create_task(asyncio.to_thread(entries))

    async def _entries(self) -> list[LessonEntry]:
        """Return all lessons in the lab, none in dialogs; typing goes on while they are read."""
        if not isinstance(self.screen, LabScreen):
            return []
        return [entry for entry in await asyncio.shield(self._reading) if entry.lesson]

    async def discover(self) -> Hits:
        for entry in await self._entries():
            yield DiscoveryHit(shown(entry), partial(self._begin, entry), text=said(entry))

    async def search(self, query: str) -> Hits:
        matcher, wanted = self.matcher(query), words_of(query)
        for entry in await self._entries():
            about = entry.lesson.about if entry.lesson else ""
            own = words_of(f"{said(entry)} {entry.name} {about}")
            fits = bool(wanted) and all(contains(own, word) for word in wanted)
            if score := max(BY_WORDS if fits else 0.0, matcher.match(said(entry))):
                yield Hit(score, shown(entry), partial(self._begin, entry), text=said(entry))

    def _begin(self, entry: LessonEntry) -> None:
        lab = self.app.screen_stack[0]
        assert isinstance(lab, LabScreen)
        with lab.reports.running("lesson.list"):
            lab.lessons.begin(entry)


def said(entry: LessonEntry) -> str:
    """Return ``Lesson 2, The floor``."""
    return entry_name(entry)


def shown(entry: LessonEntry) -> Content:
    """Return the title, and what the lesson is about."""
    about = entry.lesson.about if entry.lesson else ""
    return Content.assemble(said(entry), "\n", (about, "dim"))
