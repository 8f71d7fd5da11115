"""How far the learner is with the lessons, as the lab reads and saves it; what fails is told once."""

from collections.abc import Callable

from rnn_tui.errors import RnnTuiError
from rnn_tui.ui.lessons import progress_file
from rnn_tui.ui.lessons.progress_file import Progress


class SavedProgress:
    """The progress, in the file and here; belongs to the screen's thread.

    Args:
        tell: tells the user an error.

    Attributes:
        present: the progress, as far as it is known.
        is_saved: whether changes are saved: until that fails.
    """

    def __init__(self, tell: Callable[[str], object]) -> None:
        self._tell = tell
        self.is_saved = True
        self.present = Progress()
        self.read()

    def read(self) -> None:
        """Read the file again; another lab may have changed it."""
        try:
            self.present = progress_file.read()
        except RnnTuiError as error:
            self.present = Progress()
            self._failed(error)

    def update(self, change: Callable[[Progress], Progress]) -> None:
        """Change the progress, on disk too if that works."""
        if self.is_saved:
            try:
                self.present = progress_file.update(change)
                return
            except RnnTuiError as error:
                self._failed(error)
        self.present = change(self.present)

    def forget(self) -> None:
        """Neither save changes from now on, nor use what has been saved."""
        self.is_saved, self.present = False, Progress()

    def _failed(self, error: RnnTuiError) -> None:
        if self.is_saved:
            self.is_saved = False
            self._tell(f"{error}\nThe lessons continue, but how far you are is not saved.")
