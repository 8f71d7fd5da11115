"""Keeps the runs of the lab by themselves, every minute and when they leave the bench.

A file is written whole, so that it is never half a run.  What has grown large is written less often: a few MiB a minute
are less than the metrics of two small lanes that train flat out, the least that a file which only grows would take.  A
change of settings never waits for that, since only steps can be made again from what was kept before.
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
SHARE = 0.01  # of the time at most goes into writing
RATE = 4 * 2**20 / 60  # bytes a second that are written at most
LONGEST = 900.0  # seconds; no pause is longer


class Autosaver:
    """Belongs to the training thread.  ``store``: a file for a preset's run, by its name; None: nothing is kept."""

    def __init__(
        self,
        store: Callable[[str], Path] | None,
        clock: Callable[[], float],
        bugs: BugReports,
        owner: ThreadOwner | None = None,
    ) -> None:
        self._owner = owner or ThreadOwner()
        self._store, self._clock, self._bugs = store, clock, bugs
        self._at = clock()  # the last time that it was tried
        self._pause = EVERY  # from then on, where only steps were made
        self._problem = ""  # as it was told last

    def due(self, document: Document) -> float:
        """Seconds until there is something to do; infinite where nothing would be lost."""
        if self._store is None or document.session.stamp == document.kept:
            return inf
        worth = document.session.last_step > 0 or document.unsaved
        pause = self._pause if document.kept[:2] == document.session.revision else EVERY
        return max(0.0, self._at + pause - self._clock()) if worth else inf

    def keep(self, document: Document) -> str:
        """Write it, if there is something new.  Return what went wrong: nothing that can must end the lab."""
        assert self._owner.here
        if self._store is None or self.due(document) == inf:
            return ""
        self._at = self._clock()
        try:
            document.store = document.store or self._store(document.file.name)
            self._write(document, document.store)
        except Exception as error:
            return f"this run could not be kept: {self._bugs.sentence(error)}"
        document.kept = document.session.stamp
        self._pause = self._rest(document.store)
        return ""

    def _rest(self, path: Path) -> float:
        """Seconds until a file that has just been written is written again."""
        with suppress(OSError):
            return min(LONGEST, max(EVERY, (self._clock() - self._at) / SHARE, path.stat().st_size / RATE))
        return EVERY

    def keep_due(self, document: Document) -> News | None:
        """Write it when it is time to.  Return what there is to tell: a disk that stays full is told of once."""
        before, self._problem = self._problem, self.keep(document)
        if self._problem == before:
            return None
        return News(self._problem, "error") if self._problem else News("this run is kept again")

    def keep_all(self, documents: Iterable[Document]) -> str:
        """Write what is not written yet, at the end."""
        return "\n".join(dict.fromkeys(filter(None, map(self.keep, documents))))

    def _write(self, document: Document, path: Path) -> None:
        from rnn_tui.checkpoints import writer
        from rnn_tui.session.checkpointing import checkpoint_of

        writer.save(checkpoint_of(document.session, document.file.name), path)
