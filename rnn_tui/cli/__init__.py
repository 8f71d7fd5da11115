"""The command line.  Exit codes: 0 done, 2 a user's mistake, 1 a bug, 130 ctrl+c, 141 nobody reads any longer."""

import gc
import os
import signal
import sys

COMPLETING = "_RNN_TUI_COMPLETE"  # is set where a shell asks what could come next


def main() -> None:
    """Do what the arguments say, and end with the exit code."""
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else somebody wants it ignored
    if heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from rnn_tui.cli.streams import guarded, interrupted, prepare

    prepare()
    if heard:
        signal.signal(signal.SIGINT, interrupted)
    code = guarded(_run)
    if heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing is left that ctrl+c could interrupt with a traceback
    sys.exit(code)


def prepare_environment() -> None:
    """Set what NumPy, pydantic and Textual read when they are loaded; a value that the user has set stays."""
    from rnn_tui.experiments.blas_threads import prepare_accelerate

    prepare_accelerate()
    # pydantic would look through every installed distribution for plugins; here there is nothing to plug in
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # the effect of a key waits for the next of so many moments a second; there are no more paints than changes
    os.environ.setdefault("TEXTUAL_FPS", "120")


def _run() -> None:
    """Open the lab at once where there is nothing to parse; else parse."""
    gc.disable()  # until the first frame stands: collecting while modules load costs a tenth of the start
    prepare_environment()
    from rnn_tui.cli.launch import at_a_terminal, open_default

    if len(sys.argv) == 1 and COMPLETING not in os.environ and at_a_terminal():
        open_default()
    from rnn_tui.cli.app import lab

    lab()
