"""Whether the terminal has shown what was sent to it.  Only the lab makes one.

On a slow line pictures pile up on their way, in buffers of which a program knows nothing: what one sees would be
seconds old, and so would be the answer to a key.  So the terminal is asked behind each frame where its cursor is
(CSI 6 n, as terminals have answered since the VT100), and the next frame waits until it has come to that.
"""

from collections.abc import Callable
from time import monotonic

QUESTION = "\x1b[6n"
PATIENCE = 10.0  # seconds; an answer may get lost


class Receipt:
    """``ask`` sends the question, ``show`` the newest frame.  A terminal that has never answered is not waited for."""

    def __init__(
        self, ask: Callable[[], object], show: Callable[[], object], clock: Callable[[], float] = monotonic
    ) -> None:
        self._ask, self._show, self._clock = ask, show, clock
        self._answers = False
        self._asked: float | None = None  # when; None: all is answered
        self._owed = False

    @property
    def awaited(self) -> bool:
        """Whether the terminal is still busy with what it was sent before."""
        return self._answers and self._asking

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
        if not self._asking:
            self._asked = self._clock()
            self._ask()

    def arrived(self) -> None:
        """The terminal has answered."""
        self._asked, self._answers = None, True
        self.remind()

    def remind(self) -> None:
        """Show what is owed, if nothing is waited for any longer."""
        if self._owed:
            self.news()
