"""Exceptions that nobody expected: a sentence at once, the tracebacks after leaving."""

from threading import Lock
from traceback import format_exception

from rnn_tui.errors import RnnTuiError, escaped

MOST = 5  # tracebacks; a bug that comes back every minute is the same bug


class BugReports:
    """Every thread may call it: the training thread or the screen's adds to it, the one that leaves reads it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tracebacks: list[str] = []

    def sentence(self, error: Exception) -> str:
        """What to tell the user of an exception; the traceback of a bug is kept."""
        if isinstance(error, RnnTuiError):
            return str(error)
        if isinstance(error, MemoryError):
            return "there is not enough memory for that"
        traceback = "".join(format_exception(error)).rstrip()
        with self._lock:
            if traceback not in self._tracebacks and len(self._tracebacks) < MOST:
                self._tracebacks.append(traceback)
        kind = escaped(f"{type(error).__name__}: {error}".removesuffix(": "))
        return f"a bug in rnn-tui, whose details are printed when you quit ({kind})"

    @property
    def text(self) -> str:
        """All tracebacks; empty where there is none."""
        with self._lock:
            return "\n\n".join(self._tracebacks)
