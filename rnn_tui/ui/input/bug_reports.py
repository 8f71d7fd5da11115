"""Unexpected exceptions: a sentence at once, and the tracebacks when the lab has ended."""

from threading import Lock
from traceback import format_exception

from rnn_tui.errors import RnnTuiError, escaped

MOST = 5  # tracebacks; later ones are usually the same bug


class BugReports:
    """Collects exceptions; may be called from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tracebacks: list[str] = []

    def sentence(self, error: Exception) -> str:
        """Return a message for the user; save the traceback of a bug."""
        if isinstance(error, RnnTuiError):
            return str(error)
        if isinstance(error, MemoryError):
            return "not enough memory"
        traceback = "".join(format_exception(error)).rstrip()
        with self._lock:
            if traceback not in self._tracebacks and len(self._tracebacks) < MOST:
                self._tracebacks.append(traceback)
        kind = escaped(f"{type(error).__name__}: {error}".removesuffix(": "))
        return f"a bug in rnn-tui ({kind}); its traceback is printed when you quit"

    @property
    def text(self) -> str:
        """All tracebacks, or an empty string."""
        with self._lock:
            return "\n\n".join(self._tracebacks)
