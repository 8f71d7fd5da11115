"""The command line.  Exit codes: 0 done, 2 a user's mistake, 1 a bug."""

import gc
import os
import sys

from rnn_tui.interrupts import at_interrupt, leave_at_once

COMPLETING = "_RNN_TUI_COMPLETE"  # is set where a shell asks what could come next


def main() -> None:
    """Open the lab at once where there is nothing to parse; else do what the arguments say."""
    at_interrupt(leave_at_once)
    gc.disable()  # until the first frame stands: collecting while modules load costs a tenth of the start
    from rnn_tui.cli.opening import at_a_terminal, open_usual

    if len(sys.argv) == 1 and COMPLETING not in os.environ and at_a_terminal():
        open_usual()
    from rnn_tui.cli.group import lab

    lab()
