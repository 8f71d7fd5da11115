"""The command line.  Exit codes: 0 done, 1 a bug, 2 a mistake of the user, 130 ctrl+c, 141 the output was closed."""

import gc
import os
import signal
import sys

COMPLETING = "_RNN_TUI_COMPLETE"  # set if a shell asks for completions


def main() -> None:
    """Run the command that the arguments ask for, and exit with its code."""
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # otherwise the parent process ignores it
    if heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from rnn_tui.cli.streams import guarded, interrupted, prepare

    prepare()
    if heard:
        signal.signal(signal.SIGINT, interrupted)
    code = guarded(_run)
    if heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # from here on ctrl+c must not print a traceback
    sys.exit(code)


def prepare_environment() -> None:
    """Set the variables that NumPy, pydantic and Textual read on import; a value that the user has set stays."""
    from rnn_tui.experiments.blas_threads import prepare_accelerate

    prepare_accelerate()
    # without this, pydantic searches every installed distribution for plugins
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Textual shows the effect of a key at the next tick of this clock; it paints only if something changed
    os.environ.setdefault("TEXTUAL_FPS", "120")


def _run() -> None:
    """Open the lab directly if there are no arguments; otherwise parse them."""
    gc.disable()  # until the first frame is drawn: collecting while modules load takes a tenth of the startup
    prepare_environment()
    from rnn_tui.cli.launch import at_a_terminal, open_default

    if len(sys.argv) == 1 and COMPLETING not in os.environ and at_a_terminal():
        open_default()
    from rnn_tui.cli.app import lab

    lab()
