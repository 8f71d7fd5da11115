"""When the next update is due while playing.  Only training_thread.py makes one."""

from collections.abc import Callable
from math import inf

from rnn_tui.ui.training.thread_owner import ThreadOwner

SHORT_STEP = 0.005  # seconds; a shorter update holds the interpreter, a longer one works in BLAS, beside the screen
SLOW = 0.5  # seconds behind, from which on it is not tried to catch up


class RateLimiter:
    """Belongs to the training thread.

    Attributes:
        playing: whether updates are due at all.
        step_time: seconds that an update takes.
    """

    def __init__(self, clock: Callable[[], float], owner: ThreadOwner | None = None) -> None:
        self._clock, self._owner = clock, owner or ThreadOwner()
        self.playing = False
        self.step_time = 0.0
        self._begin, self._made = 0.0, 0  # since when, and how many updates, at the present pace

    def start(self, on: bool) -> None:
        """Play from now on, or no longer."""
        assert self._owner.here
        self.playing = on
        self._begin, self._made = self._clock(), 0

    @property
    def short(self) -> bool:
        """Whether updates hold the interpreter, for they are short, and do not work in BLAS, beside the screen."""
        return self.step_time < SHORT_STEP

    def made(self) -> None:
        """One update more."""
        assert self._owner.here
        self._made += 1

    def due(self, pace: int) -> float:
        """Seconds until the next update at ``pace`` updates per second (0: flat out); infinite while nothing plays."""
        if not self.playing:
            return inf
        return max(0.0, self._begin + (self._made + 1) / pace - self._clock()) if pace else 0.0

    def forgive(self, pace: int) -> None:
        """Where one cannot keep up, do not try to catch up later."""
        now = self._clock()
        if pace and self._made / pace < now - self._begin - SLOW:
            self._begin, self._made = now, 0
