"""The running action, and the message that an action has taken effect."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from textual.binding import Binding
from textual.dom import DOMNode
from textual.message import Message

from rnn_tui.ui.input.bindings import named


class ActionDone(Message):
    """An action has taken effect, and the screen shows it.  Posted to the lab once for each action.

    A command is done when the training thread has carried it out and the frame with its effect is on the screen; an
    action that only moves the view is done with the next refresh.  An action that opens a dialog is done when the
    effect of the answer is done; it is not done if the dialog is cancelled.  Nothing is posted for an action that is
    refused, fails, is stopped on its way, or leaves the lab.

    Attributes:
        name: id of the binding, for example ``run.step``.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


@dataclass
class RunningAction:
    """An action between its key and the end of its handler.

    Attributes:
        open: whether it will be done with the next refresh; otherwise it was taken over or refused.
    """

    name: str
    open: bool = True


_running: ContextVar[RunningAction | None] = ContextVar("running action", default=None)


def take_over() -> str:
    """Return the name of the running action, to report it later; empty if none runs or it was taken over before."""
    action = _running.get()
    if action is None or not action.open:
        return ""
    action.open = False
    return action.name


def refuse() -> None:
    """Mark the running action as without effect, so that it is never reported."""
    take_over()


def name_of(node: DOMNode, action: str) -> str:
    """Return the id of a widget's binding for an action: ``run.step`` for ``step(1)`` of the lab.

    Empty if the widget has no such binding of ours.
    """
    for kind in type(node).__mro__:
        for binding in vars(kind).get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.action == action and binding.id in named():
                return str(binding.id)
    if action.startswith("screen."):  # an action of a click
        return name_of(node.screen, action.removeprefix("screen."))
    if action.startswith("focused.") and node.screen.focused:
        return name_of(node.screen.focused, action.removeprefix("focused."))
    return ""


class ActionReports:
    """Reports actions; belongs to the screen's thread.

    Args:
        post: posts an ActionDone for a name after the next refresh.
    """

    def __init__(self, post: Callable[[str], object]) -> None:
        self._post = post

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """Run an action's handler, or the rest of it after a dialog; report it unless it was taken over or failed."""
        action = RunningAction(name, open=bool(name))
        token = _running.set(action)
        try:
            yield
            if action.open:
                self._post(name)
        finally:
            action.open = False
            _running.reset(token)
