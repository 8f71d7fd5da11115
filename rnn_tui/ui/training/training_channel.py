"""The screen's end of the training thread: commands go in, snapshots and news come out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rnn_tui.session.frame import Demand
from rnn_tui.ui.input.action_done import refuse, take_over
from rnn_tui.ui.training.command_queue import Command, CommandQueue
from rnn_tui.ui.training.frame_publisher import Collected, FramePublisher
from rnn_tui.ui.training.thread_owner import ThreadOwner


class TrainingChannel:
    """Channel to the training thread; belongs to the screen's thread, but every thread may call ``stop``.

    The screen reaches training only through it, so it can neither read nor change the session.

    Attributes:
        on_refused: called if a command is refused because too many are waiting.
    """

    def __init__(self, queue: CommandQueue, publisher: FramePublisher) -> None:
        self._queue, self._publisher = queue, publisher
        self._owner = ThreadOwner()
        self.on_refused: Callable[[], object] = lambda: None

    def claim(self) -> None:
        """Make the current thread the owner."""
        self._owner.claim()

    def send(self, command: Command) -> bool:
        """Send a command, and report the running action when it is done; return False if too many are waiting."""
        assert self._owner.here
        sent = self._queue.put(_named(command))
        if not sent:
            refuse()
            self.on_refused()
        return sent

    def seek(self, step: int) -> None:
        """Go to a step; a later call replaces this one if the step is not reached yet."""
        assert self._owner.here
        self._queue.put_latest(_named(Command(_go, (step,), travels=True)))

    def call_off(self) -> bool:
        """Stop on the way to a step; return whether training was on such a way."""
        assert self._owner.here
        found = self._queue.call_off()
        if found:
            self._queue.put(_named(Command(_stay)))  # done when training has stopped and the screen shows the step
        return found

    @property
    def busy(self) -> bool:
        """Return whether something remains to be done, other than going to a step."""
        assert self._owner.here
        return self._queue.busy

    def pause_after_key(self) -> None:
        """Pause training for a moment after a key, so that the screen gets the interpreter."""
        assert self._owner.here
        self._queue.pause_after_key()

    def demand(self, demands: Demand) -> None:
        """Set the demands on frames; if the newest frame does not meet them, another follows soon."""
        assert self._owner.here
        if self._publisher.demand(demands):
            self._queue.wake()

    def collect(self) -> Collected:
        """Return the newest snapshot, and the news and the finished actions since the last time."""
        assert self._owner.here
        return self._publisher.collect()

    def drawn(self) -> None:
        """Report that the frame collected last is visible."""
        assert self._owner.here
        self._publisher.drawn()

    def stop(self) -> None:
        """End training after the running command; waiting commands are dropped."""
        self._queue.close()


def _named(command: Command) -> Command:
    """Return the command with the name of the running action, unless it has a name."""
    return command if command.action else replace(command, action=take_over())


def _go(thread: Any, step: int) -> None:
    thread.go(step)


def _stay(_: Any) -> None:
    """Do nothing."""
