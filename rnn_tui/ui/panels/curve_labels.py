"""What stands at the ends of the curves in the loss chart, so that color is not all that tells them apart."""

from collections.abc import Sequence
from typing import NamedTuple

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.ui.render.braille_plot import MARKS

SHARE = 4  # names have at most this part of the columns


class CurveLabels(NamedTuple):
    """``lanes``: a text for each; ``pins``: for each lane of each pin; ``signs``: what the legend puts before a lane's
    name.
    """

    lanes: Sequence[str]
    pins: Sequence[Sequence[str]]
    signs: Sequence[str]

    @classmethod
    def of(
        cls, names: Sequence[str], pins: Sequence[tuple[str, PinnedRun]], columns: int, marked: bool
    ) -> "CurveLabels":
        """``pins`` with their numbers.  Names where there is room for them, else the lanes' marks; a single curve needs
        neither.  ``marked``: the lanes bear their marks all along.
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
        return max((len(text) for texts in (self.lanes, *self.pins) for text in texts), default=0)


def _numbered(number: str, names: Sequence[str], between: str) -> list[str]:
    """The number alone where there is one lane."""
    return [f"{number}{between}{name}" for name in names] if len(names) > 1 else [number]
