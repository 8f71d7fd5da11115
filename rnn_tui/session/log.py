"""One number for every step, compactly: 8 bytes each.  Only timeline.py makes them."""

import numpy as np

from rnn_tui.engine.parameters import Array


class Log:
    """Numbers that come one by one at the end; ``view`` shows all so far, read-only and without a copy."""

    def __init__(self, values: Array | None = None) -> None:
        self._room = np.empty(1024) if values is None else np.array(values, float)
        self._count = 0 if values is None else len(values)
        self._shared = False  # the room, with another log; whoever appends first makes one of its own

    def __len__(self) -> int:
        return self._count

    @property
    def view(self) -> Array:
        """(steps,)"""
        view = self._room[: self._count]
        view.flags.writeable = False
        return view

    def append(self, value: float) -> None:
        if self._shared or self._count == len(self._room):
            room = np.empty(max(1024, 2 * self._count))
            room[: self._count] = self._room[: self._count]
            self._room, self._shared = room, False
        self._room[self._count] = value
        self._count += 1

    def cut(self, count: int) -> "Log":
        """The first ``count`` numbers, without a copy; what is appended to either does not show in the other."""
        twin = Log(np.zeros(0))
        twin._room, twin._count = self._room, min(count, self._count)
        twin._shared = self._shared = True
        return twin
