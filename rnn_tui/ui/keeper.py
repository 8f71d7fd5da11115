"""Keeps the runs of the lab by themselves, every minute and when they leave the bench.  Only player.py makes one."""

from collections.abc import Callable
from math import inf
from pathlib import Path

from rnn_tui.errors import RnnTuiError
from rnn_tui.ui.shelf import Opened

EVERY = 60.0  # seconds


class Keeper:
    """``store``: a file for the run of a preset, by its name; None: nothing is kept."""

    def __init__(self, store: Callable[[str], Path] | None, clock: Callable[[], float]) -> None:
        self._store, self._clock = store, clock
        self._at = clock()  # the last time that it was tried

    def due(self, opened: Opened) -> float:
        """Seconds until there is something to do; infinite where nothing would be lost."""
        if self._store is None or opened.session.stamp == opened.kept:
            return inf
        worth = opened.session.last_step > 0 or opened.unsaved
        return max(0.0, self._at + EVERY - self._clock()) if worth else inf

    def keep(self, opened: Opened) -> str:
        """Write it, if there is something new; what went wrong, for a full disk must not end the lab."""
        from rnn_tui.checkpoints import writer
        from rnn_tui.session.storing import checkpoint_of

        if self._store is None or self.due(opened) == inf:
            return ""
        self._at = self._clock()
        opened.store = opened.store or self._store(opened.file.name)
        try:
            writer.save(checkpoint_of(opened.session, opened.file.name), opened.store)
        except RnnTuiError as error:
            return f"this run could not be kept: {error}"
        opened.kept = opened.session.stamp
        return ""
