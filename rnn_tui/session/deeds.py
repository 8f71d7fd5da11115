"""What can be taken back, and made again.  Only session.py keeps such a list."""

from typing import NamedTuple

from rnn_tui.presets import Preset
from rnn_tui.session.bench import Bench

MOST_UNDO = 8


class Deed(NamedTuple):
    """A change of settings; or something else, which is ``said`` in words."""

    before: Preset
    after: Preset
    said: str = ""


class Deeds:
    """The last of them, each with the bench that taking it back, or making it again, leads to."""

    def __init__(self) -> None:
        self._done: list[tuple[Deed, Bench]] = []
        self._undone: list[tuple[Deed, Bench]] = []

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def add(self, deed: Deed, before: Bench) -> None:
        """What is about to be done; what was taken back is forgotten."""
        self._undone.clear()
        self._done = [*self._done[1 - MOST_UNDO :], (deed, before.copy())]

    def undo(self, now: Bench) -> tuple[Deed, Bench]:
        """What was done last, and the bench before it."""
        return _swap(self._done, self._undone, now)

    def redo(self, now: Bench) -> tuple[Deed, Bench]:
        """What was taken back last, and the bench after it."""
        return _swap(self._undone, self._done, now)


def _swap(source: list[tuple[Deed, Bench]], target: list[tuple[Deed, Bench]], now: Bench) -> tuple[Deed, Bench]:
    deed, bench = source.pop()
    target.append((deed, now))
    return deed, bench
