"""Actions that move through training and keep curves for comparison."""

from rnn_tui.session.frame import Frame
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.training import history_commands
from rnn_tui.ui.training.training_channel import TrainingChannel
from rnn_tui.ui.widgets.step_axis import nice

JUMPS = 20  # of [ and ] through all steps


class HistoryActions:
    """Actions of the training history; belongs to the screen's thread."""

    def __init__(self, channel: TrainingChannel, shown: ViewAccess) -> None:
        self._channel, self._shown = channel, shown
        self._jumped: tuple[Frame, int] | None = None  # the frame that a jump was made from, and where it goes

    def toggle_play(self) -> None:
        """Start or stop training; on the way to a step, stop there."""
        if self._shown.seen.goal is None or not self._channel.call_off():
            self._channel.send(history_commands.toggle_play())

    def step(self, by: int) -> None:
        """Make or undo ``by`` updates; while playing, stop and continue by hand."""
        self._channel.send(history_commands.step_by(by))

    def rewind(self) -> None:
        self._channel.send(history_commands.go(0))

    def jump(self, way: int) -> None:
        """Go to the next round step in a direction, about a twentieth of all steps away.

        A second jump begins where the first one goes, although the frame does not show that step yet.
        """
        seen = self._shown.seen
        frame, begin = seen.frame, seen.frame.step
        if self._jumped and (self._jumped[0] is frame or self._jumped[1] == seen.goal):
            begin = self._jumped[1]
        stride = max(1, round(nice(0, max(1, frame.last_step), JUMPS)[1]))
        at = begin // stride + 1 if way > 0 else -(-begin // stride) - 1
        step = max(0, min(frame.last_step, at * stride))
        self._jumped = frame, step
        self._channel.seek(step)

    def change_pace(self, way: int) -> None:
        self._channel.send(history_commands.change_pace(way))

    def pin(self) -> None:
        self._channel.send(history_commands.pin())

    def unpin(self) -> None:
        self._channel.send(history_commands.unpin())
