"""Flow control: checks whether the terminal has shown what was sent to it.  Only the lab creates one.

On a slow line, frames pile up in buffers that the program cannot see: the screen would be seconds old, and so would the
effect of a key.  So after each frame the terminal is asked for its cursor position (CSI 6 n, answered by terminals
since the VT100), and the next frame waits for the answer.  If the terminal never answers, the next frame waits only
until the last one has been written.
"""

from collections.abc import Callable
from time import monotonic

QUESTION = "\x1b[6n"
PATIENCE = 10.0  # seconds; an answer may get lost
AGAIN = 0.05  # seconds between two checks whether a delayed frame can be shown


class FlowControl:
    """Decides when the next frame is shown; belongs to the screen's thread.

    A terminal that has never answered is asked from time to time, but not waited for.

    Args:
        ask: sends the question.
        show: shows the newest frame.
        unsent: returns the number of writes that wait.
    """

    def __init__(
        self,
        ask: Callable[[], object],
        show: Callable[[], object],
        unsent: Callable[[], int] = int,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._ask, self._show, self._unsent, self._clock = ask, show, unsent, clock
        self._end: Callable[[], object] | None = None
        self._answers = False
        self._asked: float | None = None  # time of the open question, None if it is answered
        self._owed = False

    @property
    def awaited(self) -> bool:
        """Return whether the terminal is still busy with the last frame."""
        return self._unsent() > 0 or (self._answers and self._asking)

    @property
    def _asking(self) -> bool:
        return self._asked is not None and self._clock() - self._asked < PATIENCE

    def news(self) -> bool:
        """Show a new frame now and return True, or show it with the answer and return False."""
        self._owed = self.awaited
        if not self._owed:
            self._show()
        return not self._owed

    def sent(self) -> None:
        """Ask the question after a frame has been written."""
        if self._end or self._asking:
            return
        self._answers = self._answers and self._asked is None  # otherwise the last answer never came
        self._asked = self._clock()
        self._ask()

    def arrived(self) -> None:
        """Handle the answer of the terminal."""
        if self._asked is None:  # a key that looks like an answer
            return
        self._asked, self._answers = None, True
        if self._end:
            self._end()
        else:
            self.remind()

    def finish(self, end: Callable[[], object]) -> None:
        """Ask no more, and call ``end`` after the last answer: a shell would take it as typed text."""
        self._end = end
        if not (self._answers and self._asking):
            end()

    def remind(self) -> None:
        """Show a delayed frame, if the terminal is ready."""
        if self._owed:
            self.news()
