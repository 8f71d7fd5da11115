"""The base of tasks that read a file of the user's."""

from pathlib import Path
from typing import TYPE_CHECKING, Self

from rnn_tui.storage.files import expanded, working_folder
from rnn_tui.tasks.settings_model import SettingsModel


class FileTask(SettingsModel):
    """A task whose data are in the file that its setting ``path`` names."""

    if TYPE_CHECKING:
        path: str

    def starting_at(self, folder: str) -> Self:
        """Return the task with ``path`` made absolute; a relative one starts at ``folder``."""
        path = absolute(self.path, folder)
        return self if path == self.path else self.with_values(path=path)


def absolute(path: str, folder: str) -> str:
    """Return the absolute path; a relative one starts at ``folder``.

    Raises:
        DataError: ``folder`` is relative, and the working folder no longer exists.
    """
    full = Path(folder, expanded(path))
    return str(full if full.is_absolute() else working_folder() / full)
