"""The user's folders: below ``$RNN_TUI_HOME``, or the platform's."""

import os
from pathlib import Path

from rnn_tui.storage.files import expanded

NOWHERE = Path(os.devnull) / "rnn-tui"  # its parent is not a folder, so nothing can be found or written there


def data_folder() -> Path:
    """Return the folder of the user's presets and runs."""
    return _folder("user_data_path")


def settings_folder() -> Path:
    """Return the folder of the program's configuration."""
    return _folder("user_config_path")


def problem() -> str:
    """Return a message if the user has no home folder; otherwise an empty text."""
    if data_folder() != NOWHERE:
        return ""
    return (
        "no home folder (HOME is not set, and the password file has no entry): your own presets and settings cannot "
        "be found or saved; set HOME or RNN_TUI_HOME"
    )


def _folder(kind: str) -> Path:
    if home := os.environ.get("RNN_TUI_HOME"):
        return expanded(home)
    import platformdirs

    try:
        found: Path = getattr(platformdirs, kind)("rnn-tui", appauthor=False)
    except (RuntimeError, KeyError):  # depending on the versions of platformdirs and Python
        return NOWHERE
    return found if found.is_absolute() else NOWHERE  # some versions leave ~ unexpanded
