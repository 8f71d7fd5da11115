"""Opening the lab as it is opened most often: without arguments, on the preset that is usual."""

import os
import sys
from typing import NoReturn

from rnn_tui.errors import RnnTuiError

DEFAULT_PRESET = "echo"


def at_a_terminal() -> bool:
    """Whether there is one to draw the lab on; browsers' labs have a driver instead."""
    return (sys.stdin.isatty() and sys.stderr.isatty()) or "TEXTUAL_DRIVER" in os.environ


def open_default() -> NoReturn:
    """Ends the program as the command line would."""
    from rnn_tui.experiments.blas_threads import limit_blas_threads
    from rnn_tui.presets.store import find, load
    from rnn_tui.ui.app import open_lab

    limit_blas_threads()
    try:
        file = load(find(DEFAULT_PRESET))
        sys.exit(open_lab(file))
    except RnnTuiError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(2)
