"""One number for every step, compactly: 8 bytes each.  Only timeline.py makes them."""

import numpy as np

from rnn_tui.engine.parameters import Array


class Log:
    """Numbers that come one by one at the end; ``view`` shows all so far, read-only and without a copy."""

    def __init__(self, values: Array | None = None) -> None:
        self._room = np.empty(1024) if values is None else np.array(values, float)
        self._count = 0 if values is None else len(values)

    def __len__(self) -> int:
        return self._count

    @property
    def view(self) -> Array:
        """(steps,)"""
        view = self._room[: self._count]
        view.flags.writeable = False
        return view

    def append(self, value: float) -> None:
        if self._count == len(self._room):
            self._room = np.concatenate([self._room, np.empty(max(1024, self._count))])
        self._room[self._count] = value
        self._count += 1

    def cut(self, count: int) -> "Log":
        """The first ``count`` numbers; what comes to be appended there does not show in views of this one."""
        return Log(self._room[: min(count, self._count)])
