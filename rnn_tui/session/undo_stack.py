"""Changes that can be undone and redone.  Only session.py keeps such a stack."""

from collections.abc import Sequence
from typing import NamedTuple

from rnn_tui.presets.preset import Preset
from rnn_tui.session import memory_budget
from rnn_tui.session.lane_histories import LaneHistories

MOST_UNDO = 8


class Change(NamedTuple):
    """A change of settings, or another change that ``said`` describes in words."""

    before: Preset
    after: Preset
    said: str = ""


class LostChanges(NamedTuple):
    """Number of changes that were dropped, and the one of them that would be next to undo or redo."""

    number: int = 0
    next: Change | None = None

    def and_these(self, changes: Sequence[Change]) -> "LostChanges":
        """Return the lost changes with more of them added."""
        return LostChanges(self.number + len(changes), changes[-1]) if changes else self


NOTHING_LOST = LostChanges()


class UndoStack:
    """The last changes, each with the lane histories that undoing or redoing it leads to.

    Attributes:
        lost: what can no longer be undone; lost_again: what can no longer be redone.
    """

    def __init__(self) -> None:
        self._done: list[tuple[Change, LaneHistories]] = []
        self._undone: list[tuple[Change, LaneHistories]] = []
        self.lost = self.lost_again = NOTHING_LOST

    @property
    def changes(self) -> list[Change]:
        """The changes that can be undone, the next one last."""
        return [change for change, _ in self._done]

    @property
    def next_again(self) -> Change | None:
        """The change that would be redone next; None if there is none."""
        return self._undone[-1][0] if self._undone else None

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    @property
    def histories(self) -> list[LaneHistories]:
        """All histories, in the order in which they are dropped: the oldest undo first, then the last redo."""
        return [histories for _, histories in (*self._done, *self._undone)]

    def add(self, change: Change, before: LaneHistories) -> None:
        """Add a change with the histories before it; changes that could be redone are dropped."""
        self._undone, self.lost_again = [], NOTHING_LOST
        self._done.append((change, before))
        self._forget(max(0, len(self._done) - MOST_UNDO))
        self._fit()

    def undo(self, now: LaneHistories) -> tuple[Change, LaneHistories]:
        """Return the last change and the histories before it; ``now``: the present histories, for redo."""
        return self._swap(self._done, self._undone, now)

    def redo(self, now: LaneHistories) -> tuple[Change, LaneHistories]:
        """Return the change undone last and the histories after it; ``now``: the present histories, for undo."""
        return self._swap(self._undone, self._done, now)

    def drop(self) -> None:
        """Drop all changes."""
        self._forget(len(self.histories))

    def _swap(
        self, source: list[tuple[Change, LaneHistories]], target: list[tuple[Change, LaneHistories]], now: LaneHistories
    ) -> tuple[Change, LaneHistories]:
        change, histories = source.pop()
        target.append((change, now))
        self._fit()
        return change, histories

    def _fit(self) -> None:
        self._forget(memory_budget.fit(self.histories, memory_budget.UNDO))

    def _forget(self, count: int) -> None:
        """Drop the first ``count`` histories."""
        done = min(count, len(self._done))
        undone = count - done
        self.lost = self.lost.and_these([change for change, _ in self._done[:done]])
        self.lost_again = self.lost_again.and_these([change for change, _ in self._undone[:undone]])
        self._done, self._undone = self._done[done:], self._undone[undone:]
