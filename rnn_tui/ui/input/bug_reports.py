"""Exceptions that nobody expected: a sentence at once, the tracebacks after leaving."""

from traceback import format_exception

from rnn_tui.errors import RnnTuiError, plain

MOST = 5  # tracebacks; a bug that comes back every minute is the same bug


class BugReports:
    """Belongs to one thread, the training thread's or the screen's, and is read when that has ended."""

    def __init__(self) -> None:
        self._tracebacks: list[str] = []

    def sentence(self, error: Exception) -> str:
        """What to tell the user of an exception; the traceback of a bug is kept."""
        if isinstance(error, RnnTuiError):
            return str(error)
        if isinstance(error, MemoryError):
            return "there is not enough memory for that"
        traceback = "".join(format_exception(error)).rstrip()
        if traceback not in self._tracebacks and len(self._tracebacks) < MOST:
            self._tracebacks.append(traceback)
        kind = plain(f"{type(error).__name__}: {error}".removesuffix(": "))
        return f"a bug in rnn-tui, whose details are printed when you quit ({kind})"

    @property
    def text(self) -> str:
        """All tracebacks; empty where there is none."""
        return "\n\n".join(self._tracebacks)
