"""An app that keys, bytes, sizes and exceptions cannot end; app.py has everything particular to the lab."""

from time import monotonic

from textual.driver import Driver
from textual.events import Event, InputEvent, Key, MouseEvent, Paste, Resize
from textual.geometry import Size
from textual.screen import Screen

from rnn_tui.ui.input import reading_safely
from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.input.delivery import Delivery
from rnn_tui.ui.input.event_queue import EventQueue
from rnn_tui.ui.input.textual_internals import FaultTolerantApp, fail_test_with, is_exiting, survive_in_queues

LARGEST = Size(500, 200)  # a screen of 5000 x 5000 cells takes 3 GB
MOST_FAULTS, WITHIN = 5, 60.0  # seconds; a lab that fails all the time is useless


def within_limits(size: Size) -> Size:
    return Size(*(max(1, min(length, most)) for length, most in zip(size, LARGEST, strict=True)))


class GuardedApp(FaultTolerantApp):
    """An app that survives exceptions.  ``bugs``: the exceptions that were caught."""

    terminal_events: EventQueue

    def __init__(self) -> None:
        super().__init__()
        self.delivery = Delivery(self)
        self.bugs = BugReports()
        self._failed: list[float] = []  # when
        self._can_survive = self._exit_wanted = False

    def get_driver_class(self) -> type[Driver]:
        return reading_safely(super().get_driver_class())

    @property
    def size(self) -> Size:
        return within_limits(super().size)

    def on_load(self) -> None:
        """Create the queue of events; the driver does not exist yet."""
        self.terminal_events = EventQueue(
            self.delivery.give, lambda text: self.notify(text, severity="warning", markup=False)
        )
        survive_in_queues()

    def on_ready(self) -> None:
        self._can_survive = True
        self.terminal_events.open()
        if self._exit_wanted:
            self.exit()

    async def on_event(self, event: Event) -> None:
        """Queue keys and pastes, limit sizes to those that can be drawn, and handle everything else."""
        if isinstance(event, Key | Paste) and not event.is_forwarded and event is not self.delivery.given:
            self.terminal_events.offer(event)
            return
        if isinstance(event, InputEvent) and (
            is_exiting(self) or not self.is_running
        ):  # the screens are gone or being removed
            return
        if isinstance(event, MouseEvent) and self._on_removed(event):
            return
        if isinstance(event, Resize):
            size = within_limits(event.size)
            event = Resize(size, size, pixel_size=event.pixel_size)
        await super().on_event(event)

    def _on_removed(self, event: MouseEvent) -> bool:
        """Return whether the pointer is on a widget that is removed but still drawn: Textual would use its parent."""
        widget, _ = self.screen.get_widget_and_offset_at(event.x, event.y)
        return widget is not None and widget.parent is None and not isinstance(widget, Screen)

    def exit_in_order(self) -> None:
        """Exit after the first frame; before it, there are no panels to remove."""
        self._exit_wanted = True
        if self._can_survive:
            self.exit()

    # Unexpected exceptions.

    def survives(self, error: Exception) -> bool:
        """Report an exception and continue, so that an error in the program does not cost the run.

        Return False before the first frame, and if exceptions come too often.
        """
        now = monotonic()
        self._failed = [at for at in self._failed if now - at < WITHIN]
        if not self._can_survive or len(self._failed) >= MOST_FAULTS:
            return False
        self._failed.append(now)
        fail_test_with(self, error)
        self.notify(self.bugs.sentence(error), severity="error", timeout=15, markup=False)
        return True
