"""The screen's end of the training thread: commands go in, snapshots and sentences come out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rnn_tui.session.frame import Demand
from rnn_tui.ui.input.action_done import refuse, take_over
from rnn_tui.ui.training.command_queue import Command, CommandQueue
from rnn_tui.ui.training.frame_publisher import Collected, FramePublisher
from rnn_tui.ui.training.thread_owner import ThreadOwner


class TrainingChannel:
    """Belongs to the screen's thread, which claims it; ``stop`` may be called by every thread.

    All that the screen can reach of training is here, so it can neither read nor change the session.

    Attributes:
        on_refused: called when a command is refused, because too many are waiting.
    """

    def __init__(self, queue: CommandQueue, publisher: FramePublisher) -> None:
        self._queue, self._publisher = queue, publisher
        self._owner = ThreadOwner()
        self.on_refused: Callable[[], object] = lambda: None

    def claim(self) -> None:
        """The present thread is the screen's."""
        self._owner.claim()

    def send(self, command: Command) -> bool:
        """Have a command done soon, and report the action that runs when it is; False where too many are waiting."""
        assert self._owner.here
        sent = self._queue.put(_named(command))
        if not sent:
            refuse()
            self.on_refused()
        return sent

    def seek(self, step: int) -> None:
        """Go to a step soon; if another is asked for before it is reached, that one counts."""
        assert self._owner.here
        self._queue.put_latest(_named(Command(_go, (step,), travels=True)))

    def call_off(self) -> bool:
        """Stop at the step reached on the way to another; whether there is any such way."""
        assert self._owner.here
        found = self._queue.call_off()
        if found:
            self._queue.put(_named(Command(_stay)))  # done when the way has ended, and the screen shows where
        return found

    @property
    def busy(self) -> bool:
        """Whether something is still to be done, beyond going to a step."""
        assert self._owner.here
        return self._queue.busy

    def stand_back(self) -> None:
        """A key was pressed: training leaves the interpreter to the screen for a moment."""
        assert self._owner.here
        self._queue.stand_back()

    def demand(self, demands: Demand) -> None:
        """Have frames made with these, and nothing else; if the newest lacks some of it, there is another soon."""
        assert self._owner.here
        if self._publisher.demand(demands):
            self._queue.wake()

    def collect(self) -> Collected:
        """Return the newest snapshot, and the news and the finished actions since the last time."""
        assert self._owner.here
        return self._publisher.collect()

    def drawn(self) -> None:
        """The frame that was collected last is on the screen."""
        assert self._owner.here
        self._publisher.drawn()

    def stop(self) -> None:
        """End training after the command under way; what waits behind it is dropped."""
        self._queue.close()


def _named(command: Command) -> Command:
    """The command in the name of the action that runs, unless it has one of its own."""
    return command if command.action else replace(command, action=take_over())


def _go(thread: Any, step: int) -> None:
    thread.go(step)


def _stay(_: Any) -> None:
    """Do nothing."""
