"""Whether the terminal has shown what was sent to it.  Only the lab makes one.

On a slow line pictures pile up on their way, in buffers of which a program knows nothing: what one sees would be
seconds old, and so would be the answer to a key.  So the terminal is asked behind each frame where its cursor is
(CSI 6 n, as terminals have answered since the VT100), and the next frame waits until it has come to that.  Where
none answers, it still waits until the last one has left.
"""

from collections.abc import Callable
from time import monotonic

QUESTION = "\x1b[6n"
PATIENCE = 10.0  # seconds; an answer may get lost
AGAIN = 0.05  # seconds between two looks at whether what is owed can be shown


class FlowControl:
    """``ask`` sends the question, ``show`` the newest frame; ``unsent`` counts what has not left yet.  A terminal that
    has never answered is asked now and then, and not waited for.  It belongs to the screen's thread.
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
        self._asked: float | None = None  # when; None: all is answered
        self._owed = False

    @property
    def awaited(self) -> bool:
        """Whether the terminal is still busy with what it was sent before."""
        return self._unsent() > 0 or (self._answers and self._asking)

    @property
    def _asking(self) -> bool:
        return self._asked is not None and self._clock() - self._asked < PATIENCE

    def news(self) -> bool:
        """There is something new to show: it is shown now (True), or with the answer."""
        self._owed = self.awaited
        if not self._owed:
            self._show()
        return not self._owed

    def sent(self) -> None:
        """What was to be shown is on its way."""
        if self._end or self._asking:
            return
        self._answers = self._answers and self._asked is None  # else the last answer has been waited for in vain
        self._asked = self._clock()
        self._ask()

    def arrived(self) -> None:
        """The terminal has answered."""
        if self._asked is None:  # of a key that looks like an answer
            return
        self._asked, self._answers = None, True
        if self._end:
            self._end()
        else:
            self.remind()

    def finish(self, end: Callable[[], object]) -> None:
        """Ask no more, and ``end`` when all is answered: a shell would take the answer for something typed."""
        self._end = end
        if not (self._answers and self._asking):
            end()

    def remind(self) -> None:
        """Show what is owed, if nothing is waited for any longer."""
        if self._owed:
            self.news()
