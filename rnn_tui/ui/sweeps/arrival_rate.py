"""How fast the runs of a sweep arrive, for an estimate of the time that is left."""

from collections.abc import Callable
from time import monotonic

PATIENCE = 30.0  # seconds without a run, at least, that are worth mentioning
MANY = 5  # times as long as a run usually takes
FEW = 3  # runs before an estimate


class ArrivalRate:
    """Notes when runs arrive.  Runs that were there at the beginning do not count."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._began = clock, clock()
        self._first: float | None = None  # when the first new run came
        self._last, self._after_first = self._began, 0

    def arrived(self, count: int) -> None:
        """Note that ``count`` runs have just arrived."""
        if not count:
            return
        self._last = self._clock()
        if self._first is None:
            self._first = self._last
        else:
            self._after_first += count

    @property
    def _each(self) -> float | None:
        """Seconds between two runs; None if too few have arrived."""
        if self._first is None or self._after_first < FEW:
            return None
        return (self._last - self._first) / self._after_first

    def left(self, runs: int) -> float | None:
        """Return the seconds until so many more runs have arrived; None if that cannot be estimated."""
        each = self._each
        return None if each is None else max(0.0, each * runs - (self._clock() - self._last))

    def idle(self) -> float | None:
        """Return the seconds without a new run, if these are many compared to the time between two runs."""
        quiet = self._clock() - self._last
        return quiet if quiet > max(PATIENCE, MANY * (self._each or 0.0)) else None
