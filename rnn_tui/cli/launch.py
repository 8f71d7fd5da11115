"""Open the lab without arguments, on the default preset."""

import os
import sys
from typing import NoReturn

from rnn_tui.errors import RnnTuiError

DEFAULT_PRESET = "echo"


def at_a_terminal() -> bool:
    """Return whether the lab can be drawn: on a terminal, or in a browser by Textual's driver."""
    return (sys.stdin.isatty() and sys.stderr.isatty()) or "TEXTUAL_DRIVER" in os.environ


def open_default() -> NoReturn:
    """Open the lab on the default preset, and exit as the command line does."""
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.presets.store import find, load
    from rnn_tui.ui.app import open_lab

    limit_blas_threads()
    try:
        file = load(find(DEFAULT_PRESET))
        sys.exit(open_lab(file, welcomes=True))
    except RnnTuiError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(2)
