"""Presets in the command palette, found by name and title."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from rnn_tui.presets.search import rank
from rnn_tui.presets.store import Entry, entries
from rnn_tui.ui.lab.screen import LabScreen

MOST = 0.4  # the score of a preset that fits best, unless its title has the words in their order


class PresetProvider(Provider):
    """Provides presets, read in a thread when the palette opens; presets that cannot be opened are omitted."""

    async def startup(self) -> None:
        self._reading = asyncio.create_task(asyncio.to_thread(entries))

    async def _entries(self) -> list[Entry]:
        """Return all presets in the lab, none in dialogs, which would not notice that a preset was opened.

        Each typed letter cancels the search before it; this must not cancel the reading.
        """
        if not isinstance(self.screen, LabScreen):
            return []
        return [entry for entry in await asyncio.shield(self._reading) if not entry.problem]

    async def discover(self) -> Hits:
        for entry in await self._entries():
            yield DiscoveryHit(shown(entry), self._opening(entry), text=said(entry))

    async def search(self, query: str) -> Hits:
        """Yield presets that all words fit, as in the preset picker; Textual's fuzzy search would find too many."""
        words, matcher = query.casefold().split(), self.matcher(query)
        for entry in await self._entries():
            if fit := rank(entry, query):
                score = max(MOST * fit, matcher.match(said(entry)))
                yield Hit(score, shown(entry, words), self._opening(entry), text=said(entry))

    def _opening(self, entry: Entry) -> Callable[[], None]:
        lab = self.app.screen_stack[0]
        assert isinstance(lab, LabScreen)
        return partial(lab.dialogs.open_entry, entry)


def said(entry: Entry) -> str:
    """Return ``echo: Echo, three steps late``."""
    return f"{entry.name}: {entry.title}" if entry.title else entry.name


def shown(entry: Entry, words: Sequence[str] = ()) -> Content:
    """Return the name with the found words marked, and the question; no markup, because titles may contain brackets."""
    line = Content(said(entry))
    for word in words:
        at = said(entry).casefold().find(word)
        line = line.stylize("bold underline", at, at + len(word)) if at >= 0 else line
    return Content.assemble(line, *(("\n", (entry.question, "dim")) if entry.question else ()))
