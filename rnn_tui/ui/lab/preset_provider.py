"""The presets in the command palette, which finds them by name and title."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from rnn_tui.presets.store import Entry, entries
from rnn_tui.ui.lab.screen import LabScreen

LEAST = 0.01  # a score above that of what is not found


class PresetProvider(Provider):
    """They are read in a thread when the palette opens; those that cannot be opened are left to the picker."""

    async def startup(self) -> None:
        self._reading = asyncio.create_task(asyncio.to_thread(entries))

    async def _entries(self) -> list[Entry]:
        """All of them, in the lab: a dialog would not notice what is opened behind it.  Each letter that is typed calls
        off the search before it, which must not end the reading.
        """
        if not isinstance(self.screen, LabScreen):
            return []
        return [entry for entry in await asyncio.shield(self._reading) if not entry.problem]

    async def discover(self) -> Hits:
        for entry in await self._entries():
            yield DiscoveryHit(shown(entry), self._opening(entry), text=said(entry))

    async def search(self, query: str) -> Hits:
        """All words must be there, as in the picker: letters that are strewn over a title find too much."""
        words, matcher = query.casefold().split(), self.matcher(query)
        for entry in await self._entries():
            if all(word in said(entry).casefold() for word in words):
                score = max(LEAST, matcher.match(said(entry)))  # 0, where they are in another order
                yield Hit(score, shown(entry, words), self._opening(entry), text=said(entry))

    def _opening(self, entry: Entry) -> Callable[[], None]:
        lab = self.app.screen_stack[0]
        assert isinstance(lab, LabScreen)
        return partial(lab.dialogs.open_entry, entry)


def said(entry: Entry) -> str:
    """``echo: Echo, three steps late``"""
    return f"{entry.name}: {entry.title}" if entry.title else entry.name


def shown(entry: Entry, words: Sequence[str] = ()) -> Content:
    """That with the words that were found, and the question; no markup, for titles may hold brackets."""
    line = Content(said(entry))
    for word in words:
        at = said(entry).casefold().find(word)
        line = line.stylize("bold underline", at, at + len(word))
    return Content.assemble(line, *(("\n", (entry.question, "dim")) if entry.question else ()))
