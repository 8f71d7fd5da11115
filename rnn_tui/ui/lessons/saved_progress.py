"""How far the learner is with the lessons, as the lab reads and saves it; a failure is told once, and then repaired."""

from collections.abc import Callable

from rnn_tui.errors import RnnTuiError
from rnn_tui.ui.lessons import progress_file
from rnn_tui.ui.lessons.progress_file import Progress

Change = Callable[[Progress], Progress]


class SavedProgress:
    """The progress, in the file and here; belongs to the screen's thread.

    Changes that could not be saved are saved with the next one that can be.

    Args:
        tell: tells the user an error.

    Attributes:
        present: the progress, as far as it is known.
        is_saved: whether the last change was saved.
    """

    def __init__(self, tell: Callable[[str], object]) -> None:
        self._tell = tell
        self._unsaved: list[Change] = []
        self._is_forgotten = False
        self.is_saved = True
        self.present = Progress()
        self.read()

    def read(self) -> None:
        """Read the file again; another lab may have changed it."""
        if not self._is_forgotten:
            try:
                self.present = self._with_unsaved(progress_file.read())
            except RnnTuiError as error:
                self._failed(error)

    def update(self, change: Change) -> None:
        """Change the progress, on disk too if that works."""
        if not self._is_forgotten:
            self._unsaved.append(change)
            try:
                self.present = progress_file.update(self._with_unsaved)
                self.is_saved = True
                self._unsaved.clear()
                return
            except RnnTuiError as error:
                self._failed(error)
        self.present = change(self.present)

    def forget(self) -> None:
        """Neither save changes from now on, nor use what has been saved."""
        self.is_saved, self._is_forgotten, self.present = False, True, Progress()

    def _with_unsaved(self, found: Progress) -> Progress:
        for change in self._unsaved:
            found = change(found)
        return found

    def _failed(self, error: RnnTuiError) -> None:
        if self.is_saved:
            self.is_saved = False
            self._tell(f"{error}\nThe lessons continue, but how far you are is not saved.")
