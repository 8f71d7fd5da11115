"""Names at the ends of the curves in the loss chart, because color alone may not tell them apart."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.ui.render.braille_plot import MARKS

SHARE = 4  # names take at most 1/SHARE of the columns


class CurveLabels(NamedTuple):
    """Texts at the ends of curves.

    Attributes:
        lanes: a text for each lane.
        pins: for each pinned run, a text for each lane.
        signs: for each lane, the sign before its name in the legend.
    """

    lanes: Sequence[str]
    pins: Sequence[Sequence[str]]
    signs: Sequence[str]

    @classmethod
    def of(
        cls, names: Sequence[str], pins: Sequence[tuple[str, PinnedRun]], columns: int, marked: bool
    ) -> "CurveLabels":
        """Return names if there is room for them, otherwise the marks of the lanes; a single curve needs neither.

        Args:
            pins: pinned runs with their numbers.
            marked: whether the curves already have marks along them.
        """
        alone = len(names) == 1 and not pins
        named = cls(
            ["" for _ in names] if alone else names,
            [_numbered(number, pin.preset.names, " ") for number, pin in pins],
            "━" * len(MARKS),
        )
        if not marked and 1 + named.longest <= columns // SHARE:
            return named
        own = ["" for _ in names] if marked or alone else MARKS
        return cls(own, [_numbered(number, MARKS[: len(pin.losses)], "") for number, pin in pins], MARKS)

    @property
    def longest(self) -> int:
        return max((cell_len(text) for texts in (self.lanes, *self.pins) for text in texts), default=0)


def _numbered(number: str, names: Sequence[str], between: str) -> list[str]:
    """Return numbered names; the number alone for a single lane."""
    return [f"{number}{between}{name}" for name in names] if len(names) > 1 else [number]
