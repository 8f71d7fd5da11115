"""What can be taken back, and made again.  Only session.py keeps such a list."""

from collections.abc import Sequence
from typing import NamedTuple

from rnn_tui.presets.preset import Preset
from rnn_tui.session import memory_budget
from rnn_tui.session.lane_histories import Bench

MOST_UNDO = 8


class Deed(NamedTuple):
    """A change of settings; or something else, which is ``said`` in words."""

    before: Preset
    after: Preset
    said: str = ""


class Lost(NamedTuple):
    """How many deeds are no longer kept, and the one of them that would be the next in turn."""

    number: int = 0
    next: Deed | None = None

    def and_these(self, deeds: Sequence[Deed]) -> "Lost":
        return Lost(self.number + len(deeds), deeds[-1]) if deeds else self


NOTHING_LOST = Lost()


class Deeds:
    """The last of them, each with the bench that taking it back, or making it again, leads to.

    Attributes:
        lost: what can no longer be taken back; lost_again: what can no longer be made again.
    """

    def __init__(self) -> None:
        self._done: list[tuple[Deed, Bench]] = []
        self._undone: list[tuple[Deed, Bench]] = []
        self.lost = self.lost_again = NOTHING_LOST

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    @property
    def benches(self) -> list[Bench]:
        """What it keeps, what is lost first at the beginning: the oldest, and what is the furthest to be made again."""
        return [bench for _, bench in (*self._done, *self._undone)]

    def add(self, deed: Deed, before: Bench) -> None:
        """Something that has been done, and the bench before it; what was taken back is forgotten."""
        self._undone, self.lost_again = [], NOTHING_LOST
        self._done.append((deed, before))
        self._forget(max(0, len(self._done) - MOST_UNDO))
        self._fit()

    def undo(self, now: Bench) -> tuple[Deed, Bench]:
        """What was done last, and the bench before it."""
        return self._swap(self._done, self._undone, now)

    def redo(self, now: Bench) -> tuple[Deed, Bench]:
        """What was taken back last, and the bench after it."""
        return self._swap(self._undone, self._done, now)

    def drop(self) -> None:
        """Forget all of them."""
        self._forget(len(self.benches))

    def _swap(
        self, source: list[tuple[Deed, Bench]], target: list[tuple[Deed, Bench]], now: Bench
    ) -> tuple[Deed, Bench]:
        deed, bench = source.pop()
        target.append((deed, now))
        self._fit()
        return deed, bench

    def _fit(self) -> None:
        self._forget(memory_budget.fit(self.benches, memory_budget.UNDO))

    def _forget(self, count: int) -> None:
        """So many of the first ``benches``."""
        done = min(count, len(self._done))
        undone = count - done
        self.lost = self.lost.and_these([deed for deed, _ in self._done[:done]])
        self.lost_again = self.lost_again.and_these([deed for deed, _ in self._undone[:undone]])
        self._done, self._undone = self._done[done:], self._undone[undone:]
