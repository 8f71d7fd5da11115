"""Whether a process is there, by its number.  What names files after processes imports it."""

import os


def alive(process: int) -> bool:
    if os.name == "nt":  # where there is no signal to ask with
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # somebody else's
        return True
    return True
