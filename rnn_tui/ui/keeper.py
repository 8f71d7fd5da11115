"""Keeps the run on the bench by itself, every minute and at the end.  Only player.py makes one."""

from collections.abc import Callable
from math import inf
from pathlib import Path

from rnn_tui.errors import RnnTuiError
from rnn_tui.session.session import Session
from rnn_tui.ui.shelf import Opened

EVERY = 60.0  # seconds


class Keeper:
    """``store``: the file; None: nothing is kept."""

    def __init__(self, session: Session, store: Path | None, clock: Callable[[], float]) -> None:
        self._store, self._clock = store, clock
        self._kept, self._at = session.stamp, clock()

    def due(self, opened: Opened) -> float:
        """Seconds until there is something to do; infinite where nothing would be lost."""
        if self._store is None or opened.session.stamp == self._kept:
            return inf
        worth = opened.session.last_step > 0 or opened.unsaved
        return max(0.0, self._at + EVERY - self._clock()) if worth else inf

    def keep(self, opened: Opened) -> str:
        """Write it, if there is something new; what went wrong, for a full disk must not end the lab."""
        from rnn_tui.checkpoints import writer
        from rnn_tui.session.storing import checkpoint_of

        if self._store is None or self.due(opened) == inf:
            return ""
        self._kept, self._at = opened.session.stamp, self._clock()
        try:
            writer.save(checkpoint_of(opened.session, opened.file.name), self._store)
        except RnnTuiError as error:
            return f"this run could not be kept: {error}"
        return ""
