"""Base class of dialogs: they are dismissed only once."""

from typing import Any

from textual.await_complete import AwaitComplete

from rnn_tui.ui.input.action_done import take_over


class DismissOnce:
    """A screen that is dismissed once, and only while it is on top: a second time would close the screen below."""

    left = False
    is_active: bool

    def dismiss(self, result: Any = None) -> AwaitComplete:
        take_over()  # the action that opened it is reported, not the one that closes it
        if self.left or not self.is_active:
            return AwaitComplete()
        self.left = True
        done: AwaitComplete = super().dismiss(result)  # type: ignore[misc]
        return done
