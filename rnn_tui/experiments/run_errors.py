"""Why a run failed, in one line."""

from rnn_tui.errors import RnnTuiError, escaped, shortened

LONGEST = 300  # characters


def error_line(error: Exception) -> str:
    """Return why a run failed, without control characters; the problems of an error of the program one by one."""
    if isinstance(error, MemoryError):
        said = "not enough memory"
    elif isinstance(error, RnnTuiError):
        said = " · ".join(line.strip() for line in str(error).splitlines())
    else:
        said = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return shortened(escaped(said), LONGEST)
