"""Time of the next update while playing.  Only training_thread.py creates one."""

from collections.abc import Callable
from math import inf

from rnn_tui.ui.training.thread_owner import ThreadOwner

SHORT_STEP = 0.005  # seconds; shorter updates hold the interpreter, longer ones spend their time in BLAS
SLOW = 0.5  # seconds of delay after which missed updates are skipped


class RateLimiter:
    """Limits the rate of updates; belongs to the training thread.

    Attributes:
        playing: whether updates are due at all.
        step_time: seconds that an update takes.
    """

    def __init__(self, clock: Callable[[], float], owner: ThreadOwner | None = None) -> None:
        self._clock, self._owner = clock, owner or ThreadOwner()
        self.playing = False
        self.step_time = 0.0
        self._begin, self._made = 0.0, 0  # start time and number of updates at the current pace

    def start(self, on: bool) -> None:
        """Start or stop playing."""
        assert self._owner.here
        self.playing = on
        self._begin, self._made = self._clock(), 0

    @property
    def short(self) -> bool:
        """Return whether updates are so short that they hold the interpreter, instead of working in BLAS."""
        return self.step_time < SHORT_STEP

    def made(self) -> None:
        """Count an update."""
        assert self._owner.here
        self._made += 1

    def due(self, pace: int) -> float:
        """Return the seconds until the next update at ``pace`` updates per second (0: no limit); infinite if paused."""
        if not self.playing:
            return inf
        return max(0.0, self._begin + (self._made + 1) / pace - self._clock()) if pace else 0.0

    def skip_missed(self, pace: int) -> None:
        """Skip missed updates if training is too slow for the pace."""
        now = self._clock()
        if pace and self._made / pace < now - self._begin - SLOW:
            self._begin, self._made = now, 0
