"""Saves the runs of the lab automatically, every minute and when another preset is opened.

A file is written as a whole, so that it always contains a complete run.  Large files are written less often, a few MiB
a minute.  A change of settings does not wait for that, because only steps can be repeated from an older file.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from math import inf
from pathlib import Path

from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.training.frame_publisher import News
from rnn_tui.ui.training.thread_owner import ThreadOwner
from rnn_tui.ui.training.workspace import Document

EVERY = 60.0  # seconds
SHARE = 0.01  # largest share of the time spent on writing
RATE = 4 * 2**20 / 60  # most bytes written per second
LONGEST = 900.0  # seconds; the longest pause


class Autosaver:
    """Saves runs; belongs to the training thread.  ``store``: returns a file for a preset's name; None: nothing is
    saved.
    """

    def __init__(
        self,
        store: Callable[[str], Path] | None,
        clock: Callable[[], float],
        bugs: BugReports,
        owner: ThreadOwner | None = None,
    ) -> None:
        self._owner = owner or ThreadOwner()
        self._store, self._clock, self._bugs = store, clock, bugs
        self._at = clock()  # time of the last attempt
        self._pause = EVERY  # until the next attempt, if only steps were made
        self._problem = ""  # the problem reported last

    def due(self, document: Document) -> float:
        """Return the seconds until something must be saved; infinite if nothing would be lost."""
        if self._store is None or document.session.stamp == document.saved_stamp:
            return inf
        worth = document.session.last_step > 0 or document.unsaved
        pause = self._pause if document.saved_stamp[:2] == document.session.revision else EVERY
        return max(0.0, self._at + pause - self._clock()) if worth else inf

    def save(self, document: Document) -> str:
        """Save the document if it has changed.  Return the problem, or an empty string; errors must not end the lab."""
        assert self._owner.here
        if self._store is None or self.due(document) == inf:
            return ""
        self._at = self._clock()
        try:
            document.store = document.store or self._store(document.file.name)
            self._write(document, document.store)
        except Exception as error:
            return f"this run could not be saved: {self._bugs.sentence(error)}"
        document.saved_stamp = document.session.stamp
        self._pause = self._rest(document.store)
        return ""

    def _rest(self, path: Path) -> float:
        """Return the seconds until a file that has just been written is written again."""
        with suppress(OSError):
            return min(LONGEST, max(EVERY, (self._clock() - self._at) / SHARE, path.stat().st_size / RATE))
        return EVERY

    def save_due(self, document: Document) -> News | None:
        """Save the document if it is time.  Return news: a problem that stays is reported once."""
        before, self._problem = self._problem, self.save(document)
        if self._problem == before:
            return None
        return News(self._problem, "error") if self._problem else News("this run is saved again")

    def save_all(self, documents: Iterable[Document]) -> str:
        """Save everything that is not saved yet, at the end.  Return the problems, or an empty string."""
        return "\n".join(dict.fromkeys(filter(None, map(self.save, documents))))

    def _write(self, document: Document, path: Path) -> None:
        from rnn_tui.checkpoints import writer
        from rnn_tui.session.checkpointing import checkpoint_of

        writer.save(checkpoint_of(document.session, document.file.name), path)
