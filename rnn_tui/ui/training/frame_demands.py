"""What frames must have: what is seen of them, and what somebody waits for."""

from collections.abc import Callable

from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.training.training_channel import TrainingChannel


class FrameDemands:
    """Belongs to the screen's thread.

    Args:
        seen: returns what the visible parts of the screen need.
    """

    def __init__(self, channel: TrainingChannel, shown: ViewAccess, seen: Callable[[], Demand]) -> None:
        self._channel, self._shown, self._seen = channel, shown, seen
        self._awaited: tuple[Demand, Callable[[], object]] | None = None

    def update(self) -> None:
        """Have frames made with what is seen or waited for, and with nothing else."""
        awaited = self._awaited[0] if self._awaited is not None else Demand.NOTHING
        self._channel.demand(self._seen() | awaited)

    def follow(self) -> None:
        """Another view is shown: do what has waited for it."""
        if self._awaited is not None and self._awaited[0] in self._shown.seen.frame.demands:
            (_, then), self._awaited = self._awaited, None
            then()
        self.update()

    def when_frame_has(self, demands: Demand, then: Callable[[], object]) -> None:
        """Call ``then`` as soon as a frame has so much: now, or when there is one."""
        if demands in self._shown.seen.frame.demands:
            then()
        else:
            self._awaited = demands, then
            self.update()
