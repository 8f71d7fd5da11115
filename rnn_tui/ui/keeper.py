"""Keeps the runs of the lab by themselves, every minute and when they leave the bench.  Only player.py makes one."""

from collections.abc import Callable, Iterable
from math import inf
from pathlib import Path

from rnn_tui.ui.bug_reports import BugReports
from rnn_tui.ui.bulletin import News
from rnn_tui.ui.shelf import Opened

EVERY = 60.0  # seconds


class Keeper:
    """Belongs to the player's thread.  ``store``: a file for a preset's run, by its name; None: nothing is kept."""

    def __init__(self, store: Callable[[str], Path] | None, clock: Callable[[], float], bugs: BugReports) -> None:
        self._store, self._clock, self._bugs = store, clock, bugs
        self._at = clock()  # the last time that it was tried
        self._problem = ""  # as it was told last

    def due(self, opened: Opened) -> float:
        """Seconds until there is something to do; infinite where nothing would be lost."""
        if self._store is None or opened.session.stamp == opened.kept:
            return inf
        worth = opened.session.last_step > 0 or opened.unsaved
        return max(0.0, self._at + EVERY - self._clock()) if worth else inf

    def keep(self, opened: Opened) -> str:
        """Write it, if there is something new.  Return what went wrong: nothing that can must end the lab."""
        if self._store is None or self.due(opened) == inf:
            return ""
        self._at = self._clock()
        try:
            opened.store = opened.store or self._store(opened.file.name)
            self._write(opened, opened.store)
        except Exception as error:
            return f"this run could not be kept: {self._bugs.sentence(error)}"
        opened.kept = opened.session.stamp
        return ""

    def keep_due(self, opened: Opened) -> News | None:
        """Write it when it is time to.  Return what there is to tell: a disk that stays full is told of once."""
        before, self._problem = self._problem, self.keep(opened)
        if self._problem == before:
            return None
        return News(self._problem, "error") if self._problem else News("this run is kept again")

    def keep_all(self, all_opened: Iterable[Opened]) -> str:
        """Write what is not written yet, at the end."""
        return "\n".join(dict.fromkeys(filter(None, map(self.keep, all_opened))))

    def _write(self, opened: Opened, path: Path) -> None:
        from rnn_tui.checkpoints import writer
        from rnn_tui.session.storing import checkpoint_of

        writer.save(checkpoint_of(opened.session, opened.file.name), path)
