"""Demands on frames: by visible parts of the screen, and by actions that wait for a frame."""

from collections.abc import Callable

from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.training.training_channel import TrainingChannel


class FrameDemands:
    """Sets the demands on frames; belongs to the screen's thread.

    Args:
        seen: returns the demands of the visible parts of the screen.
    """

    def __init__(self, channel: TrainingChannel, shown: ViewAccess, seen: Callable[[], Demand]) -> None:
        self._channel, self._shown, self._seen = channel, shown, seen
        self._awaited: tuple[Demand, Callable[[], object]] | None = None

    def update(self) -> None:
        """Demand what is visible or waited for."""
        awaited = self._awaited[0] if self._awaited is not None else Demand.NOTHING
        self._channel.demand(self._seen() | awaited)

    def follow(self) -> None:
        """Call the function that waits for the shown frame, if the frame meets its demands."""
        if self._awaited is not None and self._awaited[0] in self._shown.seen.frame.demands:
            (_, then), self._awaited = self._awaited, None
            then()
        self.update()

    def when_frame_has(self, demands: Demand, then: Callable[[], object]) -> None:
        """Call ``then`` when a frame meets the demands: now, or later."""
        if demands in self._shown.seen.frame.demands:
            then()
        else:
            self._awaited = demands, then
            self.update()
