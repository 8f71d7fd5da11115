"""Where the user's own files are: below ``$RNN_TUI_HOME``, or in the platform's folders."""

import os
from pathlib import Path

from rnn_tui.storage.files import expanded

NOWHERE = Path(os.devnull) / "rnn-tui"  # below what is no folder: nothing is found there, and nothing can be written


def data_folder() -> Path:
    """The folder of presets and runs."""
    return _folder("user_data_path")


def settings_folder() -> Path:
    """The folder of the settings of the program itself."""
    return _folder("user_config_path")


def problem() -> str:
    """What the user must know where there is no such folder; else an empty text."""
    if data_folder() != NOWHERE:
        return ""
    return (
        "no home folder is known (HOME is not set, and the password file has no entry): presets and settings of "
        "your own are not found, and cannot be saved; set HOME or RNN_TUI_HOME"
    )


def _folder(kind: str) -> Path:
    if home := os.environ.get("RNN_TUI_HOME"):
        return expanded(home)
    import platformdirs

    try:
        found: Path = getattr(platformdirs, kind)("rnn-tui", appauthor=False)
    except (RuntimeError, KeyError):  # what versions of platformdirs and Python raise
        return NOWHERE
    return found if found.is_absolute() else NOWHERE  # ~, which others leave as it is
